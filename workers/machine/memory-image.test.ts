import { expect, test } from "vitest";
import { fromBitmap, MemoryCopier, PAGE, pagesOf, rewritePages, toBitmap } from "./memory-image.ts";

/** Memory of 16 pages, some filled with a number each. */
function memoryWith(fill: Readonly<Record<number, number>>): Uint8Array {
  const memory = new Uint8Array(16 * PAGE);
  for (const [page, value] of Object.entries(fill)) {
    memory.fill(value, Number(page) * PAGE, (Number(page) + 1) * PAGE);
  }
  return memory;
}

const seen = (copier: MemoryCopier, memory: Uint8Array, free = new Uint8Array(0)): unknown =>
  [...pagesOf(copier.copy(memory, free))].map(([number, bytes]) => [
    number,
    bytes.length,
    bytes[0],
    bytes.at(-1),
  ]);

test("holds the pages that are not all zero, with their numbers", () => {
  const copier = new MemoryCopier();
  const memory = memoryWith({ 0: 1, 8: 2 });
  memory[16 * PAGE - 1] = 3;
  expect(seen(copier, memory)).toEqual([
    [0, PAGE, 1, 1],
    [8, PAGE, 2, 2],
    [15, PAGE, 0, 3],
  ]);
  // More than fitted the first time, then less.
  const more = memoryWith(Object.fromEntries([...Array(16).keys()].map((page) => [page, page + 1])));
  expect(seen(copier, more)).toHaveLength(16);
  expect(seen(copier, memoryWith({ 3: 9 }))).toEqual([[3, PAGE, 9, 9]]);
});

test("does not look at pages that are known to be zero", () => {
  const free = new Uint8Array(16);
  free[8] = 1;
  expect(seen(new MemoryCopier(), memoryWith({ 0: 1, 8: 2 }), free)).toEqual([[0, PAGE, 1, 1]]);
});

test("memory becomes what an image says, and who asks learns what was another before", () => {
  const then = memoryWith({ 0: 1, 3: 4, 8: 2, 15: 7 });
  const image = new MemoryCopier().copy(then, new Uint8Array(0));
  const now = memoryWith({ 0: 1, 2: 9, 3: 5, 15: 7 });
  now[16 * PAGE - 1] = 8;
  expect(rewritePages(now, pagesOf(image), new Uint8Array(0))).toEqual([2, 3, 8, 15]);
  expect(now).toEqual(then);
  expect(rewritePages(now, pagesOf(image), new Uint8Array(0))).toEqual([]);
  // Pages that do not lie where words can.
  const bytes = new Uint8Array(2 * PAGE + 1).fill(6).subarray(1);
  expect(
    rewritePages(
      now,
      [[1, bytes.subarray(0, PAGE)]],
      Uint8Array.from({ length: 16 }, () => 1),
    ),
  ).toEqual([1]);
  expect(now.subarray(PAGE, 2 * PAGE)).toEqual(bytes.subarray(0, PAGE));
});

test("page numbers come back from their bitmap", () => {
  const image = new MemoryCopier().copy(memoryWith({ 1: 1, 7: 1, 8: 2, 15: 1 }), new Uint8Array(0));
  expect([...toBitmap(image)]).toEqual([0b1000_0010, 0b1000_0001]);
  expect([...fromBitmap(toBitmap(image))]).toEqual([1, 7, 8, 15]);
});
