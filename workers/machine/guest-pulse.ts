import { type Disposable, unwaited } from "../../src/base/index.ts";

const TICK_MS = 1000;
const TICKS_BETWEEN = 2;
/** Ticks of a machine that runs: the agent is served before all else in the guest, however busy it is. */
const PATIENCE = 8;

export interface PulseOptions {
  /** Answered by the agent; that it refuses is an answer too. */
  readonly ask: () => Promise<unknown>;
  /** While the machine stands still its agent cannot answer, and time does not count. */
  readonly running: () => boolean;
  readonly onChange: (state: "silent" | "answers") => void;
}

/** Asks the guest's agent for a sign of life, for as long as the machine runs. */
export class GuestPulse implements Disposable {
  readonly #options: PulseOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #question = 0;
  #waiting = false;
  #silent = false;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** The guest is there, or there anew: from now on it has to answer. */
  begin(): void {
    this.#question++;
    this.#waiting = false;
    this.#ticks = 0;
    this.#answered();
    if (this.#timer !== undefined) return;
    this.#timer = unwaited(setInterval(() => this.#tick(), TICK_MS));
  }

  #tick(): void {
    if (!this.#options.running()) return;
    this.#ticks++;
    if (this.#waiting) {
      if (this.#ticks < PATIENCE || this.#silent) return;
      this.#silent = true;
      this.#options.onChange("silent");
      return;
    }
    if (this.#ticks < TICKS_BETWEEN) return;
    this.#waiting = true;
    this.#ticks = 0;
    const question = ++this.#question;
    const answered = (): void => {
      // A question of before the machine went back is not answered any more.
      if (question !== this.#question) return;
      this.#waiting = false;
      this.#ticks = 0;
      this.#answered();
    };
    this.#options.ask().then(answered, answered);
  }

  #answered(): void {
    if (!this.#silent) return;
    this.#silent = false;
    this.#options.onChange("answers");
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#question++;
  }
}
