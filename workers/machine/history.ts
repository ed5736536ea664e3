import { CodedError, type Disposable, unwaited } from "../../src/base/index.ts";
import type { HistorySpec, PastMoment } from "../../src/protocol/machine.ts";

const LEAST_EVERY_MS = 250;
const MOST_KEPT = 100;

interface Moment {
  readonly id: number;
  readonly guestMs: number;
}

export interface HistoryOptions {
  /** Takes a checkpoint and gives its number; may fail, then this moment is left out. */
  readonly checkpoint: () => Promise<number>;
  readonly forget: (checkpoint: number) => void;
  /** Whether the machine goes on; while it stands still there is nothing new to keep. */
  readonly running: () => boolean;
  readonly guestMs: () => number;
}

/** The latest past of a machine: a checkpoint every so often, the oldest forgotten first. */
export class History implements Disposable {
  readonly #options: HistoryOptions;
  #moments: Moment[] = [];
  #keep = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #busy = false;
  /** Counts returns to the past: a checkpoint that was under way then is of a future that is lost. */
  #age = 0;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /**
   * Begins, changes or (with `keep` 0) ends the keeping of moments.
   * @throws CodedError `bad-argument`
   */
  keep({ everyMs, keep }: HistorySpec): void {
    const whole = Number.isInteger(keep) && keep >= 0 && keep <= MOST_KEPT;
    if (!whole || (keep > 0 && !(everyMs >= LEAST_EVERY_MS))) {
      throw new CodedError(
        "bad-argument",
        `a history has at most ${MOST_KEPT} moments, ${LEAST_EVERY_MS} ms or more apart`,
      );
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#keep = keep;
    this.#trim();
    if (keep === 0) return;
    this.#timer = unwaited(
      setInterval(() => {
        this.#look().catch(() => undefined);
      }, everyMs),
    );
  }

  async #look(): Promise<void> {
    if (this.#busy || !this.#options.running()) return;
    this.#busy = true;
    const age = this.#age;
    const guestMs = this.#options.guestMs();
    try {
      const id = await this.#options.checkpoint();
      if (age !== this.#age) {
        this.#options.forget(id);
        return;
      }
      this.#moments.push({ id, guestMs });
      this.#trim();
    } finally {
      this.#busy = false;
    }
  }

  #trim(): void {
    const over = this.#moments.splice(0, Math.max(0, this.#moments.length - this.#keep));
    for (const { id } of over) this.#options.forget(id);
  }

  /** What can be gone back to, the oldest first. */
  moments(): readonly PastMoment[] {
    const now = this.#options.guestMs();
    return this.#moments.map(({ id, guestMs }) => ({ id, agoMs: now - guestMs }));
  }

  /** The machine has gone back: moments that lie ahead of it now will never be. */
  wentBack(): void {
    this.#forgetFrom(this.#options.guestMs());
  }

  /** The machine is in a state with another past. */
  begin(): void {
    this.#forgetFrom(Number.NEGATIVE_INFINITY);
  }

  #forgetFrom(now: number): void {
    this.#age++;
    const ahead = this.#moments.filter(({ guestMs }) => guestMs > now);
    this.#moments = this.#moments.filter(({ guestMs }) => guestMs <= now);
    for (const { id } of ahead) this.#options.forget(id);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#age++;
    this.#moments = [];
  }
}
