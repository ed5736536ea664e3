import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { withHeldFiles } from "./held-files.ts";

/** Reads files that a fresh machine has not in memory. */
const PROGRAM = "nano --version";
const started = (program: string): string => `${program} >/dev/null 2>&1 & echo $!`;

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

test("a program that is killed while it waits for its file leaves the kernel as it was", async () => {
  const first = await firstChunk();
  await withHeldFiles(
    (name) => name === first,
    async (machine, release) => {
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
    },
  );
});
