import { readdirSync } from "node:fs";
import type { Machine } from "../../src/machine/index.ts";
import { poll } from "./poll.ts";
import { withItsThread } from "./threads.ts";

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

/** How many threads there are when that does not change any more: Linux counts one that has ended a moment longer than Node. */
async function settledThreads(): Promise<number> {
  let now = -1;
  const stays = (): boolean => {
    const before = now;
    now = threads();
    return now === before;
  };
  await poll(stays, { timeout: 20_000, what: "the threads to end" });
  return now;
}

/** Makes and disposes machines, one after the other, each of which does some work. Linux only. */
export async function createAndDispose(start: () => Promise<Machine>, count: number): Promise<LeftBehind> {
  const once = async (): Promise<void> => {
    const { value: machine, worker } = await withItsThread(start);
    try {
      await machine.checkpoint();
      await machine.exec({ argv: ["true"] });
      await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
    } finally {
      machine.dispose();
    }
    await poll(() => worker.threadId === -1, { timeout: 20_000, what: "the machine's thread to end" });
  };
  await once();
  const before = { threads: await settledThreads(), resources: resources() };
  for (let made = 1; made < 3; made++) await once();
  const memory = process.memoryUsage.rss();
  for (let made = 3; made < count; made++) await once();
  // The test runner has timers of its own, which come and go.
  await poll(() => resources() <= before.resources, { timeout: 5000 }).catch(() => undefined);
  return {
    threads: (await settledThreads()) - before.threads,
    listeners: resources() - before.resources,
    grownBytes: process.memoryUsage.rss() - memory,
  };
}
