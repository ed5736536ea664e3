/**
 * Takes a learner through a lesson: prepares a step, watches its check while it is open, takes the guest back to where
 * it began or on to another step, and shows how it is done. It knows no page and no emulator. It types into a terminal
 * when it is asked to show or to go somewhere, and the line that a lesson wants to stand there; checks never do.
 */
import { asCodedError, CodedError, type Disposable, Emitter } from "../base/index.ts";
import { StepCheckpoints } from "./checkpoints.ts";
import { type Clock, pause } from "./clock.ts";
import { Doer, firstMachine } from "./deeds.ts";
import type { Guest, Looks } from "./guest.ts";
import type { Verdict } from "./judge.ts";
import {
  type Answer,
  emptyProgress,
  hasChanged,
  type LessonProgress,
  type Measured,
  withAnswer,
  withCurrent,
  withDone,
  withMeasured,
} from "./progress.ts";
import { FATAL, StepWatch, WAITING } from "./step-watch.ts";
import { beginsAnew, nearestStep, sameWatch, unreached } from "./other-form.ts";
import type { Lesson, Step } from "./tree.ts";
import { typeAhead } from "./type-ahead.ts";
import { deedsOf } from "./walk.ts";
import { WatchedStep } from "./watched-step.ts";

export type { Verdict } from "./judge.ts";

export interface StepState {
  readonly done: boolean;
  /** What is so now; a step that is done stays done whatever this says. */
  readonly verdict: Verdict;
}

/** A step's check has begun to hold. */
export interface StepHeld {
  readonly step: string;
  /** What was seen of each machine then. */
  readonly looks: Looks;
}

/** What the engine is doing in the guest. */
export type Activity =
  | { readonly kind: "none" }
  /** What the step wants to find is being put there. */
  | { readonly kind: "preparing" }
  | { readonly kind: "resetting" }
  /** The solution is being typed. */
  | { readonly kind: "showing" }
  /** On the way to a step: which one is being done, and which one it ends at; both count from 0. */
  | { readonly kind: "going"; readonly at: number; readonly to: number };

export interface LessonRunState {
  readonly current: string;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly answers: Readonly<Record<string, Answer>>;
  /** What the learner's runs have cost, by the id of what is measured. */
  readonly measures: Readonly<Record<string, Measured>>;
  /** Indexes of the open step's hints that come by themselves now. */
  readonly hints: readonly number[];
  /** What has to come before the open step's check counts has been seen. */
  readonly prepared: boolean;
  readonly activity: Activity;
  /** The line that the open step wants typed stands in the terminal, and nothing was entered since. */
  readonly typed: boolean;
  /** Whether the open step can be reset now. */
  readonly resettable: boolean;
  /** The machines have a beginning to which one can go back. */
  readonly startable: boolean;
  /** What went wrong in preparing, showing or going; it is said, and the learner goes on. */
  readonly trouble: CodedError | undefined;
  /** The lesson is another one since it was last worked on. */
  readonly changed: boolean;
}

/** A guest that does not answer is asked again this much later. */
const RETRY_MS = 500;
/** A terminal that is not open yet is asked for again this much later, for a line to stand in it. */
const TERMINAL_MS = 100;
/** A line stands there after so long even if the checkpoint before it is not taken yet: a visitor does not wait for that. */
const TYPE_MS = 1500;
/** How long a guest may take for a checkpoint before it is asked again. */
const CHECKPOINT_MS = 4000;
/** The first checkpoint waits this long, so that it does not come between a visitor and the first prompt. */
const SETTLE_MS = 400;
/** How long after its solution a step's check may take to hold. */
const SOLVED_MS = 30_000;
/** The checkpoint of machines in which nothing was done yet. */
const START = "";
const NONE: Activity = { kind: "none" };

export class LessonRun implements Disposable {
  #lesson: Lesson;
  readonly #clock: Clock;
  readonly #changed = new Emitter<LessonRunState>();
  readonly #saved = new Emitter<LessonProgress>();
  readonly #held = new Emitter<StepHeld>();
  readonly #isChanged: boolean;
  readonly #typesAhead: boolean;
  #progress: LessonProgress;
  #guest: Guest | undefined;
  #checkpoints: StepCheckpoints | undefined;
  #watch: StepWatch | undefined;
  #visible = true;
  #disposed = false;
  #timer: Disposable | undefined;
  /** What is being done in the guest. */
  #task: AbortController | undefined;
  #activity: Activity = NONE;
  #trouble: CodedError | undefined;
  /** The open step's set-up is in the guest. */
  #isSetUp = false;
  /** The open step's line is to be typed, once the step is ready. */
  #isToBeTyped = true;
  #isTyped = false;
  /** It is being typed, or waits for a prompt. */
  #typing: AbortController | undefined;
  /** The guest is fresh, and the open step is not the first: nothing of the steps before is in it. */
  #isAstray = false;
  /** Steps whose checkpoint has the steps before in it. */
  readonly #reached = new Set<string>();

  /** Fires when anything of {@link state} has changed. */
  readonly onChange = this.#changed.event;
  /** Fires with what is to be kept. */
  readonly onProgress = this.#saved.event;
  /** Fires when the open step's check begins to hold, each time it is open. */
  readonly onHeld = this.#held.event;

  /** @param typesAhead Whether lines that a lesson wants typed are typed. */
  constructor(lesson: Lesson, progress: LessonProgress, clock: Clock, typesAhead = true) {
    this.#lesson = lesson;
    this.#clock = clock;
    this.#typesAhead = typesAhead;
    this.#isChanged = hasChanged(progress, lesson.version);
    this.#progress = this.#withOpenStep(progress);
  }

  /** Where the step that was open is not in the lesson any more, the first that is not done is. */
  #withOpenStep(progress: LessonProgress): LessonProgress {
    const { steps, version } = this.#lesson;
    const current = steps.find(({ id }) => id === progress.current);
    const open = current ?? steps.find(({ id }) => !progress.done.includes(id)) ?? steps[0];
    return withCurrent({ ...progress, version }, open?.id ?? START);
  }

  get lesson(): Lesson {
    return this.#lesson;
  }

  get state(): LessonRunState {
    const { current = START, done, answers, measures } = this.#progress;
    const verdict = this.#watch?.verdict ?? WAITING;
    const isFree = this.#activity.kind === "none" || this.#activity.kind === "showing";
    return {
      current,
      answers,
      measures,
      steps: Object.fromEntries(
        this.#lesson.steps.map(({ id }) => [
          id,
          { done: done.includes(id), verdict: id === current ? verdict : WAITING },
        ]),
      ),
      hints: this.#watch?.hints ?? [],
      prepared: this.#watch?.prepared ?? false,
      activity: this.#activity,
      typed: this.#isTyped,
      resettable: isFree && this.#checkpoints?.of(current) !== undefined,
      startable: this.#checkpoints?.of(START) !== undefined,
      trouble: this.#trouble,
      changed: this.#isChanged,
    };
  }

  get #step(): Step | undefined {
    return this.#lesson.steps.find(({ id }) => id === this.#progress.current);
  }

  #tell(): void {
    if (!this.#disposed) this.#changed.fire(this.state);
  }

  #setProgress(progress: LessonProgress): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#saved.fire(progress);
  }

  /** Takes a guest, a fresh one or in place of one that died. Progress stays; checkpoints are the old one's. */
  attach(guest: Guest): void {
    this.detach();
    this.#guest = guest;
    this.#checkpoints = new StepCheckpoints(guest);
    this.#isAstray = this.#progress.current !== this.#lesson.steps[0]?.id;
    this.#isToBeTyped = true;
    this.#begin();
    this.#makeReadyIn(SETTLE_MS);
    this.#tell();
  }

  /** The guest is gone or about to go. */
  detach(): void {
    this.#stop();
    this.#watch?.dispose();
    this.#watch = undefined;
    this.#checkpoints?.dropAll();
    this.#checkpoints = undefined;
    this.#reached.clear();
    this.#guest = undefined;
    this.#trouble = undefined;
    this.#tell();
  }

  /** Nothing is looked at while nobody looks. */
  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.#makeReadyIn(0);
    else if (this.#activity.kind === "none") this.#stop();
  }

  /** The learner entered a line somewhere. */
  noteAttempt(): void {
    this.#watch?.noteAttempt();
    this.#stopTyping();
    if (!this.#isTyped) return;
    this.#isTyped = false;
    this.#tell();
  }

  #stopTyping(): void {
    this.#typing?.abort();
    this.#typing = undefined;
  }

  /** Has the line of the open step stand in its terminal. In a guest without the steps before it would be out of place. */
  async #typeAhead(): Promise<void> {
    const [step, guest] = [this.#step, this.#guest];
    const block = deedsOf(step?.body ?? []).find((deed) => deed.type === "run" && deed.typed === true);
    if (block?.type !== "run" || guest === undefined || this.#isAstray) return;
    if (!this.#isToBeTyped || !this.#typesAhead) return;
    this.#isToBeTyped = false;
    const typing = new AbortController();
    this.#typing = typing;
    const name = block.terminal ?? this.#lesson.terminals[0]?.name ?? "";
    try {
      let terminal = guest.terminal(name);
      while (terminal === undefined) {
        await pause(this.#clock, TERMINAL_MS, typing.signal);
        terminal = guest.terminal(name);
      }
      this.#isTyped = await typeAhead(terminal, block.text, this.#clock, typing.signal);
    } catch (error) {
      if (!typing.signal.aborted) throw error;
    }
    if (this.#typing !== typing) return;
    this.#typing = undefined;
    this.#tell();
  }

  /** Forgets what was seen of the open step; its checkpoint stays. */
  #begin(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
    const [guest, step] = [this.#guest, this.#step];
    if (guest === undefined || step === undefined) return;
    let isHeld = false;
    const watch: StepWatch = new StepWatch({
      step,
      first: firstMachine(this.#lesson),
      guest,
      clock: this.#clock,
      onChange: () => {
        if (this.#watch !== watch) return;
        if (watch.verdict.kind === "holds") this.#setProgress(withDone(this.#progress, step.id));
        if (watch.held !== undefined && !isHeld) this.#held.fire({ step: step.id, looks: watch.held });
        isHeld = watch.held !== undefined;
        this.#tell();
      },
    });
    this.#watch = watch;
  }

  #stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#task?.abort();
    this.#task = undefined;
    this.#stopTyping();
    this.#isTyped = false;
    this.#activity = NONE;
    this.#watch?.stop();
  }

  #makeReadyIn(ms: number): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#disposed || !this.#visible || this.#guest === undefined || this.#task !== undefined) return;
    this.#timer = this.#clock.after(ms, () => void this.#makeReady());
  }

  /** Puts what the open step wants into the guest, takes its checkpoint, and begins to watch. Never rejects. */
  async #makeReady(): Promise<void> {
    const step = this.#step;
    if (step === undefined || this.#task !== undefined) return;
    const task = new AbortController();
    this.#task = task;
    let retryIn: number | undefined;
    const late = this.#clock.after(TYPE_MS, () => {
      if (this.#isSetUp || !Doer.needsPreparation(step)) void this.#typeAhead();
    });
    try {
      if (this.#checkpoints?.of(START) === undefined) await this.#keepCheckpoint(START, task.signal);
      await this.#prepare(step, task.signal);
      if (this.#checkpoints?.of(step.id) === undefined) await this.#keepCheckpoint(step.id, task.signal);
    } catch (error) {
      retryIn = FATAL.includes(asCodedError(error).code) ? undefined : RETRY_MS;
    } finally {
      late.dispose();
    }
    if (this.#task !== task) return;
    this.#task = undefined;
    this.#activity = NONE;
    if (retryIn !== undefined) this.#makeReadyIn(retryIn);
    else {
      this.#watch?.start();
      void this.#typeAhead();
    }
    this.#tell();
  }

  /** Once for each visit of a step. What goes wrong is said; the learner may go on without it. */
  async #prepare(step: Step, signal: AbortSignal): Promise<void> {
    const guest = this.#guest;
    if (guest === undefined || this.#isSetUp) return;
    if (Doer.needsPreparation(step)) {
      this.#activity = { kind: "preparing" };
      this.#tell();
      try {
        await new Doer(this.#lesson, guest, this.#clock).prepare(step, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        this.#trouble = asCodedError(error);
      }
    }
    this.#isSetUp = true;
  }

  async #keepCheckpoint(step: string, signal: AbortSignal): Promise<void> {
    const [guest, checkpoints] = [this.#guest, this.#checkpoints];
    if (guest === undefined || checkpoints === undefined) return;
    const late = new AbortController();
    const stop = (): void => late.abort();
    signal.addEventListener("abort", stop, { once: true });
    const deadline = this.#clock.after(CHECKPOINT_MS, stop);
    try {
      const checkpoint = await guest.checkpoint(late.signal);
      if (late.signal.aborted || checkpoints !== this.#checkpoints) guest.forget(checkpoint);
      else checkpoints.keep(step, checkpoint);
      if (this.#isAstray) this.#reached.delete(step);
      else this.#reached.add(step);
    } finally {
      deadline.dispose();
      signal.removeEventListener("abort", stop);
    }
  }

  /** Opens a step; the guest stays as it is, but for what the step wants to find, and a checkpoint is taken of it. */
  open(step: string): void {
    if (this.#lesson.steps.every(({ id }) => id !== step) || step === this.#progress.current) return;
    this.#stop();
    this.#checkpoints?.drop(step);
    this.#turnTo(step);
    this.#makeReadyIn(0);
    this.#tell();
  }

  /** Takes what is kept elsewhere in place of what is known of the learner, and tells nobody to keep it. */
  adopt(progress: LessonProgress): void {
    const before = this.#progress.current;
    this.#stop();
    this.#progress = this.#withOpenStep(progress);
    const { current = START } = this.#progress;
    if (current !== before) {
      this.#checkpoints?.drop(current);
      this.#isSetUp = false;
      this.#trouble = undefined;
    }
    this.#begin();
    this.#makeReadyIn(0);
    this.#tell();
  }

  #turnTo(step: string): void {
    this.#setProgress(withCurrent(this.#progress, step));
    // What a step that is done once more finds in the guest is what it has left there.
    this.#isToBeTyped = !this.#progress.done.includes(step);
    this.#isSetUp = false;
    this.#trouble = undefined;
    this.#begin();
  }

  /**
   * Goes on with another form of the lesson. The guest stays as it is, with its checkpoints and what was done. The open
   * step stays open, or the nearest before it that there is still; a set-up that has changed is done in it.
   */
  replaceLesson(lesson: Lesson): void {
    const [before, was] = [this.#lesson, this.#step];
    this.#stop();
    this.#lesson = lesson;
    this.#trouble = undefined;
    for (const step of before.steps) {
      const now = lesson.steps.find(({ id }) => id === step.id);
      if (now === undefined || beginsAnew(step, now)) this.#checkpoints?.drop(step.id);
    }
    for (const id of unreached(before, lesson)) this.#reached.delete(id);
    const current = nearestStep(before, lesson, this.#progress.current);
    const kept = { ...this.#progress, version: lesson.version };
    if (current === was?.id) {
      this.#setProgress(kept);
      const now = this.#step;
      if (was === undefined || now === undefined || beginsAnew(was, now)) this.#isSetUp = false;
      if (was === undefined || now === undefined || !sameWatch(was, now)) this.#begin();
    } else {
      this.#progress = kept;
      this.#turnTo(current ?? START);
    }
    this.#makeReadyIn(0);
    this.#tell();
  }

  answer(question: string, answer: Answer): void {
    this.#setProgress(withAnswer(this.#progress, question, answer));
    this.#tell();
  }

  keepMeasure(id: string, measured: Measured): void {
    this.#setProgress(withMeasured(this.#progress, id, measured));
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
   * Does something in the guest in place of whatever was being done there, and watches the open step afterwards.
   * @throws CodedError as `work`; not when something else took its place
   */
  async #doing(
    activity: Activity,
    work: (guest: Guest, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const guest = this.#guest;
    if (guest === undefined) return;
    this.#stop();
    const task = new AbortController();
    this.#task = task;
    this.#activity = activity;
    this.#trouble = undefined;
    this.#tell();
    try {
      await work(guest, task.signal);
    } catch (error) {
      if (this.#task === task) {
        this.#trouble = asCodedError(error);
        throw error;
      }
    } finally {
      if (this.#task === task) {
        this.#task = undefined;
        this.#activity = NONE;
        if (this.#guest === guest) this.#makeReadyIn(0);
        this.#tell();
      }
    }
  }

  /**
   * Takes the guest back to where the open step began. That it was done before stays known.
   * @throws CodedError as the guest's `rewind`
   */
  async reset(): Promise<void> {
    const checkpoint = this.#checkpoints?.of(this.#progress.current ?? START);
    if (checkpoint === undefined || !this.state.resettable) return;
    await this.#doing({ kind: "resetting" }, async (guest, signal) => {
      this.#begin();
      await guest.rewind(checkpoint, signal);
      this.#isToBeTyped = true;
    });
  }

  /**
   * Forgets what was done in the lesson, and takes the guest back to before its first step.
   * @throws CodedError as the guest's `rewind`
   */
  async startOver(): Promise<void> {
    const [first] = this.#lesson.steps;
    const checkpoint = this.#checkpoints?.of(START);
    if (first === undefined || checkpoint === undefined) return;
    await this.#doing({ kind: "resetting" }, async (guest, signal) => {
      await guest.rewind(checkpoint, signal);
      this.#isAstray = false;
      for (const { id } of this.#lesson.steps) this.#checkpoints?.drop(id);
      this.#setProgress(emptyProgress(this.#lesson.id, this.#lesson.version));
      this.#turnTo(first.id);
    });
  }

  /**
   * Does the open step in the learner's terminals, slowly enough to be followed. Ends early by `stop`.
   * @param what Its solution, or all that its text tells to do where that does the step.
   */
  async showMe(what: "solution" | "text" = "solution"): Promise<void> {
    const step = this.#step;
    if (step === undefined || step.solution.length === 0) return;
    const told = deedsOf(step.body);
    const deeds = what === "text" && told.some(({ solves }) => solves) ? told : step.solution;
    await this.#doing({ kind: "showing" }, async (guest, signal) => {
      this.#watch?.noteAttempt();
      this.#watch?.start();
      const doer = new Doer(this.#lesson, guest, this.#clock);
      for (const deed of deeds) await doer.do(deed, "reading", signal);
    });
  }

  /** Stops showing, or being on the way to a step; what was done stays. */
  stop(): void {
    if (this.#activity.kind !== "showing" && this.#activity.kind !== "going") return;
    this.#stop();
    this.#makeReadyIn(0);
    this.#tell();
  }

  /**
   * Takes the guest to where a step begins, as if all before it were done: back to a checkpoint, and from there on by
   * doing the solutions of the steps between. What the learner has done of them stays as it is.
   * @throws CodedError `step-unsolved` when a solution did not do its step, and as the guest's calls
   */
  async goTo(id: string): Promise<void> {
    const { steps } = this.#lesson;
    const to = steps.findIndex((step) => step.id === id);
    const checkpoints = this.#checkpoints;
    if (to < 0 || checkpoints === undefined) return;
    const isKept = ({ id: step }: Step): boolean =>
      this.#reached.has(step) && checkpoints.of(step) !== undefined;
    const from = steps.findLastIndex((step, i) => i <= to && isKept(step));
    const kept = checkpoints.of(steps[from]?.id ?? START) ?? checkpoints.of(START);
    if (kept === undefined) return;
    await this.#doing({ kind: "going", at: Math.max(from, 0), to }, async (guest, signal) => {
      await guest.rewind(kept, signal);
      this.#isAstray = false;
      if (from >= 0) {
        this.#turnTo(steps[from]?.id ?? START);
        // It is part of the checkpoint.
        this.#isSetUp = true;
      }
      this.#isToBeTyped = true;
      for (let at = from; at < to; at++) {
        const step = steps[at];
        if (step !== undefined) await this.#solve(step, guest, signal);
        const next = steps[at + 1];
        if (next === undefined) break;
        this.#turnTo(next.id);
        this.#isToBeTyped = true;
        await this.#prepare(next, signal);
        await this.#keepCheckpoint(next.id, signal);
        this.#activity = { kind: "going", at: at + 1, to };
        this.#tell();
      }
    });
  }

  async #solve(step: Step, guest: Guest, signal: AbortSignal): Promise<void> {
    const doer = new Doer(this.#lesson, guest, this.#clock);
    const first = firstMachine(this.#lesson);
    const watched = new WatchedStep({ step, first, guest, clock: this.#clock });
    try {
      for (const deed of step.solution) await doer.do(deed, "instant", signal);
      if (step.check === undefined) return;
      const { verdict } = await watched.until((seen) => seen.verdict.kind === "holds", SOLVED_MS, signal);
      if (verdict.kind !== "holds")
        throw new CodedError("step-unsolved", `the step "${step.title}" was not done by its solution`);
    } finally {
      watched.dispose();
    }
  }

  dispose(): void {
    this.detach();
    this.#disposed = true;
    this.#changed.dispose();
    this.#saved.dispose();
    this.#held.dispose();
  }
}
