/**
 * Writes what follows from `tools/rooms.mjs`: one TypeScript project per room and one for its tests, the root
 * project that names them all, and the linter's `no-restricted-imports` per room.
 *
 * `node tools/house.mjs` writes; `node tools/house.mjs --check` only says what is out of date, and fails then.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { PACKAGES, ROOMS, TEST_PACKAGES, TESTS_MAY, roomNamed } from "./rooms.mjs";

/** @typedef {import("./rooms.mjs").Room} Room */

const ROOT = resolve(import.meta.dirname, "..");
const NOTE = "Written by tools/house.mjs from tools/rooms.mjs: do not edit.";
const LINT_FILE = ".oxlintrc.rooms.json";

/** @param {Room} room */
function projectFile(room) {
  if (room.name === "config") return "tsconfig.config.json";
  return `${room.dir}${room.dir === room.owns[0] ? "tsconfig.json" : `tsconfig.${posix.basename(room.name)}.json`}`;
}

/** @param {Room} room */
function testProjectFile(room) {
  return projectFile(room).replace(/\.json$/, ".test.json");
}

/**
 * Rooms that are tests as a whole, or whose files are single ones, have no tests of their own.
 *
 * @param {Room} room
 */
function hasTests(room) {
  return room.owns[0] === room.dir && !room.name.startsWith("tests") && room.name !== "config";
}

/**
 * @param {string} from
 * @param {string} to
 */
function relative(from, to) {
  const path = posix.relative(from, to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** @param {string} entry An entry of `may`. */
function roomOfEntry(entry) {
  return roomNamed(entry.endsWith(".ts") ? posix.dirname(entry) : entry);
}

/**
 * @param {Room} room
 * @param {boolean} tests
 */
function project(room, tests) {
  const dir = room.dir === "" ? "." : room.dir;
  const code = room.name === "tools" ? ["mjs"] : ["ts", "tsx"];
  const all = (/** @type {string} */ place) => code.map((end) => `${place}**/*.${end}`);
  const own = room.owns.map((place) => place.slice(room.dir.length));
  const nested = ROOMS.filter((one) => one !== room).flatMap((one) =>
    one.owns.filter((place) => room.owns.some((mine) => mine.endsWith("/") && place.startsWith(mine))),
  );
  const exclude = nested.map((place) => place.slice(room.dir.length).replace(/\/$/, "/**"));
  const names = [...new Set([...room.may, ...(tests ? TESTS_MAY : [])].map((entry) => roomOfEntry(entry)))];
  const references = (tests ? [room, ...names] : names).map((one) => ({
    path: relative(dir, projectFile(one)),
  }));
  const cache = relative(dir, `.cache/types/${tests ? `${room.name}.test` : room.name}`);
  const include = tests
    ? ["**/*.test.ts", "**/*.test.tsx"]
    : own.flatMap((place) => (place === "" || place.endsWith("/") ? all(place) : [place]));
  const isTestRoom = room.name.startsWith("tests");
  return {
    "//": NOTE,
    extends: relative(dir, "tsconfig.base.json"),
    compilerOptions: {
      ...(room.name === "tools" ? { checkJs: true } : {}),
      ...(room.may.includes("tools") || room.name === "tools" ? { allowJs: true } : {}),
      lib: room.lib,
      types: tests && !room.types.includes("node") ? [...room.types, "node"] : room.types,
      rootDir: ".",
      outDir: cache,
      tsBuildInfoFile: `${cache}/.tsbuildinfo`,
    },
    include,
    exclude: tests || isTestRoom ? exclude : ["**/*.test.ts", "**/*.test.tsx", ...exclude],
    references,
  };
}

/** @param {string} text */
function quoted(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/**
 * The beginning of a relative path that leads from one room's files into another's, as a regular expression. The
 * linter's expressions know no look-ahead, and it does not resolve paths; `tools/oxlint-house.mjs` does both.
 *
 * @param {Room} from
 * @param {string} place
 */
function leading(from, place) {
  if (place.startsWith(from.dir) && from.dir !== "")
    return `^(\\./|(\\.\\./)+)${quoted(place.slice(from.dir.length))}`;
  for (const top of ["src/", "workers/"])
    if (from.dir.startsWith(top) && place.startsWith(top))
      return `^(\\.\\./)+(${quoted(top)})?${quoted(place.slice(top.length))}`;
  return `^${from.dir === "" ? "\\./" : "(\\.\\./)+"}${quoted(place)}`;
}

/**
 * @param {Room} room
 * @param {boolean} tests
 */
function restrictions(room, tests) {
  const may = [...room.may, ...(tests ? TESTS_MAY : [])];
  /** @type {{ regex?: string, group?: string[], message: string }[]} */
  const patterns = [];
  for (const other of ROOMS) {
    if (other === room) continue;
    const single = may.find((entry) => entry !== other.name && roomOfEntry(entry) === other);
    if (single !== undefined) {
      patterns.push({
        group: [`../**/${other.name}/**`, `../${other.name}/**`, `!../**/${single}`, `!../${single}`],
        message: `${room.name} may import only ${single} of ${other.name}.`,
      });
    } else if (may.includes(other.name)) {
      if (other.face === "index" && other.owns[0] === other.dir) {
        const inner = ROOMS.filter(
          (one) => one.dir.startsWith(other.dir) && one !== other && may.includes(one.name),
        );
        const faces = [other, ...inner].flatMap((one) => [
          `!../**/${one.name}/index.ts`,
          `!../${one.name}/index.ts`,
        ]);
        // `workers/machine` ends like `machine` and is judged by its own row, so "anywhere above" would be too much.
        const namesake = ROOMS.some((one) => one !== other && one.dir.endsWith(`/${other.name}/`));
        const places = namesake
          ? [`../../${other.name}/**`, `../**/${other.dir}**`]
          : [`../**/${other.name}/**`];
        // A room inside this one is reached and judged by its own rows.
        if (!other.dir.startsWith(room.dir) && !room.dir.startsWith(other.dir)) {
          patterns.push({
            group: [...places, `../${other.name}/**`, ...faces],
            message: `The face of ${other.name} is its index.ts.`,
          });
        }
      }
    } else {
      const startable = room.starts.includes(other.name);
      for (const place of other.owns) {
        const inside = ROOMS.filter(
          (one) => one.dir.startsWith(place) && one !== other && may.includes(one.name),
        );
        if (place.endsWith("/") && inside.length > 0) {
          patterns.push({
            group: [`../**/${place}**`, ...inside.map((one) => `!../**/${one.dir}**`)],
            message: `${room.name} may import only ${inside.map((one) => one.name).join(", ")} of ${other.name}.`,
          });
          continue;
        }
        const end = place.endsWith("/") ? `(/${startable ? "[^?]*" : ""}|$)` : "";
        patterns.push({
          regex: `${leading(room, place.replace(/\/$/, ""))}${end}${startable ? "$" : ""}`,
          message: `${room.name} may not import ${other.name}.`,
        });
      }
    }
  }
  if (!room.node && !tests)
    patterns.push({ regex: "^node:", message: `${room.name} also runs in the page.` });
  for (const [entry, rooms] of Object.entries(PACKAGES)) {
    if (rooms.includes(room.name) || (tests && TEST_PACKAGES.includes(entry))) continue;
    const end = /[-/]$/.test(entry) ? "" : "(/|$)";
    patterns.push({
      regex: `^${quoted(entry)}${end}`,
      message: `Only ${rooms.join(", ")} may import ${entry}.`,
    });
  }
  return { "no-restricted-imports": ["error", { patterns: patterns }] };
}

function lintSettings() {
  const overrides = [];
  for (const room of ROOMS) {
    const files = room.owns.map((place) => (place.endsWith("/") ? `${place}**` : place));
    const tests = room.owns
      .filter((place) => place.endsWith("/"))
      .flatMap((place) => [`${place}**/*.test.ts`, `${place}**/*.test.tsx`]);
    overrides.push({ files, rules: restrictions(room, false) });
    if (hasTests(room)) overrides.push({ files: tests, rules: restrictions(room, true) });
  }
  return { overrides };
}

/**
 * Every file that follows from the table.
 *
 * @returns {Map<string, string>} Path relative to the root → content.
 */
export function generated() {
  /** @type {Map<string, unknown>} */
  const files = new Map();
  const projects = [];
  for (const room of ROOMS) {
    projects.push(projectFile(room));
    files.set(projectFile(room), project(room, false));
    if (!hasTests(room)) continue;
    projects.push(testProjectFile(room));
    files.set(testProjectFile(room), project(room, true));
  }
  files.set("tsconfig.json", {
    "//": NOTE,
    files: [],
    references: projects.map((path) => ({ path: `./${path}` })),
  });
  files.set(LINT_FILE, lintSettings());
  return new Map([...files].map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]));
}

/** @param {string} path */
function current(path) {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return undefined;
  }
}

function main() {
  const stale = [...generated()].filter(([path, text]) => current(path) !== text);
  if (process.argv.includes("--check")) {
    for (const [path] of stale)
      console.error(`${path} does not follow from tools/rooms.mjs: run node tools/house.mjs`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
