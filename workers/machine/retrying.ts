import {
  asCodedError,
  type CodedError,
  type Deferred,
  deferred,
  type Disposable,
  Emitter,
  throwIfAborted,
  withAbort,
} from "../../src/base/index.ts";

/** Pauses before the next attempt; the last one for all that follow. */
const PAUSE_MS = [200, 1000, 3000, 10_000] as const;
/** One early failure may be a mere hiccup, or a damaged file in the browser's cache: the next attempt tells. */
const HICCUP_MS = 1000;

export interface Trouble {
  readonly error: CodedError;
  /** How often it was tried. */
  readonly attempts: number;
}

/** Work that is tried until it succeeds, and what there is to say meanwhile. */
export class Retrying implements Disposable {
  readonly #trouble = new Emitter<Trouble | undefined>();
  #waiting = 0;
  #now: Deferred<void> = deferred();

  /** Fires when something keeps failing, and with undefined when nothing does any more. */
  readonly onTrouble = this.#trouble.event;

  /**
   * @param work gets the number of failures so far
   * @throws CodedError `aborted`, or the signal's reason, as soon as the signal fires
   */
  async untilDone<T>(work: (failures: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    const began = performance.now();
    let isTold = false;
    try {
      for (let failures = 0; ;) {
        try {
          return await withAbort(work(failures), signal);
        } catch (thrown) {
          throwIfAborted(signal);
          failures++;
          if (failures > 1 || performance.now() - began > HICCUP_MS) {
            if (!isTold) this.#waiting++;
            isTold = true;
            this.#trouble.fire({ error: asCodedError(thrown), attempts: failures });
          }
        }
        await this.#pause(PAUSE_MS[Math.min(failures, PAUSE_MS.length) - 1] ?? 0, signal);
      }
    } finally {
      if (isTold && --this.#waiting === 0) this.#trouble.fire(undefined);
    }
  }

  /** Ends the present pauses. */
  now(): void {
    this.#now.resolve();
    this.#now = deferred();
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const over = deferred<void>();
    const timer = setTimeout(() => over.resolve(), ms);
    try {
      await withAbort(Promise.race([over.promise, this.#now.promise]), signal);
    } finally {
      clearTimeout(timer);
    }
  }

  dispose(): void {
    this.#trouble.dispose();
  }
}
