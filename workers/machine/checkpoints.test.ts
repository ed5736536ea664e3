import { expect, test } from "vitest";
import { Checkpoints } from "./checkpoints.ts";
import { PageStore } from "./page-store.ts";
import type { Snapshot } from "./snapshot.ts";
import { PAGE, readStateImage, stateOf, withoutMemory } from "./state-image.ts";

/** A snapshot with a header of ours, and a machine of 16 pages of which two are saved, each filled with one number. */
function makeSnapshot(
  version = 6,
  bits: readonly number[] = [0b10, 0b1],
  [first, second]: readonly [number, number] = [1, 2],
): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(2 * PAGE).fill(first, 0, PAGE).fill(second, PAGE);
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
  const state = stateOf(snapshot);
  const image = readStateImage(state);
  const { pages, saved } = image;
  const rest = withoutMemory(state, image);
  expect(pages).toBe(16);
  expect([...saved].map(([page, bytes]) => [page, bytes.length, bytes[0], bytes.at(-1)])).toEqual([
    [1, PAGE, 1, 1],
    [8, PAGE, 2, 2],
  ]);
  expect(rest).toHaveLength(state.length - 2 * PAGE);
  expect([...rest.subarray(-6)]).toEqual([9, 9, 9, 9, 0b10, 0b1]);
});

test("a state of another version, and one that contradicts itself, are refused", () => {
  expect(() => readStateImage(stateOf(makeSnapshot(7)))).toThrow("this is no state of v86 0.5.462");
  expect(() => readStateImage(stateOf(makeSnapshot(6, [0b10, 0b11])))).toThrow("are not those of the bitmap");
});

const snapshotOf = (fill: readonly [number, number], guestMs = 0): Snapshot => ({
  ...{ profile: "base", kernelBuildId: "", tree: "", memoryBytes: 16 * PAGE, guestMs },
  link: {
    nextChannel: 1,
    inputWindow: 0,
    ready: true,
    partial: new Uint8Array(),
    unsent: new Uint8Array(),
    channels: [],
  },
  terminals: [],
  state: stateOf(makeSnapshot(6, [0b10, 0b1], fill)).slice().buffer,
});

test("a checkpoint gives back what was kept, byte for byte", async () => {
  const checkpoints = new Checkpoints(async () => undefined);
  const id = await checkpoints.keep(snapshotOf([1, 2], 77));
  expect(await checkpoints.get(id)).toEqual(snapshotOf([1, 2], 77));
  await expect(checkpoints.get(id + 1)).rejects.toMatchObject({ code: "bad-argument" });
});

test("what checkpoints share is kept once, and goes with the last that has it", async () => {
  const checkpoints = new Checkpoints(async () => undefined);
  const first = await checkpoints.keep(snapshotOf([1, 2]));
  const alone = checkpoints.bytes;
  const second = await checkpoints.keep(snapshotOf([1, 3]));
  const rest = alone - 2 * PAGE;
  expect(checkpoints.bytes).toBe(3 * PAGE + 2 * rest);
  checkpoints.forget(first);
  checkpoints.forget(first);
  expect(checkpoints.bytes).toBe(2 * PAGE + rest);
  expect((await checkpoints.get(second)).state).toEqual(snapshotOf([1, 3]).state);
  checkpoints.clear();
  expect(checkpoints.bytes).toBe(0);
});

test("pages are told apart by their content, also where their hashes are the same", () => {
  const store = new PageStore();
  // Two words whose steps of the hash fall together: found by trying.
  const collide = findCollision();
  const [a, b] = collide.map((words) => store.keep(new Uint8Array(words.buffer)));
  expect(a?.hash).toBe(b?.hash);
  expect(a).not.toBe(b);
  expect(store.bytes).toBe(2 * PAGE);
  expect(store.keep(new Uint8Array((collide[0] as Uint32Array).buffer))).toBe(a);
});

/** Pages with the same hash: of the last word, the hash keeps all but what its shift folds away. */
function findCollision(): readonly Uint32Array[] {
  const store = new PageStore();
  const seen = new Map<number, Uint32Array>();
  for (let i = 0; i < 400_000; i++) {
    const words = new Uint32Array(PAGE / 4);
    words[0] = i;
    words[1] = Math.imul(i, 2_654_435_761);
    const kept = store.keep(new Uint8Array(words.buffer));
    const other = seen.get(kept.hash);
    if (other !== undefined) return [other, words];
    seen.set(kept.hash, words);
    store.release(kept);
  }
  throw new Error("no collision was found");
}
