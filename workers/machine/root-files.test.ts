import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CodedError } from "../../src/base/index.ts";
import { RootFiles } from "./root-files.ts";
import type { FileSource } from "./store.ts";

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const CONTENT = new Uint8Array(1000).map((_, i) => i % 251);
const CHUNK = 400;
const chunks = [0, 400, 800].map((at) => CONTENT.slice(at, at + CHUNK));
const names = chunks.map(hash);
const tree = new TextEncoder().encode(
  JSON.stringify({
    format: 1,
    entries: [["file", 1000, 0, 0o100644, 0, 0, "whole"]],
    chunks: { whole: chunks.map((chunk) => [hash(chunk), chunk.length]) },
    stored: {},
  }),
);
const files = new Map([[hash(tree), tree], ...chunks.map((chunk) => [hash(chunk), chunk] as const)]);
const give = (name: string): Uint8Array<ArrayBuffer> => (files.get(name) ?? new Uint8Array(0)).slice();

function open(read: FileSource["read"]): RootFiles {
  return new RootFiles({
    source: { read },
    tree: { sha256: hash(tree), size: tree.length, stored: tree.length, storedSha256: hash(tree) },
    chunkSize: CHUNK,
    decompress: (stored) => stored.slice(),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  // Hashing in JavaScript waits for no thread, and time is only what the test says it is.
  vi.stubGlobal("crypto", {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the root file system", () => {
  test("gives any range from the chunks that hold it, each fetched once", async () => {
    const fetched: string[] = [];
    const root = open(async (name) => {
      fetched.push(name);
      return give(name);
    });
    const asked: string[] = [];
    root.onAsk((name) => asked.push(name));
    expect(await root.read("whole", 399, 402, 1000)).toEqual(CONTENT.slice(399, 801));
    expect(await root.read("whole", 990, 500, 1000)).toEqual(CONTENT.slice(990));
    expect(await root.read("whole", 1000, 10, 1000)).toEqual(new Uint8Array(0));
    expect(fetched).toEqual([hash(tree), ...names]);
    expect(asked).toEqual([...names, names[2]]);
    expect(names.map((name) => root.has(name))).toEqual([true, true, true]);
    expect(root.inFlight).toBe(0);
  });

  test("tells which chunks were used since it was last asked, with their sizes", async () => {
    const root = open(async (name) => give(name));
    await root.read("whole", 400, 600, 1000);
    await root.read("whole", 0, 1000, 1000);
    expect(root.takeUsed()).toEqual([
      [names[1], 400, 400],
      [names[2], 200, 200],
      [names[0], 400, 400],
    ]);
    await root.read("whole", 900, 1, 1000);
    expect(root.takeUsed()).toEqual([[names[2], 200, 200]]);
  });

  test("two readers of one chunk share one request", async () => {
    let fetched = 0;
    const root = open(async (name) => {
      fetched++;
      return give(name);
    });
    await root.tree();
    const both = await Promise.all([root.read("whole", 0, 10, 1000), root.read("whole", 5, 10, 1000)]);
    expect(both).toEqual([CONTENT.slice(0, 10), CONTENT.slice(5, 15)]);
    expect(fetched).toBe(2);
  });
});

describe("a chunk that", () => {
  test("is damaged is asked for again, past the browser's cache; the reader waits and is told", async () => {
    const fresh: boolean[] = [];
    const root = open(async (name, _length, options) => {
      if (name === hash(tree)) return give(name);
      fresh.push(options?.fresh === true);
      return fresh.length <= 2 ? new Uint8Array(400) : give(name);
    });
    const told: unknown[] = [];
    root.onTrouble((trouble) => told.push(trouble && [trouble.error.code, trouble.attempts]));
    const reading = root.read("whole", 0, 10, 1000);
    expect(root.inFlight).toBe(1);
    await vi.advanceTimersByTimeAsync(199);
    // One hiccup is not worth a word.
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([["asset-corrupt", 2]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await reading).toEqual(CONTENT.slice(0, 10));
    expect(told).toEqual([["asset-corrupt", 2], undefined]);
    expect(fresh).toEqual([false, true, true]);
    expect(root.inFlight).toBe(0);
  });

  test("cannot be fetched is tried at once when the learner says so", async () => {
    let isDown = true;
    let attempts = 0;
    const root = open(async (name) => {
      if (name === names[0]) attempts++;
      if (isDown) throw new CodedError("network", "down");
      return give(name);
    });
    isDown = false;
    await root.tree();
    isDown = true;
    let done = false;
    const reading = root.read("whole", 0, 10, 1000).finally(() => (done = true));
    for (const ms of [0, 200, 1000, 3000, 10_000, 10_000]) await vi.advanceTimersByTimeAsync(ms);
    expect(attempts).toBe(6);
    isDown = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toBe(false);
    root.retryNow();
    expect(await reading).toEqual(CONTENT.slice(0, 10));
    expect(attempts).toBe(7);
  });

  test("the server begins and never ends is given up, told, and asked for again", async () => {
    let attempts = 0;
    const root = open(async (name, _length, options) => {
      if (name === hash(tree) || ++attempts > 1) return give(name);
      options?.onBytes?.(10);
      return new Promise((_, reject) => {
        options?.signal?.addEventListener("abort", () => reject(options.signal?.reason as Error));
      });
    });
    const told: unknown[] = [];
    root.onTrouble((trouble) => told.push(trouble?.error.code));
    await root.tree();
    const reading = root.read("whole", 0, 10, 1000);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(await reading).toEqual(CONTENT.slice(0, 10));
    expect(told).toEqual(["network", undefined]);
  });

  test("was waited for in a state that the machine has left is never answered", async () => {
    let isDown = true;
    const root = open(async (name) => {
      if (isDown && name !== hash(tree)) throw new CodedError("network", "down");
      return give(name);
    });
    const told: unknown[] = [];
    root.onTrouble((trouble) => told.push(trouble?.error.code));
    let answered = false;
    const settle = (): void => void (answered = true);
    root.read("whole", 0, 10, 1000).then(settle, settle);
    await vi.advanceTimersByTimeAsync(200);
    expect(told).toEqual(["network"]);
    root.forsake();
    expect(root.inFlight).toBe(0);
    isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answered).toBe(false);
    expect(told).toEqual(["network", undefined]);
    expect(await root.read("whole", 0, 10, 1000)).toEqual(CONTENT.slice(0, 10));
    expect(root.inFlight).toBe(0);
  });

  test("is waited for when the machine ends is waited for no longer", async () => {
    const root = open(async () => Promise.reject(new CodedError("network", "down")));
    const reading = root.read("whole", 0, 10, 1000);
    root.dispose();
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
  });
});
