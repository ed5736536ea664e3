/**
 * Builds, in this order: the command and its machine worker for Node (`dist/node`), the snapshot that it makes of
 * the guest, and the web client (`dist/web`), which carries that snapshot. `node tools/build.mjs`, or with
 * `node`, `snapshot`, `web` for single parts.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const ROOT = resolve(import.meta.dirname, "..");
export const WEB = join(ROOT, "dist/web");
export const COMMAND = join(ROOT, "dist/node/vivarium.js");
export const NODE_WORKER = join(ROOT, "dist/node/machine-worker.js");

const CODE = ["src", "workers", "tools", "vite.config.ts", "package-lock.json"];
const NODE_INPUTS = [...CODE, "images/prebuilt"];
const PAPERS = [
  "LICENSE",
  "package.json",
  "images/NOTICE.md",
  "images/SOURCES.md",
  "images/lock.json",
  "images/licences",
];
const WEB_INPUTS = [
  ...NODE_INPUTS,
  ...PAPERS,
  "courses",
  "public",
  "index.html",
  "embed.html",
  ".cache/snapshots",
];

/**
 * Names, sizes and times of all files below `paths`: equal when nothing was touched.
 *
 * @param {readonly string[]} paths
 */
function stateOf(paths) {
  const hash = createHash("sha256");
  /** @param {string} path */
  const visit = (path) => {
    const info = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (info?.isDirectory()) {
      for (const name of readdirSync(join(ROOT, path)).toSorted()) visit(`${path}/${name}`);
    } else if (info && !/\.test\.tsx?$/.test(path)) {
      hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`);
    }
  };
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

/**
 * Runs `work` unless its inputs are as they were after the last time and its outputs are there.
 *
 * @param {string} name
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs
 * @param {() => Promise<void>} work
 */
async function once(name, inputs, outputs, work) {
  const stamp = join(ROOT, ".cache/build", name);
  const state = stateOf(inputs);
  const fits =
    existsSync(stamp) && readFileSync(stamp, "utf8") === state && outputs.every((path) => existsSync(path));
  if (fits) return;
  const start = performance.now();
  console.log(`Building ${name} …`);
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
  console.log(`Built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** The command and the machine worker for Node. */
export async function buildNode() {
  await once("node", NODE_INPUTS, [COMMAND, NODE_WORKER], async () => {
    const { build } = await import("vite");
    await build({ root: ROOT, mode: "node", logLevel: "warn" });
    chmodSync(COMMAND, 0o755);
  });
}

/** The snapshots that the page and the guest tests start from; the command caches them by hash. */
export function ensureSnapshot() {
  const { status, signal } = spawnSync(process.execPath, [COMMAND, "snapshot", "--ensure"], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`vivarium snapshot --ensure failed (${signal ?? `exit code ${status}`})`);
}

/** The web client. */
export async function buildWeb() {
  await once("web", WEB_INPUTS, [join(WEB, "index.html")], async () => {
    const { build } = await import("vite");
    await build({ root: ROOT, mode: "production", logLevel: "warn" });
  });
}

/** Everything that `dist/` holds. */
export async function buildAll() {
  await buildNode();
  ensureSnapshot();
  await buildWeb();
}

/** @type {Readonly<Record<string, () => Promise<void> | void>>} */
const PARTS = { node: buildNode, snapshot: ensureSnapshot, web: buildWeb };

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { install } = await import("./install.mjs");
  try {
    install();
    const asked = process.argv.slice(2);
    for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
      const part = PARTS[name];
      if (!part) throw new Error(`There is no part ${name}; the parts are ${Object.keys(PARTS).join(", ")}.`);
      await part();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
