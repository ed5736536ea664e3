import { expect, test } from "vitest";
import { kernelRanges, kindOf } from "./page-kinds.ts";

const section = (name: string, address: number, size: number) => ({
  name,
  address,
  size,
  bytes: new Uint8Array(),
});
const KERNEL = kernelRanges([
  section(".text", 0xc1000000, 0x1800),
  section(".rodata", 0xc1002000, 0x1000),
  section("__ex_table", 0xc1003000, 0x10),
  section(".data", 0xc1004000, 0x1000),
  section(".init.text", 0xc1005000, 0x1000),
  section(".bss", 0xc1006000, 0x1000),
]);
const bits = (...numbers: readonly number[]): bigint =>
  numbers.reduce((all, number) => all | (1n << BigInt(number)), 0n);
const [LRU, SLAB, BUDDY, MAPPED, ANONYMOUS, SWAP_BACKED, NO_PAGE, PAGE_TABLE, RESERVED] = [
  5, 7, 10, 11, 12, 14, 20, 26, 32,
] as const;

test.each([
  ["kernel text", 0x1000],
  ["kernel text", 0x1001],
  ["kernel rodata", 0x1002],
  ["kernel rodata", 0x1003],
  ["kernel data", 0x1004],
  ["kernel bss", 0x1006],
  ["allocated at boot (memory map, hash tables)", 0x1005],
  ["allocated at boot (memory map, hash tables)", 0x2000],
  ["firmware and boot loader", 0xff],
])("a reserved page is %s at %d", (kind, page) => {
  expect(kindOf(page, bits(RESERVED), KERNEL)).toBe(kind);
});

test.each([
  ["slab", [SLAB]],
  ["free, not zero", [BUDDY]],
  ["page tables", [PAGE_TABLE]],
  ["page cache", [LRU]],
  ["page cache", [LRU, MAPPED]],
  ["tmpfs, overlay upper", [LRU, SWAP_BACKED]],
  ["anonymous", [LRU, MAPPED, ANONYMOUS, SWAP_BACKED]],
  ["firmware and boot loader", [NO_PAGE]],
  ["other of the kernel (stacks, vmalloc, per-CPU)", []],
])("%s", (kind, numbers) => {
  // Also inside of the kernel's image: what is not reserved was given back after boot.
  for (const page of [0x1005, 0x5000]) expect(kindOf(page, bits(...numbers), KERNEL)).toBe(kind);
});

test("above the memory that the kernel knows lies what the firmware keeps", () => {
  expect(kindOf(0x7f00, undefined, KERNEL)).toBe("firmware and boot loader");
});
