import { expect, test } from "vitest";
import { pcapFile } from "./pcap.ts";

test("an empty capture is the 24 bytes of the file's header", () => {
  expect([...pcapFile([], 1518)]).toEqual(
    // magic for microseconds, version 2.4, two reserved words, snap length, LINKTYPE_ETHERNET
    [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xee, 0x05, 0, 0, 1, 0, 0, 0],
  );
});

test("a packet has its time in seconds and microseconds, the bytes kept and the bytes it had", () => {
  const frames = [
    { at: 1_700_000_000_123.456, frame: Uint8Array.of(0xaa, 0xbb, 0xcc), length: 300 },
    { at: 1_700_000_001_999.9998, frame: Uint8Array.of(0xdd), length: 1 },
  ];
  expect([...pcapFile(frames, 3).subarray(24)]).toEqual([
    ...[0x00, 0xf1, 0x53, 0x65, 0x40, 0xe2, 0x01, 0x00, 3, 0, 0, 0, 0x2c, 1, 0, 0, 0xaa, 0xbb, 0xcc],
    // Rounded up into the next second, and not to a million microseconds.
    ...[0x02, 0xf1, 0x53, 0x65, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd],
  ]);
});
