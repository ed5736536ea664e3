/**
 * The one table of the house: which rooms there are, what each may import, and what each may know of its
 * surroundings (`lib`). `tools/house.mjs` writes the TypeScript projects and the linter's settings from it, and
 * `tools/oxlint-house.mjs` reads it for what those two cannot see. The prose of it is `docs/architecture.md`.
 */

import { builtinModules } from "node:module";
import { posix } from "node:path";

/**
 * @typedef {object} Room
 * @property {string} name How other rows name it: the path without `src/`.
 * @property {string} dir Where its TypeScript project lies, relative to the root; ends with `/`, or is empty.
 * @property {string[]} owns Its files: folders (ending with `/`) and single files. The longest match owns a file.
 * @property {string[]} may The rooms it may import; `protocol/embed.ts` means that one face only.
 * @property {string[]} starts The rooms whose entry it may name by URL (workers).
 * @property {string[]} lib
 * @property {string[]} types
 * @property {boolean} node Whether it runs under Node, and may import `node:` modules.
 * @property {"index" | "files"} face What others may import: `index.ts`, or every file at its top.
 */

const PLAIN = ["ES2023"];
const WORKER = ["ES2023", "WebWorker"];
const PAGE = ["ES2023", "DOM", "DOM.Iterable"];
const VITE = ["vite/client"];

/**
 * @param {string} name
 * @param {string[]} may
 * @param {string[]} lib
 * @param {Partial<Room>} [more]
 * @returns {Room}
 */
function room(name, may, lib, more = {}) {
  const dir = more.dir ?? `src/${name}/`;
  return { name, dir, owns: [dir], may, starts: [], lib, types: [], node: false, face: "index", ...more };
}

const MODEL = ["base", "protocol", "isolation"];
const UNDER_STATE = [...MODEL, "introspect", "switch", "machine", "lessons"];
const SOURCES = [...UNDER_STATE, "lessons/compile", "state", "views", "ui", "i18n", "app", "embed", "cli"];
const OFF_PAGE = new Set(["lessons/compile", "cli"]);
const FRONT = new Set(["ui", "views", "app"]);

/** @type {readonly Room[]} */
export const ROOMS = [
  room("base", [], WORKER),
  room("protocol", ["base", "isolation"], WORKER, { face: "files" }),
  room("isolation", ["base"], PLAIN),
  room("introspect", ["base", "isolation"], WORKER),
  room("switch", ["base", "protocol/network.ts"], WORKER),
  room("machine", [...MODEL, "switch"], PAGE, { types: VITE, starts: ["workers/machine"] }),
  room("lessons", MODEL, WORKER),
  room("lessons/compile", [...MODEL, "lessons"], PLAIN, { types: ["node"], node: true }),
  room("state", UNDER_STATE, WORKER),
  room("views", ["base", "isolation"], PAGE, { types: VITE }),
  room("ui", ["state", "views", "i18n"], PAGE, { types: VITE }),
  room("i18n", ["base"], PLAIN),
  room("app", [...SOURCES.filter((name) => !OFF_PAGE.has(name) && name !== "app"), "protocol"], PAGE, {
    types: VITE,
    starts: ["workers/machine"],
  }),
  room("embed", ["base", "protocol/embed.ts"], PAGE, { types: VITE }),
  room("library", [...MODEL, "machine"], PAGE, { types: VITE, starts: ["workers/machine"], face: "files" }),
  room("library/node", ["base", "machine", "cli", "library"], PLAIN, {
    dir: "src/library/",
    owns: ["src/library/node.ts", "src/library/node/"],
    types: ["node"],
    node: true,
  }),
  // `vivarium dev` serves with the server that `npm start` has: it has to run before anything is built.
  room(
    "cli",
    [...SOURCES.filter((name) => !FRONT.has(name) && name !== "cli"), "workers/machine", "tools"],
    PLAIN,
    { types: ["node"], node: true, starts: ["workers/machine", "workers/machine/node"] },
  ),
  room("workers/machine", [...MODEL, "introspect"], WORKER, {
    dir: "workers/machine/",
    face: "files",
    types: VITE,
  }),
  room("workers/machine/node", [...MODEL, "introspect", "workers/machine"], WORKER, {
    dir: "workers/machine/",
    owns: ["workers/machine/node.ts", "workers/machine/comlink-node.d.ts", "workers/machine/node/"],
    types: ["node"],
    node: true,
  }),
  room("workers/offline", ["protocol/offline.ts"], WORKER, { dir: "workers/offline/", face: "files" }),
  room("tools", [], PLAIN, { dir: "tools/", types: ["node"], node: true, face: "files" }),
  room("config", ["base", "lessons", "lessons/compile", "tools"], PLAIN, {
    dir: "",
    owns: ["vite.config.ts", "vitest.config.ts"],
    types: ["node"],
    node: true,
  }),
  room("tests/support", ["base", "machine", "tools"], PAGE, {
    dir: "tests/support/",
    types: ["node"],
    node: true,
    face: "files",
  }),
  room("tests", [...SOURCES, "workers/machine", "workers/machine/node", "tools", "tests/support"], PAGE, {
    dir: "tests/",
    types: ["node", "vite/client"],
    node: true,
    starts: ["workers/machine", "workers/machine/node"],
  }),
];

/** What every `*.test.ts` may import besides its room's own imports. */
export const TESTS_MAY = ["tests/support"];

/**
 * The packages that belong to a place: who may import them. A package that is not named here is free.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const PACKAGES = {
  v86: ["workers/machine"],
  comlink: ["machine", "embed", "app", "cli", "workers/machine", "workers/machine/node", "tests"],
  "@bokuweb/zstd-wasm": ["machine", "cli", "workers/machine", "workers/machine/node", "tools", "tests"],
  "idb-keyval": ["machine", "state", "app"],
  "@xterm/": ["views"],
  uplot: ["views"],
  preact: ["ui", "app"],
  "@preact/signals": ["ui", "app"],
  unified: ["lessons/compile"],
  "remark-": ["lessons/compile"],
  yaml: ["lessons/compile"],
  "workbox-": ["workers/offline"],
  "tar-stream": ["cli", "tools", "tests"],
  "playwright-core": ["tests", "tests/support", "tools"],
  vite: ["config", "tools", "tests"],
  vitest: ["config", "tests", "tests/support"],
};

/** Packages that any `*.test.ts` may import. */
export const TEST_PACKAGES = ["vitest", "tar-stream"];

const BY_NAME = new Map(ROOMS.map((one) => [one.name, one]));
const BUILTINS = new Set(builtinModules);
const TEST_FILE = /\.test\.tsx?$/;
const CODE_FILE = /\.[cm]?[jt]sx?$/;

/**
 * @param {string} name
 * @returns {Room}
 */
export function roomNamed(name) {
  const found = BY_NAME.get(name);
  if (!found) throw new Error(`No room is named ${name}; see tools/rooms.mjs`);
  return found;
}

/**
 * @param {string} path Relative to the root, with `/`.
 * @returns {Room | undefined}
 */
export function roomOf(path) {
  let best;
  let length = -1;
  for (const one of ROOMS) {
    for (const place of one.owns) {
      const fits = place.endsWith("/") ? path.startsWith(place) : path === place;
      if (fits && place.length > length) {
        best = one;
        length = place.length;
      }
    }
  }
  return best;
}

/** @param {string} path */
function isTest(path) {
  return TEST_FILE.test(path);
}

/**
 * Whether `path` is a file of `target` that other rooms may import.
 *
 * @param {Room} target
 * @param {string} path
 * @returns {boolean}
 */
function isFace(target, path) {
  if (isTest(path)) return false;
  const inside = target.owns.find((place) => place.endsWith("/") && path.startsWith(place));
  if (inside === undefined) return true;
  const rest = path.slice(inside.length);
  return target.face === "files" ? !rest.includes("/") : rest === "index.ts";
}

/**
 * @param {string} specifier A bare specifier.
 * @param {string} entry A key of PACKAGES.
 */
function isPackage(specifier, entry) {
  if (/[-/]$/.test(entry)) return specifier.startsWith(entry);
  return specifier === entry || specifier.startsWith(`${entry}/`);
}

/**
 * Judges one import or URL.
 *
 * @param {string} from The importing file, relative to the root.
 * @param {string} specifier As written.
 * @param {"import" | "url"} kind `url` for `new URL(…, import.meta.url)`, `new Worker(…)` and the like.
 * @returns {string | undefined} Why it is refused; undefined if it is allowed.
 */
export function refusal(from, specifier, kind) {
  const source = roomOf(from);
  if (!source) return undefined;
  const [bare = "", query = ""] = specifier.split(/[?#]/, 2);
  const byUrl = kind === "url" || /(^|&)(worker|sharedworker|url)(&|=|$)/.test(query);
  if (bare.startsWith(".")) {
    return refusalOfPath(source, from, posix.join(posix.dirname(from), bare), byUrl);
  }
  if (kind === "url") {
    return bare.startsWith("/")
      ? `${specifier} is absolute: the product must work under any sub-path`
      : undefined;
  }
  if (bare.startsWith("/") || bare.startsWith("#") || bare === "vivarium" || bare.startsWith("vivarium/")) {
    return `${specifier}: imports within the project are relative`;
  }
  return refusalOfPackage(source, from, bare);
}

/**
 * @param {Room} source
 * @param {string} from
 * @param {string} path
 * @param {boolean} byUrl
 * @returns {string | undefined}
 */
function refusalOfPath(source, from, path, byUrl) {
  const target = roomOf(path);
  if (!target) {
    const loose = CODE_FILE.test(path) && !source.node && !path.startsWith("courses/");
    return loose || path.startsWith("node_modules/")
      ? `${path} belongs to no room of tools/rooms.mjs`
      : undefined;
  }
  if (target === source) {
    return isTest(path) && !isTest(from) ? `${path} is a test: nothing imports it` : undefined;
  }
  if (byUrl && source.starts.includes(target.name)) return undefined;
  const may = isTest(from) ? [...source.may, ...TESTS_MAY] : source.may;
  const face = posix.relative("src", path);
  if (!byUrl && may.includes(face)) return undefined;
  if (byUrl || !may.includes(target.name)) {
    const how = byUrl ? "name a URL in" : "import";
    return `${source.name} may not ${how} ${target.name} (it may: ${may.join(", ") || "nothing"})`;
  }
  return isFace(target, path) ? undefined : `${path} lies behind the face of ${target.name}`;
}

/**
 * @param {Room} source
 * @param {string} from
 * @param {string} bare
 * @returns {string | undefined}
 */
function refusalOfPackage(source, from, bare) {
  if (BUILTINS.has(bare)) return `write node:${bare}`;
  if (bare.startsWith("node:")) {
    return source.node || isTest(from)
      ? undefined
      : `${source.name} also runs in the page, where ${bare} is not`;
  }
  for (const [entry, rooms] of Object.entries(PACKAGES)) {
    if (!isPackage(bare, entry) || rooms.includes(source.name)) continue;
    if (isTest(from) && TEST_PACKAGES.includes(entry)) continue;
    return `${bare} is imported only by ${rooms.join(", ")}`;
  }
  return undefined;
}
