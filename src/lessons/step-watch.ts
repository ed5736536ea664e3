import { asCodedError, type Disposable, type ErrorCode } from "../base/index.ts";
import type { Clock } from "./clock.ts";
import type { Guest, GuestAnswer, Looks } from "./guest.ts";
import {
  commandsOf,
  hintsNow,
  isOutOfTime,
  isPrepared,
  judge,
  judgeAnswer,
  machinesOf,
  type Scene,
  type Verdict,
} from "./judge.ts";
import type { Check, Step } from "./tree.ts";

/** A guest that does not answer is asked again this much later. */
const RETRY_MS = 500;
/** How long a guest may take to answer before the question is withdrawn. */
const ANSWER_MS = 4000;
/** How long a check's command may take. */
const COMMAND_MS = 15_000;

/** Codes after which asking again is of no use until the guest was brought back. */
export const FATAL: readonly ErrorCode[] = [
  "machine-gone",
  "machine-crashed",
  "machine-disposed",
  "guest-panicked",
];

/** After a panic there is still something to see: only what was asked at that moment goes without an answer. */
const BLIND: readonly ErrorCode[] = FATAL.filter((code) => code !== "guest-panicked");

export const WAITING: Verdict = { kind: "waiting" };

export interface WatchPace {
  /** Milliseconds between the beginnings of two looks. */
  readonly lookMs: number;
  /** A guest that takes long to answer has this long to itself. */
  readonly breathMs: number;
  /** A shortcoming is told when it has lasted this long. */
  readonly patienceMs: number;
  /** After so long without an attempt it is told all the same. */
  readonly silenceMs: number;
  /** A check's command is asked no more often: unlike a look, it is work for the guest. */
  readonly commandEveryMs: number;
}

/** A learner is still typing, and thinks. */
const LEARNERS: WatchPace = {
  lookMs: 100,
  breathMs: 40,
  patienceMs: 900,
  silenceMs: 60_000,
  commandEveryMs: 700,
};

/** Who proves a lesson waits for nobody. */
export const PROVERS: WatchPace = {
  lookMs: 40,
  breathMs: 5,
  patienceMs: 0,
  silenceMs: 0,
  commandEveryMs: 0,
};

export interface StepWatchOptions {
  readonly step: Step;
  /** Name of the machine that is meant where none is named. */
  readonly first: string;
  readonly guest: Guest;
  readonly clock: Clock;
  /** How often it looks, and how soon it tells of a shortcoming; a learner's if not given. */
  readonly pace?: WatchPace;
  /** Told when any has changed: the verdict, what was seen of what has to come before, or which hints come by themselves. */
  readonly onChange: () => void;
}

/** Looks at the guest again and again while a step is open, and says what its check says. Never types into a shell. */
export class StepWatch implements Disposable {
  readonly #options: StepWatchOptions;
  readonly #pace: WatchPace;
  readonly #openedAt: number;
  readonly #machines: readonly string[];
  #verdict: Verdict = WAITING;
  #hints: readonly number[] = [];
  #held: Looks | undefined;
  #timer: Disposable | undefined;
  /** The look that is under way. */
  #busy: AbortController | undefined;
  #disposed = false;
  #attempted = false;
  #prepared = false;
  #shortcoming: { readonly key: string; readonly since: number } | undefined;
  #commandsAt = Number.NEGATIVE_INFINITY;

  constructor(options: StepWatchOptions) {
    this.#options = options;
    const { step, first, clock, pace = LEARNERS } = options;
    this.#pace = pace;
    this.#openedAt = clock.now();
    const hinted = step.hints.flatMap(({ when }) => (when === undefined ? [] : [when.machine ?? first]));
    const asked = step.check === undefined ? [] : machinesOf(step.check, first);
    this.#machines = [...new Set([...asked, ...hinted])];
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /** Indexes of the hints that come by themselves. */
  get hints(): readonly number[] {
    return this.#hints;
  }

  /** What has to come before the check's query has been seen. */
  get prepared(): boolean {
    return this.#prepared;
  }

  /** What was seen of the guest when the check held first. */
  get held(): Looks | undefined {
    return this.#held;
  }

  /** The learner entered a line somewhere. */
  noteAttempt(): void {
    this.#attempted = true;
  }

  /** Begins to look, or goes on. */
  start(): void {
    this.#schedule(0);
  }

  /** Nothing is looked at while nobody looks. */
  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#busy?.abort();
    this.#busy = undefined;
  }

  #schedule(ms: number): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#disposed || this.#machines.length === 0) return;
    this.#timer = this.#options.clock.after(ms, () => void this.#look());
  }

  /** One look at the guest. Never rejects; one at a time. */
  async #look(): Promise<void> {
    if (this.#busy !== undefined) return;
    const { guest, clock } = this.#options;
    const controller = new AbortController();
    const { signal } = controller;
    this.#busy = controller;
    const started = clock.now();
    const deadline = clock.after(ANSWER_MS, () => controller.abort());
    let next: number | undefined;
    try {
      const looks = await guest.observe(this.#machines, signal);
      deadline.dispose();
      if (!signal.aborted) await this.#see({ looks, first: this.#options.first }, signal);
      next = Math.max(this.#pace.lookMs - (clock.now() - started), this.#pace.breathMs);
    } catch (error) {
      next = BLIND.includes(asCodedError(error).code) ? undefined : RETRY_MS;
    } finally {
      deadline.dispose();
    }
    // Someone else has taken over meanwhile, unless it was the deadline that fired.
    if (this.#busy !== controller) return;
    this.#busy = undefined;
    if (next !== undefined) this.#schedule(next);
  }

  async #see(scene: Scene, signal: AbortSignal): Promise<void> {
    const { step } = this.#options;
    const hints = hintsNow(step.hints, scene);
    const { check } = step;
    const wasPrepared = this.#prepared;
    let verdict = this.#verdict;
    if (check !== undefined) {
      this.#prepared ||= isPrepared(check, scene);
      const seen = judge(check, scene, this.#prepared) ?? (await this.#ask(check, signal));
      if (signal.aborted) return;
      if (seen !== undefined) verdict = this.#paced(seen);
      if (verdict.kind === "holds") this.#held ??= scene.looks;
    }
    const changed =
      wasPrepared !== this.#prepared ||
      JSON.stringify([verdict, hints]) !== JSON.stringify([this.#verdict, this.#hints]);
    this.#verdict = verdict;
    this.#hints = hints;
    if (changed) this.#options.onChange();
  }

  /** Asks a check's commands, one after the other; undefined when it is too early to ask again. */
  async #ask(check: Check, signal: AbortSignal): Promise<Verdict | undefined> {
    const { guest, clock, first } = this.#options;
    if (clock.now() - this.#commandsAt < this.#pace.commandEveryMs) return undefined;
    for (const { machine, command } of commandsOf(check, first)) {
      const { script, user } = command;
      const answer: GuestAnswer = await guest.exec({ machine, script, user, timeoutMs: COMMAND_MS }, signal);
      // What used up all its time is not asked again at once: the guest has to breathe.
      this.#commandsAt = clock.now() + (isOutOfTime(command, answer) ? COMMAND_MS : 0);
      const verdict = judgeAnswer(command, answer);
      if (verdict !== undefined) return verdict;
    }
    return { kind: "holds" };
  }

  /** Good news at once; a shortcoming only when it lasts and the learner has tried. */
  #paced(verdict: Verdict): Verdict {
    if (verdict.kind === "holds" || verdict.kind === "waiting") {
      this.#shortcoming = undefined;
      return verdict;
    }
    const now = this.#options.clock.now();
    if (!this.#attempted && now - this.#openedAt < this.#pace.silenceMs) return WAITING;
    const key = JSON.stringify(verdict);
    if (this.#shortcoming?.key !== key) this.#shortcoming = { key, since: now };
    const told = this.#verdict.kind === "not-yet" || this.#verdict.kind === "broken";
    if (now - this.#shortcoming.since >= this.#pace.patienceMs) return verdict;
    return told ? this.#verdict : WAITING;
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
  }
}
