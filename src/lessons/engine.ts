/**
 * Takes a learner through a lesson: looks at the guest while a step is open, says whether its check holds, and takes
 * the guest back to where the step began. It knows no page and no emulator, and never types into a shell.
 */
import { asCodedError, type Disposable, Emitter, type ErrorCode } from "../base/index.ts";
import { holds, type Observation } from "../isolation/index.ts";
import { StepCheckpoints } from "./checkpoints.ts";
import type { Clock } from "./clock.ts";
import type { Guest } from "./guest.ts";
import { judge, type Verdict } from "./judge.ts";
import { type LessonProgress, withAnswer, withCurrent, withDone } from "./progress.ts";
import type { Lesson, Step } from "./tree.ts";

export type { Verdict } from "./judge.ts";

export interface StepState {
  readonly done: boolean;
  /** What is so now; a step that is done stays done whatever this says. */
  readonly verdict: Verdict;
}

export interface LessonRunState {
  readonly current: string;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly answers: Readonly<Record<string, number>>;
  /** Whether the open step can be reset now. */
  readonly resettable: boolean;
}

/** Time between the beginnings of two looks. */
const LOOK_MS = 100;
/** A guest that takes long to answer has this long to itself. */
const BREATH_MS = 40;
/** A guest that does not answer is asked again this much later. */
const RETRY_MS = 500;
/** How long a guest may take to answer before the question is withdrawn. */
const ANSWER_MS = 4000;
/** A shortcoming is told when it has lasted this long: a learner is still typing. */
const PATIENCE_MS = 900;
/** After so long without an attempt it is told all the same. */
const SILENCE_MS = 60_000;
/** The first checkpoint waits this long, so that it does not come between a visitor and the first prompt. */
const SETTLE_MS = 400;

/** Codes after which asking again is of no use until the guest was brought back. */
const FATAL: readonly ErrorCode[] = ["machine-gone", "machine-crashed", "machine-disposed", "guest-panicked"];

const WAITING: Verdict = { kind: "waiting" };

export class LessonRun implements Disposable {
  readonly #lesson: Lesson;
  readonly #clock: Clock;
  readonly #changed = new Emitter<LessonRunState>();
  readonly #saved = new Emitter<LessonProgress>();
  #progress: LessonProgress;
  #verdict: Verdict = WAITING;
  #guest: Guest | undefined;
  #checkpoints: StepCheckpoints | undefined;
  #visible = true;
  #disposed = false;
  #timer: Disposable | undefined;
  /** The look or reset that is under way. */
  #busy: AbortController | undefined;
  #resetting = false;

  #openedAt = 0;
  #attempted = false;
  #prepared = false;
  #shortcoming: { readonly key: string; readonly since: number } | undefined;

  /** Fires when anything of {@link state} has changed. */
  readonly onChange = this.#changed.event;
  /** Fires with what is to be kept. */
  readonly onProgress = this.#saved.event;

  constructor(lesson: Lesson, progress: LessonProgress, clock: Clock) {
    this.#lesson = lesson;
    this.#clock = clock;
    const current = lesson.steps.find(({ id }) => id === progress.current);
    const open = current ?? lesson.steps.find(({ id }) => !progress.done.includes(id)) ?? lesson.steps[0];
    this.#progress = withCurrent(progress, open?.id ?? "");
    this.#begin();
  }

  get state(): LessonRunState {
    const { current = "", done, answers } = this.#progress;
    return {
      current,
      answers,
      steps: Object.fromEntries(
        this.#lesson.steps.map(({ id }) => [
          id,
          { done: done.includes(id), verdict: id === current ? this.#verdict : WAITING },
        ]),
      ),
      resettable: !this.#resetting && this.#checkpoints?.of(current) !== undefined,
    };
  }

  get #step(): Step | undefined {
    return this.#lesson.steps.find(({ id }) => id === this.#progress.current);
  }

  #tell(): void {
    this.#changed.fire(this.state);
  }

  #setProgress(progress: LessonProgress): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#saved.fire(progress);
  }

  /** Forgets what was seen of the open step; its checkpoint stays. */
  #begin(): void {
    this.#verdict = WAITING;
    this.#openedAt = this.#clock.now();
    this.#attempted = false;
    this.#prepared = this.#step?.check?.after === undefined;
    this.#shortcoming = undefined;
  }

  /** Takes a guest, a fresh one or in place of one that died. Progress stays; checkpoints are the old one's. */
  attach(guest: Guest): void {
    this.detach();
    this.#guest = guest;
    this.#checkpoints = new StepCheckpoints(guest);
    this.#begin();
    this.#schedule(SETTLE_MS);
    this.#tell();
  }

  /** The guest is gone or about to go. */
  detach(): void {
    this.#stop();
    this.#checkpoints?.dropAll();
    this.#checkpoints = undefined;
    this.#guest = undefined;
    this.#verdict = WAITING;
    this.#tell();
  }

  /** Nothing is looked at while nobody looks. */
  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.#schedule(0);
    else this.#stop();
  }

  /** The learner entered a line somewhere. */
  noteAttempt(): void {
    this.#attempted = true;
  }

  /** Opens a step; the guest stays as it is, and a checkpoint is taken of it. */
  open(step: string): void {
    if (this.#lesson.steps.every(({ id }) => id !== step) || step === this.#progress.current) return;
    this.#stop();
    this.#checkpoints?.drop(step);
    this.#setProgress(withCurrent(this.#progress, step));
    this.#begin();
    this.#schedule(0);
    this.#tell();
  }

  answer(question: string, choice: number): void {
    this.#setProgress(withAnswer(this.#progress, question, choice));
    this.#tell();
  }

  /** A step without a check is done when the learner says so. */
  acknowledge(): void {
    const step = this.#step;
    if (step === undefined || step.check !== undefined) return;
    this.#setProgress(withDone(this.#progress, step.id));
    this.#tell();
  }

  /**
   * Takes the guest back to where the open step began. That it was done before stays known.
   * @throws CodedError as the guest's `rewind`
   */
  async reset(): Promise<void> {
    const guest = this.#guest;
    const checkpoint = this.#checkpoints?.of(this.#progress.current ?? "");
    if (guest === undefined || checkpoint === undefined || this.#resetting) return;
    this.#stop();
    this.#resetting = true;
    this.#begin();
    this.#tell();
    try {
      await guest.rewind(checkpoint);
    } finally {
      this.#resetting = false;
      if (this.#guest === guest) this.#schedule(0);
      if (!this.#disposed) this.#tell();
    }
  }

  #stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#busy?.abort();
    this.#busy = undefined;
  }

  #schedule(ms: number): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#disposed || !this.#visible || this.#guest === undefined || this.#resetting) return;
    if (this.#step?.check === undefined && this.#checkpoints?.of(this.#progress.current ?? "") !== undefined)
      return;
    this.#timer = this.#clock.after(ms, () => void this.#look());
  }

  /** One look at the guest. Never rejects; one at a time. */
  async #look(): Promise<void> {
    const guest = this.#guest;
    if (guest === undefined || this.#busy !== undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    this.#busy = controller;
    const started = this.#clock.now();
    const deadline = this.#clock.after(ANSWER_MS, () => controller.abort());
    let next: number | undefined;
    try {
      await this.#ensureCheckpoint(guest, signal);
      if (this.#step?.check !== undefined) {
        const observation = await guest.observe(signal);
        if (!signal.aborted) this.#see(observation);
      }
      const took = this.#clock.now() - started;
      next = Math.max(LOOK_MS - took, BREATH_MS);
    } catch (error) {
      next = FATAL.includes(asCodedError(error).code) ? undefined : RETRY_MS;
    } finally {
      deadline.dispose();
    }
    // Someone else has taken over meanwhile, unless it was the deadline that fired.
    if (this.#busy !== controller) return;
    this.#busy = undefined;
    if (next !== undefined) this.#schedule(next);
  }

  async #ensureCheckpoint(guest: Guest, signal: AbortSignal): Promise<void> {
    const step = this.#progress.current ?? "";
    const checkpoints = this.#checkpoints;
    if (checkpoints === undefined || checkpoints.of(step) !== undefined) return;
    const checkpoint = await guest.checkpoint(signal);
    if (signal.aborted || checkpoints !== this.#checkpoints || step !== this.#progress.current) {
      guest.forget(checkpoint);
      return;
    }
    checkpoints.keep(step, checkpoint);
    this.#tell();
  }

  #see(observation: Observation): void {
    const step = this.#step;
    if (step?.check === undefined) return;
    if (step.check.after !== undefined && !this.#prepared) {
      this.#prepared = holds(step.check.after, observation);
    }
    this.#setVerdict(step, this.#paced(judge(step.check, observation, this.#prepared)));
  }

  /** Good news at once; a shortcoming only when it lasts and the learner has tried. */
  #paced(verdict: Verdict): Verdict {
    if (verdict.kind === "holds" || verdict.kind === "waiting") {
      this.#shortcoming = undefined;
      return verdict;
    }
    const now = this.#clock.now();
    if (!this.#attempted && now - this.#openedAt < SILENCE_MS) return WAITING;
    const key = JSON.stringify(verdict);
    if (this.#shortcoming?.key !== key) this.#shortcoming = { key, since: now };
    const told = this.#verdict.kind === "not-yet" || this.#verdict.kind === "broken";
    if (now - this.#shortcoming.since >= PATIENCE_MS) return verdict;
    return told ? this.#verdict : WAITING;
  }

  #setVerdict(step: Step, verdict: Verdict): void {
    const changed = JSON.stringify(verdict) !== JSON.stringify(this.#verdict);
    this.#verdict = verdict;
    if (verdict.kind === "holds") this.#setProgress(withDone(this.#progress, step.id));
    if (changed) this.#tell();
  }

  dispose(): void {
    this.detach();
    this.#disposed = true;
    this.#changed.dispose();
    this.#saved.dispose();
  }
}
