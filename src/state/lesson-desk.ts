import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, type CodedError, type Disposable, DisposableStore, Emitter } from "../base/index.ts";
import { type Process, SIGNALS } from "../isolation/index.ts";
import {
  type Activity,
  type Answer,
  type Clock,
  emptyProgress,
  type FileBlock,
  measuresOf,
  type Lesson,
  LessonRun,
  type LessonRunState,
  parseProgress,
  type ProgressStore,
  type SignalBlock,
  type Step,
  type StepHeld,
  textOf,
  wantedOf,
  withCurrent,
} from "../lessons/index.ts";
import { KeptProgress } from "./kept-progress.ts";
import { LessonGuest } from "./lesson-guest.ts";
import { Measures } from "./measures.ts";
import type { Postcard, PostcardStore } from "./postcard.ts";
import { Replay } from "./replay.ts";
import type { Workbench } from "./workbench.ts";
import type { XrayGoal } from "./xray.ts";

export interface LessonDeskOptions {
  /** Where there is none, no lesson is ever open. */
  readonly loadLesson?: () => Promise<Lesson>;
  readonly progress: ProgressStore;
  readonly clock: Clock;
  /** None are kept if not given. */
  readonly postcards?: PostcardStore;
  /** The step to open; where the lesson has none of that id, the learner's own is. */
  readonly openAt?: string | undefined;
  /** The lesson is there to be watched: it is offered to be done, and nothing is typed before. */
  readonly isReplay?: boolean;
}

/** A lesson as the page shows it. */
export type LessonState =
  /** The machines are all there is. */
  | { readonly kind: "none" }
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: CodedError }
  | { readonly kind: "open"; readonly lesson: Lesson; readonly run: LessonRunState };

/** The step that the learner is at. */
function openStep(state: LessonState): Step | undefined {
  if (state.kind !== "open") return undefined;
  const { lesson, run } = state;
  return lesson.steps.find(({ id }) => id === run.current);
}

/** A lesson beside the machines of a workbench: what is open of it, what was done, and what it does in the machines. */
export class LessonDesk implements Disposable {
  readonly #options: LessonDeskOptions;
  readonly #owned = new DisposableStore();
  readonly #bench: Workbench;
  readonly #measures: Measures;
  readonly #lesson = signal<LessonState>({ kind: "none" });
  readonly #resetting = signal(false);
  readonly #fresh = signal(false);
  readonly #activity = computed((): Activity => {
    const lesson = this.#lesson.value;
    return lesson.kind === "open" ? lesson.run.activity : { kind: "none" };
  });
  readonly #canReset = computed(() => {
    const lesson = this.#lesson.value;
    return lesson.kind === "open" && lesson.run.resettable && !this.#resetting.value;
  });
  readonly #canStartOver = computed(() => {
    const lesson = this.#lesson.value;
    return lesson.kind === "open" && lesson.run.startable && lesson.run.activity.kind === "none";
  });
  /** What is kept of the learner's progress in all lessons. */
  readonly kept: KeptProgress;
  readonly #goal = computed((): XrayGoal | undefined => {
    const state = this.#lesson.value;
    const step = openStep(state);
    if (state.kind !== "open" || step?.target === undefined || step.check === undefined) return undefined;
    const wanted = wantedOf(step.check, this.#bench.firstMachine, state.run.prepared);
    const seen = [...wanted].map(([name, one]) => [this.#bench.seenAs(name), one] as const);
    return { words: textOf(step.target.goal), wanted: new Map(seen) };
  });
  readonly #replay = signal<Replay | undefined>(undefined);
  readonly #held = signal<StepHeld | undefined>(undefined);
  readonly #stepHeld = this.#owned.add(new Emitter<StepHeld>());
  /** Fires when the open step's check begins to hold, with what was seen then. */
  readonly onStepHeld = this.#stepHeld.event;
  readonly #postcard = signal<Postcard | undefined>(undefined);
  /** The step for which the X-ray was opened last: closed by the learner, it stays closed for it. */
  #xrayStep = "";
  #run: LessonRun | undefined;
  /** The machines as the lesson sees them, while they are there. */
  #guest: LessonGuest | undefined;
  #visible = true;

  constructor(options: LessonDeskOptions, bench: Workbench) {
    this.#options = options;
    this.#bench = bench;
    if (options.loadLesson !== undefined) this.#lesson.value = { kind: "loading" };
    this.#measures = new Measures((name) => bench.get(name));
    this.kept = new KeptProgress({
      store: options.progress,
      now: Date.now,
      onImported: () => this.#adoptKept(),
      beforeErase: () => this.#forgetLesson(),
    });
    this.#owned.add(bench.onTogether(() => this.#lendGuest()));
    this.#owned.add(bench.onApart(() => this.#letGuestGo()));
    this.#owned.add(bench.machineDesk.onWentBack((name) => this.#guest?.forgetLooks(name)));
  }

  /** Gives the lesson its machines. */
  #lendGuest(): void {
    const bench = this.#bench;
    this.#guest = new LessonGuest({
      names: bench.names,
      machine: (name) => bench.get(name),
      switchOn: (name, stop) => bench.switchOn(name, stop),
      switchOff: (name) => bench.switchOff(name),
      onEnter: () => this.#beginMeasure(),
      terminal: (name) => bench.terminalEnd(name),
    });
    this.#run?.attach(this.#guest);
    this.#noteFresh();
  }

  #letGuestGo(): void {
    this.#run?.detach();
    this.#guest?.dispose();
    this.#guest = undefined;
  }

  /** What the open step wants to be so. */
  get goal(): ReadonlySignal<XrayGoal | undefined> {
    return this.#goal;
  }

  get lesson(): ReadonlySignal<LessonState> {
    return this.#lesson;
  }

  /** The machine is on its way back to the beginning of the step. */
  get resetting(): ReadonlySignal<boolean> {
    return this.#resetting;
  }

  /** The open step has a checkpoint to go back to. */
  get canReset(): ReadonlySignal<boolean> {
    return this.#canReset;
  }

  /** The open step is not the first one, and the machine knows nothing of those before. */
  get fresh(): ReadonlySignal<boolean> {
    return this.#fresh;
  }

  async loadLesson(): Promise<void> {
    const { loadLesson, progress } = this.#options;
    if (loadLesson === undefined) return;
    this.#lesson.value = { kind: "loading" };
    try {
      const lesson = await loadLesson();
      const stored = await progress.load(lesson.id);
      if (!this.#owned.disposed) this.#openLesson(lesson, stored);
    } catch (thrown) {
      this.#lesson.value = { kind: "failed", error: asCodedError(thrown) };
    }
  }

  #openLesson(lesson: Lesson, stored: unknown): void {
    const { clock, isReplay = false, openAt = "" } = this.#options;
    const kept = parseProgress(stored, lesson.id, lesson.version);
    const progress = lesson.steps.some(({ id }) => id === openAt) ? withCurrent(kept, openAt) : kept;
    this.#run?.dispose();
    const run = new LessonRun(lesson, progress, clock, !isReplay);
    this.#owned.add(run);
    run.onChange((state) => {
      this.#endMeasure(state);
      this.#bench.transcript.follow(run.lesson, state);
      batch(() => {
        this.#lesson.value = { kind: "open", lesson: run.lesson, run: state };
        this.#openXray(run.lesson, state.current);
      });
    });
    run.onHeld((held) => {
      this.#stepHeld.fire(held);
      if (held.step === run.lesson.postcard) this.#held.value = held;
    });
    if (isReplay) this.#replay.value = this.#owned.add(new Replay(run, lesson, clock));
    if (lesson.postcard !== undefined) void this.#loadPostcard(lesson.id);
    run.onProgress((changed) => void this.#options.progress.save({ ...changed, kept: Date.now() }));
    this.#bench.transcript.follow(lesson, run.state);
    run.setVisible(this.#visible);
    this.#run = run;
    batch(() => {
      this.#lesson.value = { kind: "open", lesson, run: run.state };
      this.#openXray(lesson, run.state.current);
    });
    if (this.#guest !== undefined) run.attach(this.#guest);
    this.#noteFresh();
  }

  /** Goes on with another form of the open lesson: machines, terminals and what was done stay. */
  replaceLesson(lesson: Lesson): void {
    this.#run?.replaceLesson(lesson);
  }

  /** A step that speaks of the X-ray has it opened, once each time it becomes the open one. */
  #openXray({ id, steps }: Lesson, current: string): void {
    const step = `${id} ${current}`;
    if (step === this.#xrayStep) return;
    this.#xrayStep = step;
    if (steps.find((one) => one.id === current)?.xray === true) this.#bench.xray.setOpen(true, "lesson");
  }

  async #loadPostcard(lesson: string): Promise<void> {
    const kept = await this.#options.postcards?.load(lesson);
    this.#postcard.value ??= kept;
  }

  /** The moment that is to be drawn on the lesson's postcard; undefined before it has come. */
  get postcardMoment(): ReadonlySignal<StepHeld | undefined> {
    return this.#held;
  }

  get postcard(): ReadonlySignal<Postcard | undefined> {
    return this.#postcard;
  }

  keepPostcard(postcard: Postcard): void {
    this.#postcard.value = postcard;
    void this.#options.postcards?.save(postcard);
  }

  /** The lesson, to be watched; undefined where it is there to be done. */
  get replay(): ReadonlySignal<Replay | undefined> {
    return this.#replay;
  }

  #noteFresh(): void {
    const lesson = this.#lesson.value;
    const first = lesson.kind === "open" ? lesson.lesson.steps[0]?.id : undefined;
    this.#fresh.value = lesson.kind === "open" && lesson.run.current !== first;
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#run?.setVisible(visible);
  }

  /** Enter was pressed: if it comes to what the open step measures, it began here. */
  #beginMeasure(): void {
    const open = this.#lesson.value;
    if (open.kind !== "open" || open.run.steps[open.run.current]?.verdict.kind === "holds") return;
    const [measure] = measuresOf(openStep(open)?.body ?? []);
    if (measure !== undefined)
      this.#measures.begin({ ...measure, machine: measure.machine ?? this.#bench.firstMachine });
  }

  /** Keeps what was measured when the open step has come to hold. */
  #endMeasure({ current, steps }: LessonRunState): void {
    const before = this.#lesson.value;
    if (before.kind !== "open" || steps[current]?.verdict.kind !== "holds") return;
    if (before.run.current === current && before.run.steps[current]?.verdict.kind === "holds") return;
    void this.#keepMeasure();
  }

  async #keepMeasure(): Promise<void> {
    const run = this.#run;
    const taken = await this.#measures.end();
    if (taken !== undefined && run === this.#run) run?.keepMeasure(taken.id, taken.measured);
  }

  /** Enter was pressed in a terminal. */
  noteAttempt(): void {
    this.#beginMeasure();
    this.#bench.noteAttempt();
    this.#fresh.value = false;
    this.#run?.noteAttempt();
  }

  /** @throws CodedError as `Machine.writeFile` */
  async writeFile({ path, text, mode, user, machine = this.#bench.firstMachine }: FileBlock): Promise<void> {
    await this.#guest?.writeFile({ machine, path, text, mode, user });
    this.noteAttempt();
  }

  /** Sends a signal from outside. Gives whom it was sent to. @throws CodedError as `Guest.signal` */
  async sendSignal(block: SignalBlock): Promise<readonly Process[]> {
    const { signal: name, to, machine = this.#bench.firstMachine } = block;
    const sent = await this.#guest?.signal({ machine, to, number: SIGNALS[name] });
    this.noteAttempt();
    return sent ?? [];
  }

  /** Takes the machines back to the beginning of the open step; one that panicked or switched itself off too. */
  async resetStep(): Promise<void> {
    if (this.#run === undefined || this.#resetting.value) return;
    this.#measures.forget();
    this.#resetting.value = true;
    try {
      await this.#run.reset();
      // A shell that had ended is there again.
      this.#bench.terminals.reopenEnded();
    } catch {
      // A machine that cannot go back has died, and its state says so.
    } finally {
      this.#resetting.value = false;
    }
  }

  /** What is being done in the machine for the learner. */
  get activity(): ReadonlySignal<Activity> {
    return this.#activity;
  }

  /** Types the open step's solution. What goes wrong the lesson's state says. */
  async showMe(): Promise<void> {
    this.#fresh.value = false;
    await this.#run?.showMe().catch(() => undefined);
  }

  stopShowing(): void {
    this.#run?.stop();
  }

  /** Does the steps before. What goes wrong the lesson's state says. */
  async goToStep(id: string): Promise<void> {
    this.#fresh.value = false;
    await this.#run?.goTo(id).catch(() => undefined);
  }

  /** The machine has a beginning to which it can go back now. */
  get canStartOver(): ReadonlySignal<boolean> {
    return this.#canStartOver;
  }

  /** Forgets what was done in the lesson, and takes the machine back to its beginning. What goes wrong the lesson says. */
  async startOver(): Promise<void> {
    this.#fresh.value = false;
    this.#measures.forget();
    await this.#run?.startOver().catch(() => undefined);
    // A shell that had ended is there again.
    this.#bench.terminals.reopenEnded();
  }

  async #adoptKept(): Promise<void> {
    const lesson = this.#lesson.value;
    if (lesson.kind !== "open") return;
    const { id, version } = lesson.lesson;
    const stored = await this.#options.progress.load(id);
    this.#run?.adopt(parseProgress(stored, id, version));
  }

  async #forgetLesson(): Promise<void> {
    const lesson = this.#lesson.value;
    if (lesson.kind !== "open") return;
    if (this.#canStartOver.value) await this.startOver();
    // Without a machine, or with one that cannot go back, there is the lesson still.
    this.#run?.adopt(emptyProgress(lesson.lesson.id, lesson.lesson.version));
  }

  openStep(id: string): void {
    this.#run?.open(id);
  }

  answer(question: string, answer: Answer): void {
    this.#run?.answer(question, answer);
  }

  acknowledgeStep(): void {
    this.#run?.acknowledge();
  }

  dispose(): void {
    this.#letGuestGo();
    this.#owned.dispose();
  }
}
