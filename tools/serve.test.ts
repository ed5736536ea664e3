import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { serve, type Server } from "./serve.mjs";

const SCRIPT = `export const text = "${"x".repeat(4000)}";\n`;
const folder = mkdtempSync(join(tmpdir(), "vivarium-serve-"));
let server: Server;

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Asks with the path exactly as written: `fetch` would tidy it first. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((done, failed) => {
    const sent = request({ host: "127.0.0.1", port: server.port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    sent.on("error", failed);
    sent.end();
  });
}

beforeAll(async () => {
  const web = join(folder, "web");
  mkdirSync(join(web, "assets"), { recursive: true });
  mkdirSync(join(web, "store"));
  writeFileSync(join(web, "index.html"), "<!doctype html><title>x</title>");
  writeFileSync(join(web, "embed.html"), "<!doctype html><title>frame</title>");
  writeFileSync(join(web, "assets/app-1234.js"), SCRIPT);
  writeFileSync(join(web, "assets/small.wasm"), new Uint8Array([0, 0x61, 0x73, 0x6d]));
  writeFileSync(join(web, "store/abcd"), "z".repeat(4000));
  writeFileSync(join(folder, "secret.txt"), "secret");
  symlinkSync(join(folder, "secret.txt"), join(web, "link.txt"));
  server = await serve({ root: web });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("serve", () => {
  it("serves the start page with the strict policy, never cached unasked", async () => {
    const { status, headers, body } = await ask("/?lesson=pid");
    expect(status).toBe(200);
    expect(body.toString()).toContain("<title>x");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["cache-control"]).toBe("no-cache");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it("lets others have the page that is for frames, and no other; files are shared only when asked for", async () => {
    const policyOf = async (path: string): Promise<string[]> =>
      String((await ask(path)).headers["content-security-policy"]).split("; ");
    expect(await policyOf("/embed.html?lesson=a/b")).toEqual(
      expect.arrayContaining(["frame-ancestors *", "worker-src 'self' blob:", "trusted-types vivarium"]),
    );
    for (const path of ["/", "/assets/embed.html", "/assets/app-1234.js"])
      expect(await policyOf(path)).toEqual(
        expect.arrayContaining(["frame-ancestors 'self'", "worker-src 'self'"]),
      );
    expect((await ask("/assets/app-1234.js")).headers["access-control-allow-origin"]).toBe(undefined);
    const open = await serve({ root: join(folder, "web"), shared: true });
    try {
      const { headers } = await fetch(new URL("assets/app-1234.js", open.url));
      expect(headers.get("access-control-allow-origin")).toBe("*");
    } finally {
      await open.close();
    }
  });

  it("puts the policy on workers' scripts too, and lets hashed files be kept for ever", async () => {
    const { headers } = await ask("/assets/app-1234.js");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(headers["cache-control"]).toContain("immutable");
    expect(headers["content-security-policy"]).toContain("trusted-types vivarium");
    expect((await ask("/assets/small.wasm")).headers["content-type"]).toBe("application/wasm");
  });

  it("compresses text as the browser accepts it, and the store never", async () => {
    const br = await ask("/assets/app-1234.js", { "accept-encoding": "gzip, deflate, br, zstd" });
    expect(br.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT);
    const gzip = await ask("/assets/app-1234.js", { "accept-encoding": "gzip, br;q=0" });
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    expect(gzip.headers["etag"]).not.toBe(br.headers["etag"]);
    const store = await ask("/store/abcd", { "accept-encoding": "br" });
    expect(store.headers["content-encoding"]).toBeUndefined();
    expect(store.body.length).toBe(4000);
  });

  it("answers 304 to what the client has, and HEAD without a body", async () => {
    const { headers } = await ask("/");
    const again = await ask("/", { "if-none-match": String(headers["etag"]) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const head = await ask("/assets/app-1234.js", {}, "HEAD");
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers["content-length"]).toBe(String(SCRIPT.length));
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/link.txt",
    "//etc/passwd",
    "/%",
    "/index.html%00.js",
    "/assets",
    "/assets/",
    "/nothing",
  ])("gives nothing for %s", async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body.toString()).not.toContain("secret");
  });

  it("takes only GET and HEAD", async () => {
    const { status, headers } = await ask("/", {}, "POST");
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });

  it("works under a sub-path, and takes the next port only when told to", async () => {
    const root = join(folder, "web");
    await expect(serve({ root, port: server.port })).rejects.toThrow(/EADDRINUSE/);
    const other = await serve({ root, port: server.port, nextPort: true, base: "/a/b/" });
    try {
      expect(other.port).toBeGreaterThan(server.port);
      expect((await fetch(other.url)).status).toBe(200);
      expect((await fetch(new URL("/", other.url))).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  it("serves what it is told to find: texts, files elsewhere, and answers", async () => {
    const asked: string[] = [];
    const other = await serve({
      root: join(folder, "web"),
      base: "/a/",
      find(path) {
        asked.push(path);
        if (path === "index.html") return { text: "x".repeat(4000) };
        if (path === "secret") return join(folder, "secret.txt");
        if (path === "gone") return join(folder, "nothing");
        if (path === "live") return (_request, response) => response.end("by itself");
        return undefined;
      },
    });
    try {
      const page = await fetch(other.url);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toHaveLength(4000);
      const get = (path: string, init: RequestInit = {}) => fetch(new URL(path, other.url), init);
      const etag = page.headers.get("etag") ?? "";
      expect((await get("", { headers: { "if-none-match": etag } })).status).toBe(304);
      expect(await (await get("secret")).text()).toBe("secret");
      expect((await get("gone")).status).toBe(404);
      expect(await (await get("live")).text()).toBe("by itself");
      expect((await get("live", { method: "HEAD" })).status).toBe(404);
      expect(await (await get("assets/app-1234.js")).text()).toBe(SCRIPT);
      expect((await get("%2e%2e/secret.txt")).status).toBe(404);
      expect(asked).not.toContain("../secret.txt");
    } finally {
      await other.close();
    }
  });
});
