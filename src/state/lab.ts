import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import {
  asCodedError,
  type CodedError,
  type Disposable,
  DisposableStore,
  Emitter,
  withAbort,
} from "../base/index.ts";
import { type Observation, type Process, SIGNALS } from "../isolation/index.ts";
import type { Machine } from "../machine/index.ts";
import {
  type Activity,
  type Answer,
  type Clock,
  emptyProgress,
  type FileBlock,
  type KeyName,
  KEYS,
  measuresOf,
  type Lesson,
  type LessonMachine,
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
import { FileIntake, type GivenFile, type IntakeState } from "./file-intake.ts";
import { HiddenPause, type Setting } from "./hidden-pause.ts";
import { KeptProgress } from "./kept-progress.ts";
import type { MachineState, StartMachine } from "./machine-control.ts";
import { Machines, type NamedMachine } from "./machines.ts";
import type { Postcard, PostcardStore } from "./postcard.ts";
import { Replay } from "./replay.ts";
import type { TerminalState } from "./terminal-control.ts";
import { type DeskTerminal, TerminalDesk, type TerminalSpec } from "./terminal-desk.ts";
import { ManReader } from "./man/man-reader.ts";
import type { ManSource } from "./man/man-source.ts";
import { LessonGuest } from "./lesson-guest.ts";
import { Measures } from "./measures.ts";
import { Transcript } from "./transcript.ts";
import { Xray, type XrayGoal } from "./xray.ts";

export interface LabOptions {
  /** At least one; those that are on start by themselves. */
  readonly machines: readonly LessonMachine[];
  readonly startMachine: StartMachine;
  /** Settles when the others reach a machine that has just started; at once where there are no others. */
  readonly reachable?: (machine: string) => Promise<void>;
  readonly loadLesson: () => Promise<Lesson>;
  readonly progress: ProgressStore;
  readonly clock: Clock;
  /** Of the machine's profile. */
  readonly manual: ManSource;
  /** Those that open by themselves, at least one. */
  readonly terminals: readonly TerminalSpec[];
  /** Whether the machines pause while nobody sees them. */
  readonly pauseHidden: Setting;
  /** None are kept if not given. */
  readonly postcards?: PostcardStore;
  /** The step to open; where the lesson has none of that id, the learner's own is. */
  readonly openAt?: string | undefined;
  /** The lesson is there to be watched: it is offered to be done, and nothing is typed before. */
  readonly isReplay?: boolean;
}

/** A lesson as the page shows it. */
export type LessonState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: CodedError }
  | { readonly kind: "open"; readonly lesson: Lesson; readonly run: LessonRunState };

/** The step that the learner is at. */
function openStep(state: LessonState): Step | undefined {
  if (state.kind !== "open") return undefined;
  const { lesson, run } = state;
  return lesson.steps.find(({ id }) => id === run.current);
}

/** What the X-ray calls a machine that has no others beside it. */
const ALONE = "machine";
/** Discards what was typed on the line so far; see `unix-line-discard` in readline(3). */
const DISCARD_LINE = "\u0015";

/** Machines, terminals in them, and a lesson beside them: what the page shows and what can be done with it. */
export class Lab implements Disposable {
  readonly #options: LabOptions;
  readonly #owned = new DisposableStore();
  readonly #machines: Machines;
  readonly #terminals: TerminalDesk;
  readonly #files: FileIntake;
  readonly #pause: HiddenPause;
  readonly #xray: Xray;
  readonly #measures: Measures;
  readonly #man: ManReader;
  readonly #lesson = signal<LessonState>({ kind: "loading" });
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
  /** What happened so far, to be saved as text. */
  readonly transcript = new Transcript(Date.now);
  /** What is kept of the learner's progress in all lessons. */
  readonly kept: KeptProgress;
  readonly #goal = computed((): XrayGoal | undefined => {
    const state = this.#lesson.value;
    const step = openStep(state);
    if (state.kind !== "open" || step?.target === undefined || step.check === undefined) return undefined;
    const wanted = wantedOf(step.check, this.#firstMachine, state.run.prepared);
    const seen = [...wanted].map(([name, one]) => [this.#seenAs(name), one] as const);
    return { words: textOf(step.target.goal), wanted: new Map(seen) };
  });
  readonly #replay = signal<Replay | undefined>(undefined);
  readonly #held = signal<StepHeld | undefined>(undefined);
  readonly #stepHeld = new Emitter<StepHeld>();
  /** Fires when the open step's check begins to hold, with what was seen then. */
  readonly onStepHeld = this.#stepHeld.event;
  readonly #postcard = signal<Postcard | undefined>(undefined);
  /** The step for which the X-ray was opened last: closed by the learner, it stays closed for it. */
  #xrayStep = "";
  #run: LessonRun | undefined;
  readonly #frontMachine = computed(() => this.#terminals.frontMachine);
  readonly #front = computed(() => this.#machines.control(this.#frontMachine.value).state.value);
  /** The machines as the lesson sees them, while they are there. */
  #guest: LessonGuest | undefined;
  #visible = true;

  constructor(options: LabOptions) {
    this.#options = options;
    this.#machines = this.#owned.add(new Machines(options.machines, options.startMachine));
    const user = options.terminals[0]?.user ?? "root";
    this.#terminals = this.#owned.add(
      new TerminalDesk(options.terminals, (name) => this.#machines.get(name)),
    );
    this.#measures = new Measures((name) => this.#machines.get(name));
    this.#files = this.#owned.add(new FileIntake());
    this.#pause = this.#owned.add(new HiddenPause(options.pauseHidden));
    this.#man = this.#owned.add(new ManReader({ source: options.manual, clock: options.clock }));
    this.kept = new KeptProgress({
      store: options.progress,
      now: Date.now,
      onImported: () => this.#adoptKept(),
      beforeErase: () => this.#forgetLesson(),
    });
    this.#xray = this.#owned.add(new Xray(user, this.#goal));
    this.#owned.add(this.#machines.onReady((one) => this.#take(one)));
    this.#owned.add(
      this.#machines.onGone((name) => {
        this.#pause.keep(this.#machines.all);
        this.#terminals.close(name);
        this.#xray.detach(this.#seenAs(name));
        // The lesson goes on without one that was switched off, and waits for one that died.
        if (this.#machines.control(name).isOn) this.#letGuestGo();
      }),
    );
    this.#owned.add(this.#machines.onAgentBack((name) => this.#terminals.reopen(name)));
  }

  #seenAs(machine: string): string {
    return this.#machines.names.length > 1 ? machine : ALONE;
  }

  #take({ name, machine }: NamedMachine): void {
    void this.#openTerminals(name, machine);
    const { startMs } = this.#machines.control(name);
    this.#xray.attach(this.#seenAs(name), machine, startMs === undefined ? {} : { startMs });
    if (this.#machines.areUp) void this.#giveGuest();
  }

  /** Gives the lesson its machines, when they reach each other. */
  async #giveGuest(): Promise<void> {
    const { machines, reachable } = this.#options;
    const all = this.#machines.all;
    const on = machines.filter(({ name }) => this.#machines.get(name) !== undefined);
    // Without its network a machine is still one that can be worked with.
    if (reachable !== undefined) await Promise.allSettled(on.map(({ name }) => reachable(name)));
    const isSame = this.#machines.areUp && all.every((one) => this.#machines.all.includes(one));
    if (this.#owned.disposed || !isSame || this.#guest !== undefined) return;
    this.#guest = new LessonGuest({
      names: this.#machines.names,
      machine: (name) => this.#machines.get(name),
      switchOn: (name, stop) => this.#switchOn(name, stop),
      switchOff: (name) => this.#machines.control(name).switchOff(),
      onEnter: () => this.#beginMeasure(),
      terminal: (name) => this.#terminals.end(name),
    });
    this.#run?.attach(this.#guest);
    this.#noteFresh();
  }

  /** @throws CodedError as the machine's start */
  async #switchOn(name: string, stop?: AbortSignal): Promise<void> {
    const control = this.#machines.control(name);
    await withAbort(control.start(), stop);
    const { fault } = control.state.value;
    if (fault !== undefined) throw fault;
    await withAbort(this.#options.reachable?.(name) ?? Promise.resolve(), stop);
  }

  #letGuestGo(): void {
    this.#run?.detach();
    this.#guest?.dispose();
    this.#guest = undefined;
  }

  /** What is seen of the machines from outside. */
  get xray(): Xray {
    return this.#xray;
  }

  /** The machine's manual. */
  get man(): ManReader {
    return this.#man;
  }

  /** The one whose terminal is in front. */
  get machine(): ReadonlySignal<MachineState> {
    return this.#front;
  }

  /** Name of the machine whose terminal is in front. */
  get frontMachine(): ReadonlySignal<string> {
    return this.#frontMachine;
  }

  /** In the lesson's order. */
  get machines(): readonly { readonly name: string; readonly state: ReadonlySignal<MachineState> }[] {
    return this.#machines.names.map((name) => ({ name, state: this.#machines.control(name).state }));
  }

  /** The terminal in front. */
  get terminal(): ReadonlySignal<TerminalState> {
    return this.#terminals.state;
  }

  get terminals(): readonly DeskTerminal[] {
    return this.#terminals.all;
  }

  /** Name of the terminal in front. */
  get front(): ReadonlySignal<string> {
    return this.#terminals.front;
  }

  bringToFront(terminal: string): void {
    this.#terminals.bringToFront(terminal);
  }

  /** What becomes of the files that the learner gave last. */
  get files(): ReadonlySignal<IntakeState> {
    return this.#files.state;
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

  /** Starts machines and lesson side by side. Never rejects. */
  async start(): Promise<void> {
    await Promise.all([this.#machines.start(), this.loadLesson()]);
  }

  async loadLesson(): Promise<void> {
    this.#lesson.value = { kind: "loading" };
    try {
      const lesson = await this.#options.loadLesson();
      const stored = await this.#options.progress.load(lesson.id);
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
      this.transcript.follow(run.lesson, state);
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
    this.transcript.follow(lesson, run.state);
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
    if (steps.find((one) => one.id === current)?.xray === true) this.#xray.setOpen(true, "lesson");
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

  /** A machine that comes up unseen pauses when it has a prompt. */
  async #openTerminals(name: string, machine: Machine): Promise<void> {
    await this.#terminals.openAll(name);
    if (this.#machines.get(name) === machine) this.#pause.attach(machine);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#pause.setVisible(visible);
    this.#run?.setVisible(visible);
    this.#xray.setVisible(visible);
  }

  /** Whether the machines pause while nobody sees them. */
  get pausesHidden(): ReadonlySignal<boolean> {
    return this.#pause.isOn;
  }

  setPausesHidden(isOn: boolean): void {
    this.#pause.set(isOn);
  }

  /** Enter was pressed: if it comes to what the open step measures, it began here. */
  #beginMeasure(): void {
    const open = this.#lesson.value;
    if (open.kind !== "open" || open.run.steps[open.run.current]?.verdict.kind === "holds") return;
    const [measure] = measuresOf(openStep(open)?.body ?? []);
    if (measure !== undefined)
      this.#measures.begin({ ...measure, machine: measure.machine ?? this.#firstMachine });
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

  /** Enter was pressed in the terminal. */
  noteAttempt(): void {
    this.#beginMeasure();
    this.#files.forget();
    this.#fresh.value = false;
    this.transcript.attempt();
    this.#run?.noteAttempt();
  }

  /** Whether a terminal of the lesson, its first one if none is named, can be typed into. */
  isTerminalOpen(name?: string): boolean {
    return this.#terminals.isOpen(name);
  }

  /** Types a command into a terminal and presses Enter. */
  run(command: string, terminal?: string): void {
    this.#terminals.write(`${DISCARD_LINE}${command}\r`, terminal);
    this.noteAttempt();
  }

  /** Presses keys in a terminal. */
  press(keys: KeyName, terminal?: string): void {
    this.#terminals.write(KEYS[keys], terminal);
    this.noteAttempt();
  }

  /** @throws CodedError as `Machine.writeFile` */
  async writeFile({ path, text, mode, user, machine = this.#firstMachine }: FileBlock): Promise<void> {
    await this.#guest?.writeFile({ machine, path, text, mode, user });
    this.noteAttempt();
  }

  /** Sends a signal from outside. Gives whom it was sent to. @throws CodedError as `Guest.signal` */
  async sendSignal(block: SignalBlock): Promise<readonly Process[]> {
    const { signal: name, to, machine = this.#firstMachine } = block;
    const sent = await this.#guest?.signal({ machine, to, number: SIGNALS[name] });
    this.noteAttempt();
    return sent ?? [];
  }

  /**
   * Looks at each machine that is there.
   * @throws CodedError as `Machine.observe`
   */
  async observe(): Promise<ReadonlyMap<string, Observation>> {
    const there = this.#machines.names.flatMap((name) => {
      const machine = this.#machines.get(name);
      return machine === undefined ? [] : [{ name, machine }];
    });
    return new Map(
      await Promise.all(there.map(async ({ name, machine }) => [name, await machine.observe()] as const)),
    );
  }

  get #firstMachine(): string {
    return this.#machines.names[0] ?? "";
  }

  /** Whether a machine is there; one that is paused is. */
  isUp(machine: string): boolean {
    const { phase } = this.#machines.control(machine).state.value;
    return phase === "running" || phase === "paused";
  }

  /** Whether a machine, the first one if none is named, can be worked with. */
  isRunning(machine = this.#firstMachine): boolean {
    return this.#machines.control(machine).state.value.phase === "running";
  }

  /** Boots a machine that is off. What goes wrong its state says. */
  async switchOn(machine: string): Promise<void> {
    this.noteAttempt();
    if (!this.#machines.control(machine).isOn) await this.#switchOn(machine).catch(() => undefined);
  }

  /** A new one in place of the one in front. */
  openTerminal(): void {
    this.#terminals.reopen(this.#terminals.frontMachine);
  }

  /** Copies files of the learner's into the home of the user whose terminal is in front. Never rejects. */
  async addFiles(given: readonly GivenFile[]): Promise<void> {
    const front = this.#terminals.all.find(({ name }) => name === this.#terminals.front.value);
    await this.#files.take(given, front?.user ?? "root", this.#machines.get(front?.machine ?? ""));
  }

  stopFiles(): void {
    this.#files.stop();
  }

  /** Tries at once to fetch what the guest waits for. */
  retryFiles(): void {
    for (const machine of this.#machines.all) machine.retryFiles();
  }

  /** Throws away the machine whose terminal is in front and starts a fresh one; the lesson goes on where it was. */
  async restartMachine(): Promise<void> {
    const name = this.#terminals.frontMachine;
    this.transcript.tell({ kind: "restarted" });
    batch(() => {
      this.#letGuestGo();
      this.#terminals.close(name);
    });
    await this.#machines.control(name).start();
  }

  /** Takes the machines back to the beginning of the open step; one that panicked or switched itself off too. */
  async resetStep(): Promise<void> {
    if (this.#run === undefined || this.#resetting.value) return;
    this.#measures.forget();
    this.#resetting.value = true;
    try {
      await this.#run.reset();
      // A shell that had ended is there again.
      this.#terminals.reopenEnded();
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
    this.#terminals.reopenEnded();
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
    this.#stepHeld.dispose();
  }
}
