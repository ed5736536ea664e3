import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { RootFiles } from "./root-files.ts";
import { fetchSource, type FileSource, readVerified } from "./store.ts";

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const CONTENT = new Uint8Array(1000).map((_, i) => i % 251);

afterEach(() => vi.unstubAllGlobals());

/** Answers every fetch alike. */
function serve(body: Uint8Array<ArrayBuffer>, status = 200): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
}

const ref = { sha256: "0".repeat(64), size: 1, stored: CONTENT.length, storedSha256: hash(CONTENT) };
const source = fetchSource("http://host/store/");

describe("what is fetched is checked", () => {
  test("status", async () => {
    serve(CONTENT, 404);
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: "asset-missing" });
  });

  test("length", async () => {
    serve(CONTENT.slice(0, 999));
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: "asset-truncated" });
    serve(new Uint8Array(1001));
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: "asset-corrupt" });
  });

  test("hash", async () => {
    const flipped = CONTENT.slice();
    flipped[500] = (flipped[500] ?? 0) ^ 1;
    serve(flipped);
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: "asset-corrupt" });
    serve(CONTENT);
    expect(await readVerified(source, ref)).toEqual(CONTENT);
  });

  test("hash on plain http, where there is no crypto.subtle", async () => {
    vi.stubGlobal("crypto", {});
    serve(CONTENT);
    expect(await readVerified(source, ref)).toEqual(CONTENT);
    await expect(readVerified(source, { ...ref, storedSha256: "1".repeat(64) })).rejects.toMatchObject({
      code: "asset-corrupt",
    });
  });

  test("a network that is down, and progress by bytes", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: "network" });
    serve(CONTENT);
    let loaded = 0;
    await readVerified(source, ref, (count) => (loaded += count));
    expect(loaded).toBe(CONTENT.length);
  });
});

describe("the root file system", () => {
  const chunkSize = 400;
  const chunks = [0, 400, 800].map((at) => CONTENT.slice(at, at + chunkSize));
  const tree = new TextEncoder().encode(
    JSON.stringify({
      format: 1,
      entries: [["file", 1000, 0, 0o100644, 0, 0, "whole"]],
      chunks: { whole: chunks.map((chunk) => [hash(chunk), chunk.length]) },
      stored: {},
    }),
  );
  const files = new Map([[hash(tree), tree], ...chunks.map((chunk) => [hash(chunk), chunk] as const)]);

  function open(read: FileSource["read"]): RootFiles {
    return new RootFiles({
      source: { read },
      tree: { sha256: hash(tree), size: tree.length, stored: tree.length, storedSha256: hash(tree) },
      chunkSize,
      decompress: (stored) => stored.slice(),
    });
  }
  const give = (name: string): Uint8Array<ArrayBuffer> => (files.get(name) ?? new Uint8Array(0)).slice();

  test("any range comes from the chunks that hold it, each fetched once", async () => {
    const asked: string[] = [];
    const root = open(async (name) => {
      asked.push(name);
      return give(name);
    });
    expect(await root.read("whole", 399, 402, 1000)).toEqual(CONTENT.slice(399, 801));
    expect(await root.read("whole", 990, 500, 1000)).toEqual(CONTENT.slice(990));
    expect(await root.read("whole", 1000, 10, 1000)).toEqual(new Uint8Array(0));
    expect(asked.length).toBe(4);
    expect(root.used).toEqual(chunks.map(hash));
    expect(root.inFlight).toBe(0);
  });

  test("a chunk that is missing or damaged is tried again; the reader waits and is told", async () => {
    let failures = 2;
    const root = open(async (name) => {
      if (name === hash(tree) || failures-- <= 0) return give(name);
      return new Uint8Array(400);
    });
    const trouble: (string | undefined)[] = [];
    root.onTrouble((error) => trouble.push(error?.code));
    const reading = root.read("whole", 0, 10, 1000);
    expect(root.inFlight).toBe(1);
    expect(await reading).toEqual(CONTENT.slice(0, 10));
    expect(trouble).toEqual(["asset-corrupt", "asset-corrupt", undefined]);
  });

  test("nobody waits for ever: the end of the machine ends the wait", async () => {
    const root = open(async () => Promise.reject(new Error("down")));
    const reading = root.read("whole", 0, 10, 1000);
    root.dispose();
    await expect(reading).rejects.toThrow("down");
  });
});
