/**
 * A small static server with the headers that the product is built for: a strict Content-Security-Policy with
 * Trusted Types, immutable caching of hashed files, and CORS only where it is asked for. Any static host does the same job.
 */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  // xterm.js writes style elements.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types vivarium",
].join("; ");

/**
 * Of the page that others have in a frame: anybody may, and in a frame with an opaque origin the worker starts from a
 * script that the page makes. No other page needs either.
 */
const EMBED_POLICY = CONTENT_SECURITY_POLICY.replace("worker-src 'self'", "worker-src 'self' blob:").replace(
  "frame-ancestors 'self'",
  "frame-ancestors *",
);
const EMBED_PAGE = "embed.html";

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
const COMPRESSIBLE = new Set([
  ".html",
  ".js",
  ".mjs",
  ".css",
  ".json",
  ".map",
  ".webmanifest",
  ".wasm",
  ".svg",
  ".txt",
]);
const COMPRESS_FROM = 1024;
const PORTS_TRIED = 20;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/**
 * @typedef {object} Options
 * @property {string} root The folder that is served.
 * @property {number} [port] 0, the default, takes a free one.
 * @property {string} [host] Default 127.0.0.1.
 * @property {string} [base] The path under which it is served, `/` by default; begins and ends with `/`.
 * @property {string} [policy] The Content-Security-Policy; the product's own by default, empty for none.
 * @property {boolean} [shared] Let pages of other origins have the files, as those have that are in a sandboxed frame
 *   (`Access-Control-Allow-Origin: *`). There is nothing in them that is not for everybody.
 * @property {boolean} [nextPort] Take the next free port if `port` is taken, instead of failing.
 * @property {(path: string) => Found | undefined} [find] Asked first, with a path below `base`, for what does not lie in
 *   `root`.
 */

/**
 * Something that is served without lying in the folder: an absolute path of a file elsewhere, what is in it, or who
 * answers by itself.
 *
 * @typedef {string | { text: string } | Answer} Found
 */

/** @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} Answer */

/**
 * @typedef {object} Server
 * @property {string} url Ends with `/`.
 * @property {number} port
 * @property {() => Promise<void>} close Ends open connections too.
 */

/**
 * The path below `base` that a request means, or undefined if it means none.
 *
 * @param {string} base
 * @param {string} target The request target: path and query.
 */
function pathOf(base, target) {
  let path;
  try {
    path = decodeURIComponent(target.replace(/[?#].*$/s, ""));
  } catch {
    return undefined;
  }
  if (!path.startsWith(base) || /[\0\\]/.test(path)) return undefined;
  const parts = path.slice(base.length).split("/");
  if (parts.some((part, index) => part.startsWith(".") || (part === "" && index < parts.length - 1)))
    return undefined;
  if (parts.at(-1) === "") parts[parts.length - 1] = "index.html";
  return parts.join("/");
}

/**
 * @typedef {object} Body
 * @property {string} name
 * @property {string} version Changes with what is in it.
 * @property {number} size
 * @property {() => Buffer} read
 * @property {() => import("node:stream").Readable} stream
 */

/**
 * What is in a file, or undefined if there is none.
 *
 * @param {string} path
 * @param {string} root A real path, in which the file has to lie.
 * @returns {Promise<Body | undefined>}
 */
async function bodyOf(path, root) {
  try {
    const file = await realpath(path);
    const info = await stat(file);
    if (!info.isFile() || !file.startsWith(root)) return undefined;
    return {
      name: file,
      version: `${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}`,
      size: info.size,
      read: () => readFileSync(file),
      stream: () => createReadStream(file),
    };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {Body}
 */
function textBody(name, text) {
  const bytes = Buffer.from(text);
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return { name, version, size: bytes.length, read: () => bytes, stream: () => Readable.from([bytes]) };
}

/**
 * @param {string | undefined} header An Accept-Encoding header.
 * @returns {"br" | "gzip" | undefined}
 */
function encodingFor(header = "") {
  const accepted = header
    .split(",")
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one));
  const has = (/** @type {string} */ name) => accepted.some((one) => one.split(";")[0] === name);
  if (has("br")) return "br";
  return has("gzip") ? "gzip" : undefined;
}

/**
 * @param {Buffer} bytes
 * @param {"br" | "gzip"} encoding
 * @returns {Promise<Buffer>}
 */
function compress(bytes, encoding) {
  if (encoding === "gzip") return gzipped(bytes, { level: 9 });
  return brotli(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** @param {string} path */
function isImmutable(path) {
  return ["assets/", "courses/", "man/", "store/"].some((folder) => path.startsWith(folder));
}

/**
 * Serves a folder until it is closed.
 *
 * @param {Options} options
 * @returns {Promise<Server>}
 */
export async function serve({
  root: folder,
  port = 0,
  host = "127.0.0.1",
  base = "/",
  policy,
  shared = false,
  nextPort = false,
  find = () => undefined,
}) {
  const root = await realpath(resolve(folder));
  /** @type {Map<string, Promise<Buffer>>} */
  const compressed = new Map();

  /**
   * @param {string} path
   * @param {Found | undefined} found
   * @returns {Promise<Body | undefined>}
   */
  async function bodyAt(path, found) {
    if (typeof found === "string") return bodyOf(found, "");
    if (typeof found === "object") return textBody(path, found.text);
    return bodyOf(join(root, path), root + sep);
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async function answer(request, response) {
    const path = pathOf(base, request.url ?? "/");
    const inForce = policy ?? (path === EMBED_PAGE ? EMBED_POLICY : CONTENT_SECURITY_POLICY);
    if (inForce !== "") response.setHeader("Content-Security-Policy", inForce);
    if (shared) response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response
        .writeHead(405, { Allow: "GET, HEAD", "Content-Type": "text/plain" })
        .end("405 method not allowed\n");
      return;
    }
    const found = path === undefined ? undefined : find(path);
    if (typeof found === "function" && request.method === "GET") {
      found(request, response);
      return;
    }
    const body = path === undefined ? undefined : await bodyAt(path, found);
    if (path === undefined || body === undefined) {
      response.writeHead(404, { "Content-Type": "text/plain", "Cache-Control": "no-cache" });
      response.end(request.method === "HEAD" ? undefined : "404 not found\n");
      return;
    }
    const kind = extname(path);
    const mayCompress = COMPRESSIBLE.has(kind) && body.size >= COMPRESS_FROM && !path.startsWith("store/");
    const encoding = mayCompress ? encodingFor(request.headers["accept-encoding"]) : undefined;
    const tag = `"${body.version}${encoding === undefined ? "" : `-${encoding}`}"`;
    response.setHeader("ETag", tag);
    response.setHeader(
      "Cache-Control",
      isImmutable(path) ? "public, max-age=31536000, immutable" : "no-cache",
    );
    response.setHeader("Content-Type", TYPES[kind] ?? "application/octet-stream");
    if (mayCompress) response.setHeader("Vary", "Accept-Encoding");
    const known = (request.headers["if-none-match"] ?? "")
      .split(",")
      .map((one) => one.trim().replace(/^W\//, ""));
    if (known.includes(tag) || known.includes("*")) {
      response.writeHead(304).end();
      return;
    }
    if (encoding !== undefined) {
      const key = `${body.name}\0${tag}`;
      let work = compressed.get(key);
      if (!work) compressed.set(key, (work = compress(body.read(), encoding)));
      const bytes = await work;
      response.writeHead(200, { "Content-Encoding": encoding, "Content-Length": bytes.length });
      response.end(request.method === "HEAD" ? undefined : bytes);
      return;
    }
    response.writeHead(200, { "Content-Length": body.size });
    if (request.method === "HEAD") response.end();
    else await pipeline(body.stream(), response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      // The file went away or the client did: there is no one to tell but the connection.
      response.destroy();
    });
  });
  await listen(server, port, host, nextPort ? PORTS_TRIED : 0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${address.port}${base}`,
    port: address.port,
    close: () =>
      new Promise((done, failed) => {
        server.close((error) => (error ? failed(error) : done()));
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} host
 * @param {number} more How many of the following ports may be tried.
 */
async function listen(server, port, host, more) {
  for (let next = port; ; next++) {
    server.listen(next, host);
    try {
      // Rejects when the server says "error" instead.
      await once(server, "listening");
      return;
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || next >= port + more) throw error;
    }
  }
}
