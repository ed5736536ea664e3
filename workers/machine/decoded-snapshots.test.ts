import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodedAt } from "./decoded-snapshots.ts";

const refOf = (content: Uint8Array) => {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { sha256, size: content.length, stored: 1, storedSha256: sha256 };
};
const CONTENT = new Uint8Array(5000).map((_, i) => i % 251);
const REF = refOf(CONTENT);
const addressOf = ({ sha256 }: { sha256: string }): string => `https://host.example/site/store/${sha256}`;
const ADDRESS = addressOf(REF);

/** Cache storage of one cache, as far as it is used. */
class FakeCache {
  readonly kept = new Map<string, Response>();
  names: string[] = [];

  async open(name: string): Promise<this> {
    this.names.push(name);
    return this;
  }

  async match(address: string): Promise<Response | undefined> {
    return this.kept.get(address)?.clone();
  }

  async keys(): Promise<string[]> {
    return [...this.kept.keys()];
  }

  async delete(address: string): Promise<boolean> {
    return this.kept.delete(address);
  }

  async put(address: string, response: Response): Promise<void> {
    this.kept.delete(address);
    this.kept.set(address, response);
  }
}

let cache: FakeCache;

beforeEach(() => {
  cache = new FakeCache();
  vi.stubGlobal("caches", cache);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Keeps some content as a machine would that has just started. */
async function keep(content: Uint8Array<ArrayBuffer>): Promise<void> {
  const ref = refOf(content);
  decodedAt(addressOf(ref)).keep(ref, content);
  await vi.runAllTimersAsync();
}

test("the first visit finds nothing and keeps it, the next one reads it", async () => {
  const first = decodedAt(ADDRESS);
  expect(await first.isKept).toBe(false);
  expect(await first.read(REF)).toBeUndefined();
  first.keep(REF, CONTENT);
  expect(cache.kept.size).toBe(0);
  await vi.runAllTimersAsync();
  expect(new Set(cache.names)).toEqual(new Set(["vivarium decoded /site/"]));
  const next = decodedAt(ADDRESS);
  expect(await next.isKept).toBe(true);
  expect(await next.read(REF)).toEqual(CONTENT);
});

test("what is damaged is as if it were not kept", async () => {
  await keep(CONTENT);
  cache.kept.set(ADDRESS, new Response(CONTENT.with(17, 0)));
  expect(await decodedAt(ADDRESS).read(REF)).toBeUndefined();
  cache.kept.set(ADDRESS, new Response(CONTENT.slice(0, 100)));
  expect(await decodedAt(ADDRESS).read(REF)).toBeUndefined();
});

test("another snapshot than the one that was asked for is not given, and not kept under its name", async () => {
  await keep(CONTENT);
  const other = CONTENT.slice(1);
  const decoded = decodedAt(ADDRESS);
  expect(await decoded.read(refOf(other))).toBeUndefined();
  decoded.keep(refOf(other), other);
  await vi.runAllTimersAsync();
  expect(await decodedAt(ADDRESS).read(REF)).toEqual(CONTENT);
});

test("two are kept, the latest", async () => {
  const contents = [1, 2, 3].map((n) => new Uint8Array(100).fill(n));
  for (const content of contents) await keep(content);
  expect([...cache.kept.keys()]).toEqual(contents.slice(1).map((content) => addressOf(refOf(content))));
});

test("without such storage, and where its name is refused, nothing is kept and nothing fails", async () => {
  vi.stubGlobal("caches", undefined);
  const without = decodedAt(ADDRESS);
  expect(await without.isKept).toBe(false);
  without.keep(REF, CONTENT);
  await vi.runAllTimersAsync();
  vi.stubGlobal("caches", {
    open: () => Promise.reject(new DOMException("The operation is insecure.", "SecurityError")),
  });
  expect(await decodedAt(ADDRESS).read(REF)).toBeUndefined();
});
