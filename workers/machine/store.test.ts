import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fetchWasm } from "./fetch-wasm.ts";
import { fetchSource, readVerified } from "./store.ts";

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
    await readVerified(source, ref, { onBytes: (count) => (loaded += count) });
    expect(loaded).toBe(CONTENT.length);
  });
});

describe("what is damaged", () => {
  /** Answers with each body once, and tells how it was asked for. */
  function serveInTurn(...bodies: Uint8Array<ArrayBuffer>[]): RequestCache[] {
    const asked: RequestCache[] = [];
    vi.stubGlobal("fetch", (_url: URL, init: RequestInit) => {
      asked.push(init.cache ?? "default");
      return Promise.resolve(new Response(bodies.shift() ?? null));
    });
    return asked;
  }
  const flipped = CONTENT.map((byte) => byte ^ 1);

  test.each([
    ["damaged", flipped],
    ["cut short", CONTENT.slice(1)],
    ["too long", new Uint8Array(1001)],
  ])("%s in the browser's cache is asked of the server itself, once", async (_name, bad) => {
    let asked = serveInTurn(bad, CONTENT);
    expect(await readVerified(source, ref)).toEqual(CONTENT);
    expect(asked).toEqual(["default", "reload"]);
    asked = serveInTurn(bad, bad, CONTENT);
    await expect(readVerified(source, ref)).rejects.toMatchObject({ code: /asset-(corrupt|truncated)/ });
    expect(asked.length).toBe(2);
  });

  test("and is the emulator too", async () => {
    const asked = serveInTurn(CONTENT, new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    expect(await fetchWasm("http://host/v86.wasm")).toBeInstanceOf(WebAssembly.Module);
    expect(asked).toEqual(["default", "reload"]);
  });
});
