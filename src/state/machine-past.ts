import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";
import type { PastMoment } from "../protocol/machine.ts";

/** Guest time between two moments, and how many are kept: two minutes of it. */
const EVERY_MS = 10_000;
const MOST = 12;
/**
 * All checkpoints of a machine may take so much of the page's memory. They share what has not changed between them, so
 * that an idle machine's take next to nothing; one that writes all of its memory would take twelve times that.
 */
const MOST_BYTES = 160 * 1024 * 1024;
const FEWEST = 2;

type Keeper = Pick<Machine, "history" | "keepHistory" | "rewind" | "stats">;

/** The latest past of one machine, to which it can go back. */
export class MachinePast implements Disposable {
  readonly #machine: Keeper;
  readonly #moments = signal<readonly PastMoment[]>([]);
  readonly #timer: ReturnType<typeof setInterval>;
  #keep = MOST;

  constructor(machine: Keeper) {
    this.#machine = machine;
    void this.#keepLatest();
    this.#timer = setInterval(() => void this.#fit(), EVERY_MS);
  }

  /** As they were when {@link look} was last asked, the latest first. */
  get moments(): ReadonlySignal<readonly PastMoment[]> {
    return this.#moments;
  }

  async #keepLatest(): Promise<void> {
    // A machine that has died keeps nothing; its state says so.
    await this.#machine.keepHistory({ everyMs: EVERY_MS, keep: this.#keep }).catch(() => undefined);
  }

  /** Fewer moments where they take much, more again where they do not. */
  async #fit(): Promise<void> {
    const stats = await this.#machine.stats().catch(() => undefined);
    if (stats === undefined) return;
    const isMuch = stats.checkpointBytes > MOST_BYTES;
    const keep = isMuch
      ? Math.max(FEWEST, Math.floor(this.#keep / 2))
      : stats.checkpointBytes < MOST_BYTES / 4
        ? Math.min(MOST, this.#keep + 1)
        : this.#keep;
    if (keep === this.#keep) return;
    this.#keep = keep;
    await this.#keepLatest();
  }

  /** Asks which moments there are now. Never rejects. */
  async look(): Promise<void> {
    const moments = await this.#machine.history().catch(() => []);
    this.#moments.value = moments.toReversed();
  }

  /** @throws CodedError as `Machine.rewind` */
  async goBack(moment: Pick<PastMoment, "id">): Promise<void> {
    await this.#machine.rewind(moment);
    await this.look();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
