import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { concatBytes } from "../base/index.ts";
import {
  encodeFrame,
  encodeOpen,
  encodeSetup,
  type Frame,
  FrameReader,
  HEADER_SIZE,
  MAX_PAYLOAD,
  parseGuestFrame,
  ToGuest,
  ToHost,
} from "./agent.ts";

const frames = (count: number, random: () => number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) =>
    encodeFrame(
      ToHost.data,
      i + 1,
      Uint8Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256)),
    ),
  );

/** Pushes bytes in random portions. */
function read(reader: FrameReader, bytes: Uint8Array, random: () => number): Frame[] {
  const seen: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * 200);
    seen.push(...reader.push(bytes.subarray(at, at + length)));
    at += length;
  }
  return seen;
}

test("the checksum is CRC-32 as IEEE 802.3 has it", () => {
  // Type '1'…: the check value of CRC-32 is 0xcbf43926 for "123456789"; here bytes 2–7 and the payload are those nine.
  const frame = encodeFrame(0x31, 0x3433, Uint8Array.of(0x37, 0x38, 0x39));
  expect(frame.length).toBe(HEADER_SIZE + 3);
  const covered = concatBytes([frame.subarray(2, 8), frame.subarray(HEADER_SIZE)]);
  let crc = 0xffffffff;
  for (const byte of covered) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  expect(new DataView(frame.buffer).getUint32(8, true)).toBe((crc ^ 0xffffffff) >>> 0);
});

test("frames come out whole, whatever the portions", () => {
  const random = seeded(1);
  const sent = frames(200, random);
  const seen = read(new FrameReader(), concatBytes(sent), random);
  expect(seen.map((frame) => encodeFrame(frame.type, frame.channel, frame.payload))).toEqual(sent);
});

test("a reader finds its way back after garbage, flipped bits and cut frames", () => {
  for (let seed = 2; seed < 40; seed++) {
    const random = seeded(seed);
    const reader = new FrameReader();
    const garbage = Uint8Array.from({ length: 500 }, () => Math.floor(random() * 256));
    const broken = encodeFrame(ToHost.data, 9, new Uint8Array(50));
    const flipped = HEADER_SIZE + Math.floor(random() * 50);
    broken[flipped] = (broken[flipped] ?? 0) ^ (1 << Math.floor(random() * 8));
    const cut = encodeFrame(ToHost.data, 10, new Uint8Array(80)).subarray(0, 40);
    const good = frames(5, random);
    // A header that was made up may claim more bytes than there are: what follows a whole frame's length is safe.
    const after = encodeFrame(ToHost.data, 99, new Uint8Array(MAX_PAYLOAD));
    const seen = read(reader, concatBytes([garbage, ...good, broken, cut, after, after]), random);
    const channels = seen.map((frame) => frame.channel);
    expect(channels.filter((channel) => channel === 99).length).toBeGreaterThanOrEqual(1);
    expect(channels).not.toContain(9);
    expect(channels).not.toContain(10);
    expect(reader.skippedBytes).toBeGreaterThan(0);
  }
});

test("refuses what does not fit", () => {
  expect(() => encodeFrame(ToGuest.data, 1, new Uint8Array(MAX_PAYLOAD + 1))).toThrow(/holds 4084 bytes/);
  const spec = {
    kind: "pipes",
    cols: 0,
    rows: 0,
    timeoutMs: 0,
    credit: 1,
    user: "root",
    cwd: "",
    env: [],
  } as const;
  expect(() => encodeOpen(1, { ...spec, argv: ["a\0b"] })).toThrow(/NUL/);
  expect(() => encodeOpen(1, { ...spec, argv: ["x".repeat(40_000), "y".repeat(40_000)] })).toThrow(
    /standard input/,
  );
});

test("a long open is sent in parts that the last one ends", () => {
  const spec = {
    kind: "pty",
    cols: 80,
    rows: 24,
    timeoutMs: 0,
    credit: 1,
    user: "root",
    cwd: "",
    env: [],
  } as const;
  const parts = new FrameReader().push(concatBytes(encodeOpen(5, { ...spec, argv: ["x".repeat(10_000)] })));
  expect(parts.map((frame) => frame.type)).toEqual([ToGuest.openPart, ToGuest.openPart, ToGuest.open]);
  expect(parts.every((frame) => frame.channel === 5)).toBe(true);
});

test("what the guest sends is parsed or refused, never trusted", () => {
  const parse = (type: number, ...payload: number[]) =>
    parseGuestFrame({ type, channel: 3, payload: Uint8Array.from(payload) });
  expect(parse(ToHost.exit, 0, 7)).toEqual({ kind: "exit", channel: 3, status: { how: "exited", code: 7 } });
  expect(parse(ToHost.exit, 1, 9)).toMatchObject({ status: { how: "signalled", signal: 9 } });
  expect(parse(ToHost.exit, 2, 9)).toMatchObject({ status: { how: "timed-out" } });
  expect(parse(ToHost.exit, 3, 9)).toBeUndefined();
  for (const type of [
    ToHost.exit,
    ToHost.hello,
    ToHost.opened,
    ToHost.credit,
    ToHost.refused,
    ToHost.replyEnd,
    0x7f,
  ]) {
    expect(parse(type, 1)).toBeUndefined();
  }
});

test("the wall clock is sent as seconds and microseconds", () => {
  const payload = encodeSetup({ wallClockMs: 1_700_000_000_123.4, hostName: "m", entropy: Uint8Array.of(7) });
  const view = new DataView(payload.buffer);
  expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([1_700_000_000, 123_400]);
  expect([...payload.subarray(8)]).toEqual([1, 0, "m".charCodeAt(0), 1, 0, 7]);
});
