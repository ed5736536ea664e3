import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { ROOT } from "../../tools/build.mjs";
import { sh } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

const STORES = ["images/prebuilt/store", ".cache/snapshots/store"].map((folder) => join(ROOT, folder));
/** Reads files that a fresh machine has not in memory. */
const PROGRAM = "nano --version";
const started = (program: string): string => `${program} >/dev/null 2>&1 & echo $!`;

interface Held {
  readonly machine: Machine;
  /** Lets the file come that the program waits for. */
  readonly release: () => Promise<void>;
}

/** The first piece of a file that a fresh machine reads to run {@link PROGRAM}. */
async function firstChunk(): Promise<string> {
  const machine = await startMachine();
  try {
    await sh(machine, `${started("sleep 0")}; kill -9 $!; wait`);
    await machine.takeChunksUsed();
    await sh(machine, PROGRAM);
    return (await machine.takeChunksUsed())[0]?.[0] ?? "none";
  } finally {
    machine.dispose();
  }
}

/** A machine with a store in which that piece does not come until it is released. */
async function withHeldFile(body: (held: Held) => Promise<void>): Promise<void> {
  const name = await firstChunk();
  const content = await Promise.any(STORES.map((store) => readFile(join(store, name))));
  const assets = await mkdtemp(join(tmpdir(), "vivarium-held-"));
  const held = join(assets, "store", name);
  try {
    await copyFile(join(ROOT, ".cache/snapshots/release.json"), join(assets, "release.json"));
    await mkdir(join(assets, "store"));
    for (const store of STORES) {
      for (const file of await readdir(store)) {
        if (file !== name) await symlink(join(store, file), join(assets, "store", file));
      }
    }
    // Who reads it waits until somebody writes.
    await promisify(execFile)("mkfifo", [held]);
    const machine = await startMachine({ assets });
    try {
      await body({ machine, release: () => writeFile(held, content) });
    } finally {
      machine.dispose();
    }
  } finally {
    await rm(assets, { recursive: true });
  }
}

test("a program that is killed while it waits for its file leaves the kernel as it was", async () => {
  await withHeldFile(async ({ machine, release }) => {
    const pid = Number(await sh(machine, started(PROGRAM)));
    await poll(async () => (await machine.stats()).filesInFlight > 0);
    await machine.kill(pid, 9);
    // The kernel has taken its request back, and asks once more for what it must know of a file that it runs.
    await poll(async () => (await machine.stats()).filesInFlight > 1);
    await release();
    await poll(async () => (await machine.stats()).filesInFlight === 0);
    expect(await sh(machine, "for p in nano jq crun nft; do $p --version | head -n 1; done")).toMatch(
      /nano[\s\S]*jq-1[\s\S]*crun[\s\S]*nftables/,
    );
    expect((await machine.observe()).processes.map((process) => process.pid)).not.toContain(pid);
    expect(await sh(machine, "dmesg")).not.toMatch(/BUG|WARNING|Oops|refcount/);
  });
});
