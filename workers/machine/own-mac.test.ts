import { expect, test } from "vitest";
import { MemoryCopier, PAGE } from "./memory-image.ts";
import { findMac } from "./own-mac.ts";

const MAC = Uint8Array.of(2, 0x9d, 0x5b, 0xe1, 0x3c, 0xf7);

test("finds an address at any place of a page, also twice, and says where it is in memory", () => {
  const memory = new Uint8Array(8 * PAGE);
  const places = [3 * PAGE, 3 * PAGE + 101, 6 * PAGE - 6];
  for (const place of places) memory.set(MAC, place);
  // Looks alike: cut off, with another byte, over the end of a page.
  memory.set(MAC.subarray(1), 3 * PAGE + 900);
  memory.set(MAC.with(2, 0), 3 * PAGE + 1000);
  memory.set(MAC, 7 * PAGE - 3);
  expect(findMac(new MemoryCopier().copy(memory, new Uint8Array(0)), MAC)).toEqual(places);
});
