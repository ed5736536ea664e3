import { expect, test } from "vitest";
import { Capture, type CapturedPacket } from "./capture.ts";

const frame = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const numbers = (capture: Capture): number[] => capture.frames().map((one) => one.number);

test("keeps the latest frames, by number and by bytes, and counts all", () => {
  const byNumber = new Capture({ frames: 3 });
  for (let i = 0; i < 5; i++) byNumber.add({ at: i, segment: 1, port: "a", frame: frame(60, i) });
  expect(numbers(byNumber)).toEqual([3, 4, 5]);
  expect(byNumber.seen).toBe(5);

  const byBytes = new Capture({ bytes: 250 });
  for (let i = 0; i < 5000; i++) byBytes.add({ at: i, segment: 1, port: "a", frame: frame(100, i) });
  expect(numbers(byBytes)).toEqual([4999, 5000]);
});

test("keeps a copy of the beginning of a frame, and its whole length", () => {
  const capture = new Capture({ snapLength: 20 });
  const sent = frame(100, 7);
  capture.add({ at: 0, segment: 1, port: "a", frame: sent });
  sent.fill(9);
  const [kept] = capture.frames();
  expect(kept).toMatchObject({ length: 100, frame: frame(20, 7) });
  expect(kept?.frame.buffer.byteLength).toBe(20);
});

test("tells of each frame as plain data, and of none after it was disposed", () => {
  const capture = new Capture();
  const packets: CapturedPacket[] = [];
  capture.onPacket((packet) => packets.push(packet));
  capture.add({ at: 5, segment: 2, port: "machine-1", frame: frame(60, 2) });
  expect(packets).toEqual([
    {
      number: 1,
      at: 5,
      segment: 2,
      port: "machine-1",
      length: 60,
      from: "02:02:02:02:02:02",
      to: "02:02:02:02:02:02",
      protocol: "802.3",
      info: "46 bytes",
    },
  ]);
  expect(structuredClone(packets)).toEqual(capture.packets());
  capture.dispose();
  capture.add({ at: 6, segment: 2, port: "machine-1", frame: frame(60, 2) });
  expect(packets).toHaveLength(1);
});

test("a file of one segment has that segment's frames only", () => {
  const capture = new Capture();
  capture.add({ at: 0, segment: 1, port: "a", frame: frame(60, 1) });
  capture.add({ at: 0, segment: 2, port: "b", frame: frame(70, 2) });
  expect(capture.pcap().length).toBe(24 + 16 + 60 + 16 + 70);
  expect(capture.pcap(2).length).toBe(24 + 16 + 70);
  expect(capture.pcap(3).length).toBe(24);
  capture.clear();
  expect(capture.frames()).toEqual([]);
});
