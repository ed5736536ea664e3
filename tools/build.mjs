/**
 * Builds, in this order: the command, the library and their machine worker for Node (`dist/node`), the snapshot that
 * the command makes of the guest, the library for browsers (`dist/library`), the page (`dist/page`), with the manual that a
 * machine sets once, and the web client
 * (`dist/web`), which the command makes of the page and our courses. `node tools/build.mjs`, or with `node`, `snapshot`,
 * `library`, `web` for single parts.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const ROOT = resolve(import.meta.dirname, "..");
export const WEB = join(ROOT, "dist/web");
const PAGE = join(ROOT, "dist/page");
export const LIBRARY = join(ROOT, "dist/library");
export const COMMAND = join(ROOT, "dist/node/vivarium.js");
const NODE_LIBRARY = join(ROOT, "dist/node/library.js");
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
const LIBRARY_INPUTS = [...NODE_INPUTS, ...PAPERS, ".cache/snapshots"];
const PAGE_INPUTS = [...LIBRARY_INPUTS, ".cache/manual", "public", "index.html", "embed.html"];
const WEB_INPUTS = [...PAGE_INPUTS, "courses"];

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
  await once("node", NODE_INPUTS, [COMMAND, NODE_LIBRARY, NODE_WORKER], async () => {
    const { build } = await import("vite");
    await build({ root: ROOT, mode: "node", logLevel: "warn" });
    chmodSync(COMMAND, 0o755);
  });
}

/** The snapshots that the page and the guest tests start from; the command caches them by hash. */
export function ensureSnapshot() {
  runNode(COMMAND, ["snapshot", "--ensure"]);
}

/** The manual pages that the web client shows; the command keeps them as long as the profiles stay the same. */
export function ensureManual() {
  runNode(COMMAND, ["manual"]);
}

/**
 * @param {string} script
 * @param {readonly string[]} words
 */
function runNode(script, words) {
  const { status, signal } = spawnSync(process.execPath, [script, ...words], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0)
    throw new Error(`${script} ${words.join(" ")} failed (${signal ?? `exit code ${status}`})`);
}

/** The library for browsers, its types, and what its machines are made of. */
export async function buildLibrary() {
  await once("library", LIBRARY_INPUTS, [join(LIBRARY, "release.json")], async () => {
    const { build } = await import("vite");
    await build({ root: ROOT, mode: "library", logLevel: "warn" });
    await build({ root: ROOT, mode: "embed-library", logLevel: "warn" });
    writeTypes();
    runNode(COMMAND, ["assets", LIBRARY]);
  });
}

/** Where the declarations of the rooms that the library's types reach lie, and where they belong: as the rooms do. */
const TYPES = {
  base: "base",
  protocol: "protocol",
  isolation: "isolation",
  switch: "switch",
  machine: "machine",
  embed: "embed",
  library: "library",
  "library/node": "library",
};

function writeTypes() {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  runNode(compiler, [
    "-b",
    "src/library/tsconfig.json",
    "src/library/tsconfig.node.json",
    "src/embed/tsconfig.json",
  ]);
  for (const [room, place] of Object.entries(TYPES)) {
    const from = join(ROOT, ".cache/types", room);
    const to = join(LIBRARY, "types", place);
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from).filter((file) => file.endsWith(".d.ts"))) {
      const text = readFileSync(join(from, name), "utf8");
      // Its sources and their maps stay at home.
      writeFileSync(
        join(to, name),
        text.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"').replace(/\n\/\/# sourceMappingURL=.*/, "\n"),
      );
    }
  }
}

/** The page, and the web client: the page with our own courses. */
export async function buildWeb() {
  ensureManual();
  await once("page", PAGE_INPUTS, [join(PAGE, "index.html")], async () => {
    const { build } = await import("vite");
    await build({ root: ROOT, mode: "production", logLevel: "warn" });
    await build({ root: ROOT, mode: "embed-page", logLevel: "warn" });
    await build({ root: ROOT, mode: "offline", logLevel: "warn" });
    rmSync(WEB, { recursive: true, force: true });
  });
  await once("web", WEB_INPUTS, [join(WEB, "index.html")], async () => {
    const { profiles } = JSON.parse(readFileSync(join(PAGE, "release.json"), "utf8"));
    const all = Object.keys(profiles).flatMap((name) => ["--profile", name]);
    runNode(COMMAND, ["build", "courses", "--out", WEB, ...all]);
  });
}

/** Everything that `dist/` holds. */
export async function buildAll() {
  await buildNode();
  ensureSnapshot();
  await buildLibrary();
  await buildWeb();
}

/** @type {Readonly<Record<string, () => Promise<void> | void>>} */
const PARTS = { node: buildNode, snapshot: ensureSnapshot, library: buildLibrary, web: buildWeb };

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
