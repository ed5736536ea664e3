import { type Disposable, toDisposable } from "../base/index.ts";

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
