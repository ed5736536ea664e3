/** `images/lock`, `verify`, `sources` and `check-sizes` with bad input, and interrupted half way. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Sandbox } from "./sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.dispose());

/** Runs `work`, after which every file of the room, and where temporary files go, is as before. */
async function expectNoChange(work: () => Promise<void>): Promise<void> {
  const before = box.state();
  await work();
  expect(box.state()).toEqual(before);
  expect(box.survivors()).toEqual([]);
}

const refused = (sentence: string, status = 1): unknown => ({
  status,
  said: expect.stringContaining(sentence),
});

describe("lock", () => {
  test("moves the lock to what the archive has", async () => {
    box.offer("alpha", { "usr/bin/alpha": "alpha 2\n" });
    expect(await box.run("lock")).toEqual(refused("lock.json now names 14 files", 0));
    const { packages, sources } = JSON.parse(box.read("images/lock.json"));
    expect(packages[0]).toMatchObject({ name: "alpha", version: "2-1" });
    expect(sources[0]).toMatchObject({ name: "alpha", version: "2-1", files: [{ name: "alpha.tar" }] });
    expect((await box.run("build")).said).toContain("done");
  });

  test("replaces a malformed lock", async () => {
    box.write("images/lock.json", "{");
    expect((await box.run("lock")).status).toBe(0);
    expect(JSON.parse(box.read("images/lock.json")).packages).toHaveLength(7);
  });

  test("a package that the archive no longer has", () =>
    expectNoChange(async () => {
      box.withdraw("alpha");
      const ended = await box.run("lock");
      expect(ended).toEqual(refused("Debian's archive has no package alpha for i386"));
      expect(ended.said).toContain("lock.json is unchanged");
    }));

  test("an archive that cannot be reached", () =>
    expectNoChange(async () => {
      box.plan("update", "exit 100");
      expect(await box.run("lock")).toEqual(refused("Debian's archive for i386 cannot be read"));
    }));

  test("no node", () =>
    expectNoChange(async () => {
      box.remove("bin/node");
      expect(await box.run("lock")).toEqual(refused("missing tools: node"));
    }));

  test.each(["SIGTERM", "SIGINT"] as const)("interrupted by %s", (signal) =>
    expectNoChange(async () => {
      const stop = box.stopAt("update");
      const run = box.start("lock");
      await stop.reached();
      run.signal(signal);
      expect(await run.ended).toEqual(
        refused("interrupted; lock.json is unchanged", signal === "SIGINT" ? 130 : 143),
      );
    }),
  );
});

describe("verify", () => {
  beforeEach(async () => {
    const { status, said } = await box.run("build");
    if (status !== 0) throw new Error(said);
  });

  test("the same again is equal", () =>
    expectNoChange(async () => {
      expect(await box.run("verify")).toEqual(refused("files are equal, byte for byte", 0));
    }));

  test("names a file that differs, one too many and one too few", async () => {
    const { tree } = JSON.parse(box.read("images/prebuilt/base.json"));
    box.write("images/prebuilt/base.json", "{}");
    box.write("images/prebuilt/store/00", "nobody's");
    box.remove(`images/prebuilt/store/${tree.sha256}`);
    await expectNoChange(async () => {
      const { status, said } = await box.run("verify");
      expect(status).toBe(1);
      expect(said).toMatch(/prebuilt\/base\.json .*differ/);
      expect(said).toMatch(/Only in .*prebuilt\/store: 00\n/);
      expect(said).toMatch(new RegExp(`Only in .*else/store: ${tree.sha256}\n`));
      expect(said).toContain("what was built is not what is in prebuilt/");
    });
  });

  test("with other tools it compares nothing", () => {
    box.write("newer-tools", "");
    return expectNoChange(async () => {
      const ended = await box.run("verify");
      expect(ended).toEqual(refused("build tools are not those of lock.json", 3));
      expect(ended.said).toContain("> gcc-12 2-1");
    });
  });

  test("interrupted", () =>
    expectNoChange(async () => {
      const stop = box.stopAt("kernel");
      const run = box.start("verify");
      await stop.reached();
      run.interrupt();
      expect(await run.ended).toEqual(refused("interrupted; nothing was changed", 130));
    }));
});

describe("sources", () => {
  const collect = (): ReturnType<Sandbox["run"]> => box.run("sources", ["out"]);

  test("brings every file of the lock and our own scripts, without the artifacts", () =>
    expectNoChange(async () => {
      expect(await collect()).toEqual(refused("7 files, together with our configuration", 0));
      const out = join(box.root, "out");
      execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: out });
      for (const ours of ["build", "kernel/config", "base/files", "containers/files", "lock.json"]) {
        expect(box.has(`out/${ours}`)).toBe(true);
      }
      expect(box.has("out/prebuilt")).toBe(false);
    }));

  test("interrupted: it is not taken for complete, and the next run completes it", async () => {
    await expectNoChange(async () => {
      const stop = box.stopAt("source");
      const run = box.start("sources", ["out"]);
      await stop.reached();
      run.signal("SIGTERM");
      expect(await run.ended).toEqual(refused("out is incomplete; run this again", 143));
      expect(box.has("out/SHA256SUMS")).toBe(false);
    });
    expect((await collect()).status).toBe(0);
    expect(box.has("out/SHA256SUMS")).toBe(true);
  });

  test("names what the archive no longer has", async () => {
    box.withdraw("seabios");
    expect(await collect()).toEqual(refused("the sources of: seabios=1-1."));
    expect(box.has("out/SHA256SUMS")).toBe(false);
  });

  test("names the file that is not the lock's", async () => {
    box.write("archive/musl-dev.tar", "something else");
    expect(await collect()).toEqual(refused("not what lock.json names: musl-dev.tar;"));
    expect(box.has("out/SHA256SUMS")).toBe(false);
  });
});

describe("sizes", () => {
  const totals = (stored: number): string => JSON.stringify({ totals: { stored } });

  test.each([
    ["base", 12_000_000],
    ["containers", 60_000_000],
  ])("%s may have %d bytes and no more", async (profile, limit) => {
    box.write(`images/prebuilt/${profile}.json`, totals(limit));
    expect((await box.run("check-sizes")).status).toBe(0);
    box.write(`images/prebuilt/${profile}.json`, totals(limit + 1));
    expect(await box.run("check-sizes")).toEqual(refused(`images: ${profile}: `));
  });

  test("no profile at all fails", async () => {
    box.remove("images/prebuilt");
    expect(await box.run("check-sizes")).toEqual(refused("there is no profile in"));
  });

  describe("of the history", () => {
    const git = (...words: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
        cwd: box.root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
      });

    /** Commits a change of one megabyte that does not compress. */
    const commit = (name: string): void => {
      writeFileSync(join(box.root, "images", name), randomBytes(1_000_000));
      git("add", "images");
      git("commit", "-q", "-m", name);
    };

    beforeEach(() => {
      git("init", "-q", "-b", "main");
      commit("prebuilt/store/11");
      commit("prebuilt/store/11");
      commit("elsewhere");
      rmSync(join(box.root, "images/prebuilt/store/11"));
      commit("prebuilt/store/22");
    });

    test("what was replaced and removed counts, what lies elsewhere does not", async () => {
      expect(await box.run("check-sizes")).toEqual(refused("images: history: 3.00 of 250 MB: ok", 0));
    });

    test("packs count as they lie there", async () => {
      git("gc", "-q");
      expect(await box.run("check-sizes")).toEqual(refused("images: history: 3.00 of 250 MB: ok", 0));
    });

    test("too much fails", async () => {
      const script = box.read("images/check-sizes");
      expect(script).toContain("HISTORY_LIMIT = 250 * MB");
      box.write("images/check-sizes", script.replace("HISTORY_LIMIT = 250 * MB", "HISTORY_LIMIT = 2.9 * MB"));
      expect(await box.run("check-sizes")).toEqual(refused("images: history: 3.00 of 2.9 MB: TOO MUCH"));
    });

    test("a shallow clone says that it knows a part only", async () => {
      git("clone", "-q", "--depth", "1", `file://${box.root}`, "clone");
      rmSync(join(box.root, "images"), { recursive: true });
      rmSync(join(box.root, ".git"), { recursive: true });
      cpSync(join(box.root, "clone"), box.root, { recursive: true });
      const words = "history, of which only the newest part is here: 1.00 of 250 MB";
      expect(await box.run("check-sizes")).toEqual(refused(words, 0));
    });

    test("without a repository it says that there is none", async () => {
      box.remove(".git");
      expect(await box.run("check-sizes")).toEqual(refused("history: there is none here", 0));
    });
  });
});
