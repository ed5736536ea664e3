import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { generated } from "../../tools/house.mjs";
import { ROOMS } from "../../tools/rooms.mjs";

const ROOT = resolve(import.meta.dirname, "../..");

/** Ways to reach another file, by the name of the form; `X` is its relative path. */
const IMPORTS = {
  static: 'import { value } from "X";\nexport const use: number = value;\n',
  type: 'import type { Kind } from "X";\nexport type Use = Kind;\n',
  reexport: 'export { value } from "X";\n',
  star: 'export * from "X";\n',
  dynamic: 'export const use: Promise<unknown> = import("X");\n',
};
const OTHERS = {
  "import in a type": 'export type Use = import("X").Kind;\n',
  "worker query": 'import url from "X?worker&url";\nexport const use: unknown = url;\n',
  url: 'export const use: unknown = new URL("X", import.meta.url);\n',
  worker: 'export const use: unknown = new Worker(new URL("X", import.meta.url), { type: "module" });\n',
  glob: 'export const use: unknown = import.meta.glob("X");\n',
  reference: '/// <reference path="X" />\nexport const use: number = 1;\n',
};
const FORMS: Readonly<Record<string, string>> = { ...IMPORTS, ...OTHERS };
const FACE = "export const value: number = 1;\nexport type Kind = 1;\n";

/** The rooms whose edges are tried, with the file that stands for each. */
const FACES: ReadonlyMap<string, string> = new Map(
  ROOMS.filter(({ dir }) => dir.startsWith("src/") || dir.startsWith("workers/")).map((room) => {
    if (room.name === "protocol") return [room.name, "src/protocol/machine.ts"];
    if (room.name === "workers/machine") return [room.name, "workers/machine/worker.ts"];
    if (room.name === "library") return [room.name, "src/library/options.ts"];
    if (room.name.endsWith("/node")) return [room.name, room.owns[0] ?? ""];
    return [room.name, `${room.dir}index.ts`];
  }),
);

interface Edge {
  readonly from: string;
  readonly to: string;
}

const ROOM = new Map(ROOMS.map((room) => [room.name, room]));
const EDGES: readonly Edge[] = [...FACES.keys()].flatMap((from) =>
  [...FACES.keys()].filter((to) => to !== from).map((to) => ({ from, to })),
);
const ALLOWED = EDGES.filter(({ from, to }) => ROOM.get(from)?.may.includes(to));
const FORBIDDEN = EDGES.filter((edge) => !ALLOWED.includes(edge));

/** What TypeScript lets a room see: a project also sees what the projects that it refers to refer to. */
function reach(name: string): Set<string> {
  const seen = new Set<string>();
  const visit = (room: string): void => {
    for (const next of (ROOM.get(room)?.may ?? []).map((entry) => entry.replace(/\/[^/]+\.ts$/, ""))) {
      if (!seen.has(next)) {
        seen.add(next);
        visit(next);
      }
    }
  };
  visit(name);
  return seen;
}

/** Where the file that tries an edge lies: in the room's own folder, and for a room that has none, `node/`. */
function fileOf({ from, to }: Edge, form: string): string {
  const room = ROOM.get(from);
  const folder = from.endsWith("/node") ? room?.owns.find((place) => place.endsWith("/")) : room?.dir;
  return `${folder}try-${to.replaceAll("/", "-")}-${form.replaceAll(" ", "-")}.ts`;
}

function lines(edge: Edge, form: string): string {
  const path = posix.relative(posix.dirname(fileOf(edge, form)), FACES.get(edge.to) ?? "");
  return (FORMS[form] ?? "").replaceAll("X", path.startsWith(".") ? path : `./${path}`);
}

const scratches: string[] = [];

/** A copy of the house with a face in each room and the given files, and nothing else. */
function house(files: ReadonlyMap<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "vivarium-house-")));
  scratches.push(root);
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  for (const path of ["package.json", "tsconfig.base.json", "tools/rooms.mjs", "tools/oxlint-house.mjs"]) {
    cpSync(join(ROOT, path), join(root, path));
  }
  for (const [path, text] of generated()) put(path, text);
  const rooms = (
    JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as { references: { path: string }[] }
  ).references;
  const tried = rooms.filter(({ path }) => /^\.\/(src|workers)\//.test(path) && !path.endsWith(".test.json"));
  put("tsconfig.json", JSON.stringify({ files: [], references: tried }));
  const lint = { jsPlugins: ["./tools/oxlint-house.mjs"], extends: ["./.oxlintrc.rooms.json"] };
  const rules = { categories: { correctness: "off" }, rules: { "house/rooms": "error" } };
  put(".oxlintrc.json", JSON.stringify({ ...lint, ...rules }));
  for (const path of FACES.values()) put(path, FACE);
  for (const [path, text] of files) put(path, text);
  return root;
}

function run(
  root: string,
  script: string,
  words: readonly string[],
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const command = [join(ROOT, "node_modules", script), ...words];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output: stdout + stderr });
    });
  });
}

/** The files that TypeScript refuses because of what they reach. */
async function tsc(root: string): Promise<{ code: number; refused: Set<string>; output: string }> {
  const { code, output } = await run(root, "typescript/bin/tsc", ["-b", "--pretty", "false"]);
  const found = output.matchAll(/^([^\s(]+)\(\d+,\d+\): error TS6307/gm);
  return { code, output, refused: new Set([...found].map(([, path = ""]) => path)) };
}

/** The files that each of the two rules refuses. */
async function oxlint(
  root: string,
): Promise<{ code: number; rooms: Set<string>; restricted: Set<string>; output: string }> {
  const { code, output } = await run(root, "oxlint/bin/oxlint", ["-f", "unix", "src", "workers"]);
  const by = (rule: string): Set<string> =>
    new Set(
      output
        .split("\n")
        .filter((line) => line.endsWith(`${rule}]`))
        .map((line) => line.replace(/:\d+:\d+: .*$/, "")),
    );
  return { code, output, rooms: by("house(rooms)"), restricted: by("eslint(no-restricted-imports)") };
}

function filesFor(edges: readonly Edge[], forms: readonly string[]): Map<string, string> {
  return new Map(
    edges.flatMap((edge) => forms.map((form) => [fileOf(edge, form), lines(edge, form)] as const)),
  );
}

function say({ from, to }: Edge, form: string): string {
  return `${from} → ${to} (${form})`;
}

afterAll(() => {
  for (const root of scratches) rmSync(root, { recursive: true, force: true });
});

describe("an edge that the table does not have", () => {
  it("is among those that are tried", () => {
    const names = FORBIDDEN.map((edge) => say(edge, ""));
    expect(names).toContain("base → ui ()");
    expect(names).toContain("state → lessons/compile ()");
    expect(names).toContain("views → workers/machine ()");
    expect(FORBIDDEN.length).toBeGreaterThan(120);
  });

  it("is refused by the linter in every form, and twice where it is an import", async () => {
    const imports = Object.keys(IMPORTS);
    const { rooms, restricted } = await oxlint(house(filesFor(FORBIDDEN, Object.keys(FORMS))));
    const missed: string[] = [];
    for (const edge of FORBIDDEN) {
      const startable = ROOM.get(edge.from)?.starts.includes(edge.to) === true;
      for (const form of Object.keys(FORMS)) {
        const mayStart = startable && ["url", "worker", "worker query"].includes(form);
        const path = fileOf(edge, form);
        if (rooms.has(path) === mayStart) missed.push(`house/rooms: ${say(edge, form)}`);
        if (imports.includes(form) && !restricted.has(path)) missed.push(`restricted: ${say(edge, form)}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it.each(["static", "type", "reexport", "dynamic"])(
    "is refused by TypeScript as %s import",
    async (form) => {
      const edges = FORBIDDEN.filter(({ from, to }) => !reach(from).has(to));
      expect(edges.length).toBeGreaterThan(100);
      const { refused } = await tsc(house(filesFor(edges, [form])));
      expect(edges.filter((edge) => !refused.has(fileOf(edge, form))).map((edge) => say(edge, form))).toEqual(
        [],
      );
    },
  );
});

describe("an edge that the table has", () => {
  it("passes both, in every form of import", async () => {
    expect(ALLOWED.length).toBeGreaterThan(40);
    const forms = Object.keys(IMPORTS).concat("import in a type");
    const root = house(filesFor(ALLOWED, forms));
    const [types, lint] = await Promise.all([tsc(root), oxlint(root)]);
    expect(types.output).toBe("");
    expect(types.code).toBe(0);
    expect(lint.output).toMatch(/^\s*$|0 problems/);
    expect(lint.code).toBe(0);
  });
});

describe("the linter", () => {
  const refused = new Map([
    ["src/state/past-the-face.ts", 'export { value } from "../machine/inner.ts";\n'],
    ["src/embed/other-wire.ts", 'export { value } from "../protocol/machine.ts";\n'],
    ["src/ui/node-module.ts", 'import { join } from "node:path";\nexport const use: unknown = join;\n'],
    ["src/ui/bare-node-module.ts", 'import { join } from "path";\nexport const use: unknown = join;\n'],
    ["src/machine/emulator.ts", 'import { V86 } from "v86";\nexport const use: unknown = V86;\n'],
    ["src/machine/emulator-type.ts", 'export type { V86 } from "v86";\n'],
    ["src/machine/emulator-dynamic.ts", 'export const use: unknown = import("v86");\n'],
    ["src/cli/emulator.ts", 'export const use: unknown = import("v86");\n'],
    ["src/base/computed.ts", "export const use = (name: string): unknown => import(name);\n"],
    ["src/app/absolute.ts", 'export const use: unknown = new Worker("/assets/worker.js");\n'],
    ["src/app/own-name.ts", 'export { value } from "vivarium/ui";\n'],
    ["src/base/roomless.ts", 'export { value } from "../loose.ts";\n'],
    ["src/base/imports-test.ts", 'export { value } from "./some.test.ts";\n'],
    ["src/base/sub/ui.test.ts", 'export { value } from "../../ui/index.ts";\n'],
  ]);
  const allowed = new Map([
    ["src/embed/wire.ts", 'export { value } from "../protocol/embed.ts";\n'],
    ["src/base/sub/deep.ts", 'export { value } from "../index.ts";\n'],
    [
      "src/base/some.test.ts",
      'import { readFileSync } from "node:fs";\nimport { expect } from "vitest";\nexport const use: unknown = [readFileSync, expect];\n',
    ],
    [
      "src/machine/worker.ts",
      'export const use: unknown = new Worker(new URL("../../workers/machine/worker.ts", import.meta.url));\n',
    ],
    ["workers/machine/emulator.ts", 'import { V86 } from "v86";\nexport const use: unknown = V86;\n'],
    ["src/app/style.ts", 'import "./style.css";\nexport { value } from "../ui/index.ts";\n'],
  ]);

  it("refuses what lies behind a face, packages out of place, and what cannot be judged", async () => {
    const { rooms } = await oxlint(house(new Map([...refused, ...allowed])));
    expect([...rooms].toSorted()).toEqual([...refused.keys()].toSorted());
  });
});
