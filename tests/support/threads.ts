import type { Worker } from "node:worker_threads";

/** What `start` gives, and the thread that it starts for that: Node tells of each. */
export async function withItsThread<T>(start: () => Promise<T>): Promise<{ value: T; worker: Worker }> {
  const workers: Worker[] = [];
  const onWorker = (worker: Worker): number => workers.push(worker);
  process.on("worker", onWorker);
  try {
    const value = await start();
    const [worker] = workers;
    if (worker === undefined) throw new Error("no thread was started");
    return { value, worker };
  } finally {
    process.off("worker", onWorker);
  }
}
