import { expect, test } from "vitest";
import { PAGE, readStateImage } from "./state-image.ts";

/** A snapshot with a header of ours, and a machine of 16 pages of which two are saved. */
function makeSnapshot(version = 6, bits: readonly number[] = [0b10, 0b1]): Uint8Array {
  const memory = new Uint8Array(2 * PAGE).fill(1, 0, PAGE).fill(2, PAGE);
  const state: unknown[] = [];
  state[77] = { __state_type__: "Uint8Array", buffer_id: 1 };
  state[78] = { __state_type__: "Uint8Array", buffer_id: 2 };
  const info = new TextEncoder().encode(
    JSON.stringify({
      buffer_infos: [
        { offset: 0, length: 4 },
        { offset: 4, length: memory.length },
        { offset: 4 + memory.length, length: 2 },
      ],
      state,
    }),
  );
  const start = 12 + 5;
  const buffers = start + ((16 + info.length + 3) & ~3);
  const bytes = new Uint8Array(buffers + 4 + memory.length + 2);
  const words = new DataView(bytes.buffer);
  words.setUint32(8, 5, true);
  [0x86768676, version, bytes.length - start, info.length].forEach((word, index) =>
    words.setUint32(start + index * 4, word, true),
  );
  bytes.set(info, start + 16);
  bytes.set([9, 9, 9, 9], buffers);
  bytes.set(memory, buffers + 4);
  bytes.set(bits, buffers + 4 + memory.length);
  return bytes;
}

test("pages come with their numbers, and everything else is the rest", () => {
  const snapshot = makeSnapshot();
  const { pages, saved, rest } = readStateImage(snapshot);
  expect(pages).toBe(16);
  expect([...saved].map(([page, bytes]) => [page, bytes.length, bytes[0], bytes.at(-1)])).toEqual([
    [1, PAGE, 1, 1],
    [8, PAGE, 2, 2],
  ]);
  expect(rest).toHaveLength(snapshot.length - 2 * PAGE);
  expect([...rest.subarray(-6)]).toEqual([9, 9, 9, 9, 0b10, 0b1]);
});

test("a state of another version, and one that contradicts itself, are refused", () => {
  expect(() => readStateImage(makeSnapshot(7))).toThrow("this is no state of v86 0.5.462");
  expect(() => readStateImage(makeSnapshot(6, [0b10, 0b11]))).toThrow("are not those of the bitmap");
});
