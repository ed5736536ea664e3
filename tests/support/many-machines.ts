import { readdirSync } from "node:fs";
import type { Machine } from "../../src/machine/index.ts";
import { poll } from "./poll.ts";

export interface LeftBehind {
  /** Threads, message ports and listeners of the process that were not there before. */
  readonly threads: number;
  readonly listeners: number;
  /** Of the process, from the third machine to the last: the first ones warm it up. */
  readonly grownBytes: number;
}

const threads = (): number => readdirSync("/proc/self/task").length;
/** What keeps the process alive: ports, timers, threads. */
const resources = (): number =>
  process.getActiveResourcesInfo().filter((name) => /MessagePort|Worker|Timeout|Immediate/.test(name)).length;

/** Makes and disposes machines, one after the other, each of which does some work. Linux only. */
export async function createAndDispose(start: () => Promise<Machine>, count: number): Promise<LeftBehind> {
  const once = async (): Promise<void> => {
    const machine = await start();
    try {
      await machine.checkpoint();
      await machine.exec({ argv: ["true"] });
      await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
    } finally {
      machine.dispose();
    }
  };
  const settled = async (before: number): Promise<void> => {
    await poll(() => threads() <= before, { timeout: 20_000, what: "the threads to end" });
  };
  const warm = threads();
  await once();
  await poll(() => threads() <= warm + 1).catch(() => undefined);
  const before = { threads: threads(), resources: resources() };
  for (let made = 1; made < 3; made++) {
    await once();
    await settled(before.threads);
  }
  const memory = process.memoryUsage.rss();
  for (let made = 3; made < count; made++) {
    await once();
    await settled(before.threads);
  }
  // The test runner has timers of its own, which come and go.
  await poll(() => resources() <= before.resources, { timeout: 5000 }).catch(() => undefined);
  return {
    threads: threads() - before.threads,
    listeners: resources() - before.resources,
    grownBytes: process.memoryUsage.rss() - memory,
  };
}
