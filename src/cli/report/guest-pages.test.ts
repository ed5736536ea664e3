import { expect, test } from "vitest";
import { eachPage, parseMaps } from "./guest-pages.ts";

const MAPS = `= 2 kthreadd
= 29 bash
00480000-00482000 r-xp 00006000 00:0c 62         /usr/bin/bash
0058b000-0058c000 rw-p 00000000 00:00 0          [heap]
= 30 two words
b7f00000-b7f01000 rw-p 00000000 00:00 0
`;

test("mappings carry their process, range and file", () => {
  expect(parseMaps(MAPS)).toEqual([
    { pid: "29", process: "bash", from: 0x480000, to: 0x482000, path: "/usr/bin/bash" },
    { pid: "29", process: "bash", from: 0x58b000, to: 0x58c000, path: "[heap]" },
    { pid: "30", process: "two words", from: 0xb7f00000, to: 0xb7f01000, path: "" },
  ]);
});

test("pages that are there are found by their frames, high addresses included; others are passed over", () => {
  const blocks = [`29 ${0x480000 >>> 21}`, `30 ${0xb7f00000 >>> 21}`];
  const pagemap = new DataView(new ArrayBuffer(2 * 4096));
  const put = (block: number, address: number, word: bigint): void =>
    pagemap.setBigUint64(block * 4096 + ((address >>> 12) & 511) * 8, word, true);
  put(0, 0x480000, (1n << 63n) | (1n << 61n) | 77n);
  put(0, 0x481000, 78n);
  put(1, 0xb7f00000, (1n << 63n) | 79n);
  const found: (readonly [number, string])[] = [];
  eachPage(parseMaps(MAPS), blocks, new Uint8Array(pagemap.buffer), (page, { process }) =>
    found.push([page, process]),
  );
  expect(found).toEqual([
    [77, "bash"],
    [79, "two words"],
  ]);
});
