/**
 * A small static server with the headers that the product is built for: a strict Content-Security-Policy with
 * Trusted Types, immutable caching of hashed files, no CORS. Any static host does the same job.
 */

import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const CONTENT_SECURITY_POLICY = [
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
 * @property {boolean} [nextPort] Take the next free port if `port` is taken, instead of failing.
 */

/**
 * @typedef {object} Server
 * @property {string} url Ends with `/`.
 * @property {number} port
 * @property {() => Promise<void>} close Ends open connections too.
 */

/**
 * The file that a request means, or undefined if it means none inside `root`.
 *
 * @param {string} root A real path.
 * @param {string} base
 * @param {string} target The request target: path and query.
 */
async function fileOf(root, base, target) {
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
  try {
    const file = await realpath(join(root, ...parts));
    const info = await stat(file);
    return info.isFile() && file.startsWith(root + sep) ? { file, info, path: parts.join("/") } : undefined;
  } catch {
    return undefined;
  }
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
  return path.startsWith("assets/") || path.startsWith("store/");
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
  policy = CONTENT_SECURITY_POLICY,
  nextPort = false,
}) {
  const root = await realpath(resolve(folder));
  /** @type {Map<string, Promise<Buffer>>} */
  const compressed = new Map();

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async function answer(request, response) {
    if (policy !== "") response.setHeader("Content-Security-Policy", policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response
        .writeHead(405, { Allow: "GET, HEAD", "Content-Type": "text/plain" })
        .end("405 method not allowed\n");
      return;
    }
    const found = await fileOf(root, base, request.url ?? "/");
    if (!found) {
      response.writeHead(404, { "Content-Type": "text/plain", "Cache-Control": "no-cache" });
      response.end(request.method === "HEAD" ? undefined : "404 not found\n");
      return;
    }
    const { file, info, path } = found;
    const kind = extname(path);
    const mayCompress = COMPRESSIBLE.has(kind) && info.size >= COMPRESS_FROM && !path.startsWith("store/");
    const encoding = mayCompress ? encodingFor(request.headers["accept-encoding"]) : undefined;
    const version = `${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}`;
    const tag = `"${version}${encoding === undefined ? "" : `-${encoding}`}"`;
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
      const key = `${file}\0${tag}`;
      let body = compressed.get(key);
      if (!body) compressed.set(key, (body = compress(readFileSync(file), encoding)));
      const bytes = await body;
      response.writeHead(200, { "Content-Encoding": encoding, "Content-Length": bytes.length });
      response.end(request.method === "HEAD" ? undefined : bytes);
      return;
    }
    response.writeHead(200, { "Content-Length": info.size });
    if (request.method === "HEAD") response.end();
    else await pipeline(createReadStream(file), response);
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
