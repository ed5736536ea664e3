/** `images/build`: whatever goes wrong, it says so, the old artifacts stand as they were, and nothing is left behind. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { MOMENT_MS, type Run, Sandbox } from "./sandbox.ts";

const OLD = '{"old": true, "totals": {"stored": 1}}\n';
const STANDS = "the old artifacts stand";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.dispose());

/** Runs a build that is to fail. */
async function expectRefusal(sentence: string, status = 1): Promise<void> {
  const before = box.state();
  const ended = await box.run("build");
  expect(ended).toEqual({ status, said: expect.stringContaining(sentence) });
  expect(ended.said).toContain(STANDS);
  expectUntouched(before);
}

function expectUntouched(before: Readonly<Record<string, string>>): void {
  expect(box.state()).toEqual(before);
  expect(box.survivors()).toEqual([]);
}

/** The new artifacts are there, whole, and so are their papers. */
function expectNew(): void {
  for (const profile of ["base", "containers"]) {
    const manifest = JSON.parse(box.read(`images/prebuilt/${profile}.json`));
    expect(manifest.profile).toBe(profile);
    const tree = JSON.parse(box.read(`images/prebuilt/store/${manifest.tree.sha256}`));
    for (const hash of [manifest.kernel.sha256, ...Object.keys(tree.stored)]) {
      expect(box.has(`images/prebuilt/store/${hash}`)).toBe(true);
    }
  }
  expect(box.has("images/prebuilt/store/00")).toBe(false);
  expect(box.read("images/licences/alpha.txt")).toBe("alpha's licence\n");
  expect(box.has("images/licences/old.txt")).toBe(false);
  expect(box.read("images/SOURCES.md")).toContain("| alpha | 1-1 |");
  const odd = Object.keys(box.state()).filter((path) => /\/\.p|^tmp\/./.test(path));
  expect(odd).toEqual([]);
  expect(box.survivors()).toEqual([]);
}

test("a build replaces artifacts, licences and notices; the same build again makes the same", async () => {
  expect(await box.run("build")).toEqual({ status: 0, said: expect.stringContaining("done") });
  expectNew();
  const first = box.state();
  expect((await box.run("build")).status).toBe(0);
  expect(box.state()).toEqual(first);
});

describe("what is missing", () => {
  test("a tool", async () => {
    box.remove("bin/bison");
    await expectRefusal("missing tools: bison. On Debian 12: apt-get install");
  });

  test("room on the disk", async () => {
    box.write("bin/df", "#!/bin/bash\necho Avail; echo '  512'\n");
    await expectRefusal("only 512 MB are free where");
  });

  test("the lock", async () => {
    box.remove("images/lock.json");
    await expectRefusal("there is no lock.json: run `images/lock`");
  });

  test("a package in the lock", async () => {
    box.write("images/containers/files", "@beta\n/usr/bin/beta\n");
    await expectRefusal("lock.json does not name beta: run `images/lock`");
  });

  test("a package in the archive", async () => {
    box.withdraw("alpha");
    await expectRefusal("alpha 1-1, which lock.json names, cannot be had from Debian's archive any more");
  });

  test("the archive", async () => {
    box.plan("update", "echo 'no route to host' >&2; exit 100");
    await expectRefusal("Debian's archive for i386 cannot be read");
  });
});

describe("what is not as it should be", () => {
  test.each([
    ["is cut short", '{"format": 1, "epoch"', "lock.json is malformed"],
    ["has no packages", '{"format": 1, "epoch": 1, "toolchain": {"gcc": "1"}}', "lock.json is malformed"],
    ["is of another format", '{"format": 2}', "lock.json is malformed (its format is 2, not 1)"],
  ])("a lock that %s", async (_, content, sentence) => {
    box.write("images/lock.json", content);
    await expectRefusal(sentence);
  });

  test("a lock whose entry would lead out of the cache", async () => {
    const alpha = { name: "alpha", version: "1", sha256: "../../alpha", source: "alpha" };
    box.writeLock({ packages: [alpha] });
    await expectRefusal('an entry is not a name, a version and a SHA-256: {"name":"alpha"');
  });

  test("a package that is another file than the lock's", async () => {
    box.offer("alpha", { "usr/bin/alpha": "something else\n" });
    await expectRefusal("alpha 1-1 is not the file that lock.json names: its SHA-256 differs");
  });

  test("a package that was damaged in the cache, and is whole in the next run", async () => {
    expect((await box.run("build")).status).toBe(0);
    const { packages } = JSON.parse(box.read("images/lock.json"));
    const alpha = packages.find(({ name }: { name: string }) => name === "alpha");
    box.write(`cache/vivarium/debs/${alpha.sha256}.deb`, "damaged");
    await expectRefusal("the cached alpha was damaged and is removed; run this again");
    expect((await box.run("build")).status).toBe(0);
  });

  test("a file that no package has", async () => {
    box.write("images/base/files", "@alpha\n/usr/bin/omega\n");
    await expectRefusal("files:2: alpha has no /usr/bin/omega");
  });

  test("a kernel that does not build", async () => {
    box.plan("kernel", "echo 'error: no such option' >&2; exit 2");
    await expectRefusal("the kernel was not built");
  });

  test("a profile that is too large", async () => {
    const limits = box.read("images/check-sizes");
    box.write("images/check-sizes", limits.replace("base: 12 * MB", "base: 1"));
    await expectRefusal("TOO MUCH");
  });
});

describe("a disk that is full", () => {
  test("when the store is compressed", async () => {
    box.plan("compress", 'echo data > /dev/full || { echo "zstd: No space left on device" >&2; exit 1; }');
    await expectRefusal("No space left on device");
  });

  test("when the manifest is written", async () => {
    box.plan("compress", "ln -sf /dev/full ../base.json");
    await expectRefusal("the disk is full");
  });

  test("when a package is unpacked: half of it is never taken for whole", async () => {
    box.plan("unpack", 'mkdir -p "$3"; echo data > /dev/full || exit');
    await expectRefusal("No space left on device");
    box.remove("hooks/unpack");
    expect((await box.run("build")).status).toBe(0);
    expectNew();
  });
});

/** Interrupts a build at a moment; it ends with `status`, and nothing but the cache has changed. */
async function expectInterrupted(moment: string, send: (run: Run) => void, status: number): Promise<void> {
  const before = box.state();
  const stop = box.stopAt(moment);
  const run = box.start("build");
  await stop.reached();
  send(run);
  expect(await run.ended).toEqual({ status, said: expect.stringContaining(`interrupted; ${STANDS}`) });
  expectUntouched(before);
}

describe("interrupted", () => {
  // The moments of a build from its first program to its last.
  test.each(["update", "download", "unpack", "kernel", "compress", "decompress"])(
    "during %s, and whole in the next run",
    async (moment) => {
      await expectInterrupted(moment, (run) => run.signal("SIGTERM"), 143);
      expect((await box.run("build")).status).toBe(0);
      expectNew();
    },
  );

  test("by SIGINT to the command alone", () =>
    expectInterrupted("kernel", (run) => run.signal("SIGINT"), 130));

  test("by SIGHUP", () => expectInterrupted("kernel", (run) => run.signal("SIGHUP"), 129));

  test("by Ctrl+C in its terminal", () => expectInterrupted("kernel", (run) => run.interrupt(), 130));

  test("while a program that it started ignores signals", async () => {
    box.plan(
      "kernel",
      `trap "" TERM; touch "$SANDBOX/reached"; while [[ -d $SANDBOX ]]; do sleep 0.05; done`,
    );
    const before = box.state();
    const run = box.start("build");
    await poll(() => box.has("reached"), { timeout: MOMENT_MS });
    run.signal("SIGTERM");
    expect((await run.ended).status).toBe(143);
    expectUntouched(before);
  });
});

describe("between the two renames", () => {
  /** Runs `script` with the build's process id in $PPID when the new artifacts are about to take their place. */
  const planBetween = (script: string): void =>
    box.plan("rename", `[[ $1 != */.prebuilt-new ]] || { ${script}; }`);

  test.each(["TERM", "INT", "HUP"])(
    "SIG%s comes too late: the new artifacts are there, whole",
    async (name) => {
      planBetween(`kill -${name} $PPID; touch "$SANDBOX/reached"`);
      expect((await box.run("build")).status).toBe(0);
      expect(box.has("reached")).toBe(true);
      expectNew();
    },
  );

  test("a power cut: the next run brings the old artifacts back first, even if it fails then", async () => {
    const before = box.state();
    planBetween("kill -KILL $PPID; exit 1");
    expect((await box.run("build")).status).toBe(null);
    await poll(() => box.survivors().length === 0, { timeout: MOMENT_MS });
    expect(box.has("images/prebuilt")).toBe(false);
    box.remove("hooks/rename");
    box.remove("bin/bison");
    expect((await box.run("build")).said).toContain("missing tools: bison");
    expect(box.read("images/prebuilt/base.json")).toBe(OLD);
    expectUntouched(before);
  });

  test("a rename that fails: the old artifacts come back", async () => {
    box.plan("rename", '[[ $1 != */.prebuilt-new ]] || { echo "mv: Input/output error" >&2; exit 1; }');
    const before = box.state();
    const ended = await box.run("build");
    expect(ended).toEqual({ status: 1, said: expect.stringContaining("Input/output error") });
    expectUntouched(before);
  });
});

describe("two at once", () => {
  test("in one directory: the second says so and changes nothing, the first goes on", async () => {
    const stop = box.stopAt("kernel");
    const first = box.start("build");
    await stop.reached();
    const during = box.state();
    for (const command of ["build", "lock", "verify"]) {
      const { status, said } = await box.run(command);
      expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining("is at work in") });
    }
    expect(box.state()).toEqual(during);
    stop.release();
    expect((await first.ended).status).toBe(0);
    expectNew();
  });

  test("in two directories with one cache: the second waits for the first", async () => {
    const other = new Sandbox(box.cache);
    try {
      const stop = box.stopAt("download");
      const first = box.start("build");
      await stop.reached();
      const second = other.start("build");
      await poll(() => second.said.includes("waiting for another run that uses"), { timeout: MOMENT_MS });
      stop.release();
      expect((await first.ended).status).toBe(0);
      expect((await second.ended).status).toBe(0);
      expect(other.read("images/prebuilt/base.json")).toBe(box.read("images/prebuilt/base.json"));
    } finally {
      other.dispose();
    }
  });
});
