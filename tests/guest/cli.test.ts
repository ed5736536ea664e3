import { spawn, type SpawnOptions } from "node:child_process";
import { cp, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND, ROOT } from "../../tools/build.mjs";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(
  file: string,
  args: readonly string[],
  stdin = "",
  options: SpawnOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    child.stdout?.on("data", (bytes: Buffer) => (said.stdout += bytes.toString()));
    child.stderr?.on("data", (bytes: Buffer) => (said.stderr += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(stdin);
  });
}

const vivarium = (args: readonly string[], stdin?: string): Promise<Ended> =>
  launch(process.execPath, [COMMAND, ...args], stdin);

const folder = shared(
  () => mkdtemp(join(tmpdir(), "vivarium-test-")),
  (path) => rm(path, { recursive: true }),
);

test("passes stdin, stdout, stderr and the exit code through", async () => {
  const ended = await vivarium(["run", "--", "sh", "-c", "tr a-z A-Z; echo oops >&2; exit 3"], "hello ä\n");
  expect(ended).toEqual({ code: 3, stdout: "HELLO ä\n", stderr: "oops\n" });
});

test("gives a signal and a timeout the exit codes that shells give", async () => {
  expect((await vivarium(["run", "--", "sh", "-c", "kill -KILL $$"])).code).toBe(137);
  const late = await vivarium(["run", "--timeout", "0.5", "--", "sleep", "60"]);
  expect(late.code).toBe(124);
  expect(late.stderr).toContain("stopped after 0.5 s");
});

test("prints one JSON object when asked to", async () => {
  const ended = await vivarium(["run", "--json", "--user", "learner", "--", "sh", "-c", "id -un; exit 4"]);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    status: { how: "exited", code: 4 },
    exitCode: 4,
    stdout: "learner\n",
    stderr: "",
  });
  expect(ended.code).toBe(4);
});

test("copies files and folders in and out", async () => {
  await mkdir(join(folder(), "src/deep"), { recursive: true });
  await writeFile(join(folder(), "src/deep/a.txt"), "one\n");
  await writeFile(join(folder(), "src/run.sh"), "#!/bin/sh\ncat $(dirname $0)/deep/a.txt\n", { mode: 0o755 });
  await symlink("deep/a.txt", join(folder(), "src/link"));
  const binary = Uint8Array.from({ length: 200_000 }, (_, i) => i % 256);
  await writeFile(join(folder(), "data.bin"), binary);
  const ended = await vivarium([
    "run",
    ...["--copy-in", `${folder()}/src:/work`, "--copy-in", `${folder()}/data.bin:/work/in/`],
    ...["--copy-out", `/work:${folder()}/out`, "--copy-out", `/work/in/data.bin:${folder()}/back.bin`],
    ...[
      "--",
      "sh",
      "-c",
      "/work/run.sh && cat /work/link && mkfifo /work/pipe && echo two >/work/deep/b.txt",
    ],
  ]);
  expect(ended).toEqual({ code: 0, stdout: "one\none\n", stderr: "" });
  expect(await readFile(join(folder(), "out/deep/b.txt"), "utf8")).toBe("two\n");
  expect(new Uint8Array(await readFile(join(folder(), "back.bin")))).toEqual(binary);
});

test("waits for files that are not there, says so, and goes on when they come", async () => {
  // A package of its own, whose store the test can take away.
  const home = join(folder(), "package");
  const store = join(ROOT, "images/prebuilt/store");
  for (const path of ["dist/node", ".cache/snapshots", "images"])
    await cp(join(ROOT, path), join(home, path), { recursive: true, filter: (source) => source !== store });
  await symlink(join(ROOT, "node_modules"), join(home, "node_modules"));

  const command = join(home, "dist/node/vivarium.js");
  const child = spawn(process.execPath, [command, "run", "--", "nano", "--version"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (said.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (said.stderr += bytes.toString()));
  await poll(() => said.stderr.includes("waits for a part of its file system"), { timeout: 60_000 });
  expect(said.stderr).toMatch(/is not in the store .*nothing is lost/);
  expect(said.stdout).toBe("");
  await symlink(store, join(home, "images/prebuilt/store"));
  expect(await ended).toBe(0);
  expect(said.stdout).toMatch(/GNU nano/);
  // One sentence a file, not one an attempt.
  expect(said.stderr.match(/waits for/g)?.length).toBe(1);
  expect(said.stderr).toContain("the machine goes on");
});

test("boots cold with the memory asked for", async () => {
  const ended = await vivarium([
    "run",
    "--firmware",
    "--memory",
    "160",
    "--",
    "awk",
    "/MemTotal/{print $2}",
    "/proc/meminfo",
  ]);
  expect(ended.code).toBe(0);
  expect(Number(ended.stdout)).toBeGreaterThan(146 * 1024);
  expect(Number(ended.stdout)).toBeLessThan(160 * 1024);
});

test("is a terminal when asked to be one", async () => {
  // script(1) lends it a terminal; what is typed comes from here.
  const command = `stty cols 90 rows 33; ${process.execPath} ${COMMAND} run --tty`;
  const ended = await launch("script", ["-qec", command, "/dev/null"], "stty size; tty; exit 5\n");
  expect(ended.stdout).toContain("33 90");
  expect(ended.stdout).toMatch(/\/dev\/pts\/\d+/);
  expect(ended.code).toBe(5);
});

test("says what is wrong with what it was asked, and how to ask", async () => {
  const cases: [string[], RegExp][] = [
    [["run"], /no command to run/],
    [["run", "--memory", "much", "--", "true"], /--memory wants a number/],
    [["run", "--memory", "8", "--", "true"], /needs at least \d+ MiB/],
    [["run", "--profile", "nothing", "--", "true"], /no profile "nothing"; there is: base/],
    [["run", "--copy-in", "nowhere", "--", "true"], /not of the form SRC:DST/],
    [["run", "--copy-in", "/does/not/exist:/tmp/x", "--", "true"], /cannot be read/],
    [["run", "--no-such-option"], /no-such-option/],
    [["dance"], /no command "dance"/],
  ];
  for (const [args, words] of cases) {
    const ended = await vivarium(args);
    expect(ended.stderr).toMatch(words);
    expect(ended.code).toBe(125);
  }
  expect((await vivarium(["--help"])).stdout).toContain("vivarium run");
});

test("a guest that panics under a command is told with the kernel's words", async () => {
  const ended = await vivarium(["run", "--", "sh", "-c", "echo c >/proc/sysrq-trigger; sleep 60"]);
  expect(ended.code).toBe(125);
  expect(ended.stderr).toContain("sysrq triggered crash");
});
