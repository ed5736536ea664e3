/** The package as it would be published: what it holds is enough to run it, and to check a program that uses it. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { DevCommand } from "../support/courses-command.ts";
import { shared } from "../support/guest.ts";
import { runNode } from "../support/run-program.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the package needs of others, and the examples of theirs. */
const OTHERS = ["@bokuweb/zstd-wasm", "comlink", "v86", "valibot", "@xterm/xterm", "@types/node", "vite"];

/** A folder in which somebody has installed the package. */
const user = shared(
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "vivarium-package-"));
    const packed = execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", dir], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    const modules = join(dir, "node_modules");
    mkdirSync(join(modules, "vivarium"), { recursive: true });
    execFileSync("tar", [
      "-xzf",
      join(dir, filename),
      "-C",
      join(modules, "vivarium"),
      "--strip-components=1",
    ]);
    for (const name of OTHERS) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
    writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
    return dir;
  },
  (dir) => rmSync(dir, { recursive: true }),
);

test("a machine starts from the package alone, and so does the command", async () => {
  cpSync(join(ROOT, "examples/node/run.mjs"), join(user(), "run.mjs"));
  const ended = await runNode(join(user(), "run.mjs"), [], { cwd: user() });
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toContain("process 1 in a PID namespace of its own\n");

  const command = join(user(), "node_modules/vivarium/dist/node/vivarium.js");
  const ran = await runNode(command, ["run", "--profile", "containers", "--", "podman", "--version"]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^podman version 4\./) });
  const refused = await runNode(command, ["run", "--profile", "nothing", "--", "true"]);
  expect(refused.stderr).toContain('there is no profile "nothing"; there is: base, containers');
});

test("a course of somebody's own is shown and built from the package alone", async () => {
  const cwd = user();
  const command = join(cwd, "node_modules/vivarium/dist/node/vivarium.js");
  await runNode(command, ["new", "course", "courses", "mine"], { cwd });
  await runNode(command, ["new", "lesson", "courses/mine", "first"], { cwd });
  const built = await runNode(command, ["build", "courses"], { cwd });
  expect(built).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^site: 1 lesson/) });
  const site = join(cwd, "site");
  expect(readFileSync(join(site, "index.html"), "utf8")).toContain('"id":"mine/first"');
  expect(readdirSync(join(site, "courses/mine"))).toHaveLength(1);
  const [stored] = readdirSync(join(site, "store"));

  const dev = new DevCommand(command, ["courses/mine", "--port", "0"], cwd);
  try {
    const url = await dev.url();
    const get = (path: string): Promise<Response> => fetch(new URL(path, url));
    expect(await (await get("")).text()).toContain('"live":true,"courses":[{"id":"mine"');
    expect((await get(`store/${stored}`)).status).toBe(200);
    expect((await get("about/about.json")).status).toBe(200);
    expect(await dev.interrupt()).toBe(0);
  } finally {
    dev.dispose();
  }
});

const USE = `
import { CodedError, createMachine, type Machine, type Observation } from "vivarium";

const machine: Machine = await createMachine({ profile: "base", memory: 160, assets: "/srv/vivarium/" });
const { status, stdout } = await machine.exec({ argv: ["true"] });
export const code: number | undefined = status.how === "exited" ? status.code : undefined;
export const bytes: Uint8Array = stdout;
export const seen: Observation = await machine.observe();
try {
  await machine.readFile("/nowhere");
} catch (error) {
  if (error instanceof CodedError && error.code === "file-failed") machine.dispose();
}
// @ts-expect-error profiles have names
await createMachine({ profile: 3 });
// @ts-expect-error there is no command
await machine.exec({});
// @ts-expect-error there is no such code
export const wrong = new CodedError("no-such-code", "…");
`;

const EMBED_USE = `
import { connect, EmbedError, type LabHandle, type Observation } from "vivarium/embed";

const element = document.createElement("vivarium-lab");
element.actor = { account: { homePage: "https://school.example", name: "s-4711" } };
element.addEventListener("vivarium-completed", ({ detail }) => console.log(detail.statement.verb.id));
element.addEventListener("vivarium-step", ({ detail }) => {
  // @ts-expect-error a step that was opened has seen nothing
  console.log(detail.observations);
  if (detail.kind === "done") console.log(detail.observations["machine-1"]?.processes.length);
});
const lab: LabHandle = await connect(document.createElement("iframe"), { origin: "null" });
try {
  await lab.run("id", { terminal: "one" });
} catch (error) {
  if (error instanceof EmbedError && error.code === "frame-gone") lab.dispose();
}
export const seen: Observation | undefined = Object.values(await lab.observe())[0];
// @ts-expect-error there is no such event
lab.on("finished", () => undefined);
`;

describe("types", () => {
  test.each([
    ["bundler", ["ES2023", "DOM"], [], false],
    // Declarations of what lies below name types of a browser; a program without them skips the check of libraries.
    ["nodenext", ["ES2023"], ["node"], true],
  ])("resolve for a program of %s", async (resolution, lib, types, skipLibCheck) => {
    const dir = join(user(), resolution);
    mkdirSync(dir);
    writeFileSync(join(dir, "use.ts"), USE);
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: "es2023", skipLibCheck },
      ...{ module, moduleResolution: resolution, lib, types },
    };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["use.ts"] }));
    expect(await compile(dir)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("resolve for a course page", async () => {
    const dir = join(user(), "course");
    mkdirSync(dir);
    writeFileSync(join(dir, "use.ts"), EMBED_USE);
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: "es2023", module: "esnext", moduleResolution: "bundler" },
      ...{ lib: ["ES2023", "DOM"], types: [], skipLibCheck: true },
    };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["use.ts"] }));
    expect(await compile(dir)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("resolve for the example with Vite", async () => {
    const dir = join(user(), "vite");
    cpSync(join(ROOT, "examples/vite"), dir, { recursive: true });
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: "es2023", module: "esnext", moduleResolution: "bundler" },
      ...{ lib: ["ES2023", "DOM"], types: ["vite/client"], skipLibCheck: true },
    };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["main.ts"] }));
    expect(await compile(dir)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

function compile(dir: string): ReturnType<typeof runNode> {
  return runNode(join(ROOT, "node_modules/typescript/bin/tsc"), ["-p", dir]);
}
