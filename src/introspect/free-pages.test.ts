import { expect, test } from "vitest";
import { freePages } from "./free-pages.ts";
import type { KernelLayout } from "./kernel-layout.ts";

const PAGE = 4096;
const BASE = 0xc0000000;
const SIZE = 40;
const LAYOUT: KernelLayout = {
  format: 1,
  version: "",
  buildId: "",
  configSha256: "",
  structs: { page: { size: SIZE, fields: { page_type: [24, 4], private: [20, 4] } } },
  constants: { PAGE_OFFSET: BASE, PAGE_TYPE_BASE: 0xf0000000, PG_buddy: 0x80 },
  symbols: { mem_map: BASE + 16 },
};
const MAP = 64;
const BUDDY = 0xffffff7f;

/** Memory of 64 pages whose map says of some that they begin a free block. */
function memory(
  blocks: Readonly<Record<number, readonly [type: number, order: number]>>,
  map = MAP,
): Uint8Array {
  const ram = new Uint8Array(64 * PAGE);
  const view = new DataView(ram.buffer);
  view.setUint32(16, BASE + map, true);
  for (let page = 0; page < 64; page++) view.setUint32(MAP + page * SIZE + 24, 0xffffffff, true);
  for (const [page, [type, order]] of Object.entries(blocks)) {
    view.setUint32(MAP + Number(page) * SIZE + 24, type, true);
    view.setUint32(MAP + Number(page) * SIZE + 20, order, true);
  }
  return ram;
}

const numbers = (free: Uint8Array): number[] => [...free.keys()].filter((page) => free[page] === 1);

test("a free block is as long as its order says, and what lies inside it is not asked", () => {
  expect(numbers(freePages(memory({ 3: [BUDDY, 0], 8: [BUDDY, 2], 9: [BUDDY, 5] }), LAYOUT))).toEqual([
    3, 8, 9, 10, 11,
  ]);
});

test("pages with mappings, of another type, or with an order that cannot be, are not free", () => {
  const ram = memory({ 1: [0, 0], 2: [5, 1], 3: [0xfffffdff, 0], 4: [BUDDY, 11], 5: [BUDDY, 0xffffffff] });
  expect(numbers(freePages(ram, LAYOUT))).toEqual([]);
});

test("a map that lies outside of memory, and a layout without it, name no page", () => {
  for (const map of [64 * PAGE, 0x3fffffff, -BASE]) {
    expect(numbers(freePages(memory({ 3: [BUDDY, 0] }, map), LAYOUT))).toEqual([]);
  }
  expect(numbers(freePages(memory({ 3: [BUDDY, 0] }), { ...LAYOUT, symbols: {} }))).toEqual([]);
  expect(numbers(freePages(memory({ 3: [BUDDY, 0] }), { ...LAYOUT, structs: {} }))).toEqual([]);
});

test("a block at the end of memory ends with it", () => {
  expect(numbers(freePages(memory({ 62: [BUDDY, 3] }), LAYOUT))).toEqual([62, 63]);
});
