import { expect, test } from "vitest";
import { Checkpoints, type Kept } from "./checkpoints.ts";
import { PAGE } from "./memory-image.ts";
import { PageStore } from "./page-store.ts";
import type { Snapshot } from "./snapshot.ts";

/** A machine of 16 pages of which two are kept, each filled with one number. */
const snapshotOf = ([first, second]: readonly [number, number], guestMs = 0): Snapshot => ({
  ...{ profile: "base", kernelBuildId: "", tree: "", guestMs, mac: new Uint8Array(6) },
  link: {
    nextChannel: 1,
    inputWindow: 0,
    ready: true,
    partial: new Uint8Array(),
    unsent: new Uint8Array(),
    channels: [],
  },
  terminals: [],
  memory: {
    total: 16,
    numbers: Uint32Array.of(1, 8),
    content: new Uint8Array(2 * PAGE).fill(first, 0, PAGE).fill(second, PAGE),
  },
  devices: new TextEncoder().encode("devices ".repeat(100)),
});

/** As it is put back, with its pages in a list. */
const unpacked = ({ pages, ...rest }: Kept): object => ({
  ...rest,
  pages: [...pages].map(([number, bytes]) => [number, bytes.slice()]),
});

const expected = (snapshot: Snapshot): object => {
  const { memory, ...rest } = snapshot;
  const [first, second] = [memory.content.slice(0, PAGE), memory.content.slice(PAGE)];
  return {
    ...rest,
    pages: [
      [1, first],
      [8, second],
    ],
  };
};

test("a checkpoint gives back what was kept, byte for byte", async () => {
  const checkpoints = new Checkpoints(async () => undefined);
  const id = await checkpoints.keep(snapshotOf([1, 2], 77));
  expect(unpacked(checkpoints.get(id))).toEqual(expected(snapshotOf([1, 2], 77)));
  expect(() => checkpoints.get(id + 1)).toThrow("no such checkpoint");
});

test("what is kept does not change with what it was copied from", async () => {
  const checkpoints = new Checkpoints(async () => undefined);
  const snapshot = snapshotOf([1, 2]);
  const id = await checkpoints.keep(snapshot);
  snapshot.memory.content.fill(9);
  expect(unpacked(checkpoints.get(id))).toEqual(expected(snapshotOf([1, 2])));
});

test("what checkpoints share is kept once, and goes with the last that has it", async () => {
  const checkpoints = new Checkpoints(async () => undefined);
  const first = await checkpoints.keep(snapshotOf([1, 2]));
  const alone = checkpoints.bytes;
  const second = await checkpoints.keep(snapshotOf([1, 3]));
  const devices = alone - 2 * PAGE;
  expect(checkpoints.bytes).toBe(3 * PAGE + devices);
  checkpoints.forget(first);
  checkpoints.forget(first);
  expect(checkpoints.bytes).toBe(2 * PAGE + devices);
  expect(unpacked(checkpoints.get(second))).toEqual(expected(snapshotOf([1, 3])));
  checkpoints.clear();
  expect(checkpoints.bytes).toBe(0);
});

test("a device's buffers are kept once, though the text before them has another length each time", async () => {
  const saved = (text: string): Snapshot => {
    const devices = new Uint8Array(16 + text.length + 3 * PAGE);
    devices.set(new TextEncoder().encode(text), 16);
    new DataView(devices.buffer).setUint32(12, text.length, true);
    for (let page = 0; page < 3; page++) {
      devices.fill(page + 1, 16 + text.length + page * PAGE, 16 + text.length + (page + 1) * PAGE);
    }
    return { ...snapshotOf([1, 2]), devices };
  };
  const checkpoints = new Checkpoints(async () => undefined);
  const first = await checkpoints.keep(saved("four"));
  const alone = checkpoints.bytes;
  const second = await checkpoints.keep(saved("eight of"));
  expect(checkpoints.bytes - alone).toBe(PAGE);
  expect(checkpoints.get(first).devices).toEqual(saved("four").devices);
  expect(checkpoints.get(second).devices).toEqual(saved("eight of").devices);
});

test("a text that claims to be longer than all there is, is kept as it is", async () => {
  const devices = new Uint8Array(PAGE).fill(255);
  const checkpoints = new Checkpoints(async () => undefined);
  const id = await checkpoints.keep({ ...snapshotOf([1, 2]), devices });
  expect(checkpoints.get(id).devices).toEqual(devices);
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
