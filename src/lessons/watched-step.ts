import { deferred, type Disposable, throwIfAborted } from "../base/index.ts";
import type { Verdict } from "./judge.ts";
import { StepWatch, type StepWatchOptions } from "./step-watch.ts";

export interface Seen {
  readonly verdict: Verdict;
  /** Indexes of the hints that come by themselves. */
  readonly hints: readonly number[];
}

/**
 * A step that is watched while something is done in it: what has to come before the check's query is seen as it passes.
 */
export class WatchedStep implements Disposable {
  readonly #options: Omit<StepWatchOptions, "onChange">;
  readonly #watch: StepWatch;
  #changed = deferred<void>();

  constructor(options: Omit<StepWatchOptions, "onChange">) {
    this.#options = options;
    this.#watch = new StepWatch({
      ...options,
      onChange: () => {
        this.#changed.resolve();
        this.#changed = deferred<void>();
      },
    });
    // It does not wait for somebody to try.
    this.#watch.noteAttempt();
    this.#watch.start();
  }

  /** What is so now; `waiting` where the check has not been judged yet. */
  get seen(): Seen {
    return { verdict: this.#watch.verdict, hints: this.#watch.hints };
  }

  /**
   * Settles when what is seen is as wanted, or when the time is up, with the last that was seen.
   * @throws CodedError `aborted`
   */
  async until(isWanted: (seen: Seen) => boolean, timeoutMs: number, signal: AbortSignal): Promise<Seen> {
    const over = deferred<void>();
    let isOver = false;
    const end = (): void => {
      isOver = true;
      over.resolve();
    };
    const timer = this.#options.clock.after(timeoutMs, end);
    signal.addEventListener("abort", end, { once: true });
    while (!isOver && !isWanted(this.seen)) await Promise.race([this.#changed.promise, over.promise]);
    signal.removeEventListener("abort", end);
    timer.dispose();
    throwIfAborted(signal);
    return this.seen;
  }

  dispose(): void {
    this.#watch.dispose();
  }
}
