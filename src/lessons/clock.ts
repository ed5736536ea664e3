import { deferred, type Disposable, throwIfAborted, toDisposable } from "../base/index.ts";

/** Time, as the engine needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number;
  /** Runs `work` once after `ms`, unless disposed before. */
  after(ms: number, work: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return toDisposable(() => clearTimeout(timer));
  },
};

/** Settles after `ms`, or with `sooner`. @throws CodedError `aborted` */
export async function pause(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  sooner?: Promise<void>,
): Promise<void> {
  throwIfAborted(signal);
  const over = deferred<void>();
  const end = (): void => over.resolve();
  const timer = clock.after(ms, end);
  signal.addEventListener("abort", end, { once: true });
  await (sooner === undefined ? over.promise : Promise.race([over.promise, sooner]));
  signal.removeEventListener("abort", end);
  timer.dispose();
  throwIfAborted(signal);
}
