import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, type CodedError, type Disposable, DisposableStore } from "../base/index.ts";
import { type Process, SIGNALS } from "../isolation/index.ts";
import type { Machine } from "../machine/index.ts";
import {
  type Activity,
  type Answer,
  type Clock,
  type FileBlock,
  FIRST_MACHINE,
  type KeyName,
  KEYS,
  type Lesson,
  LessonRun,
  type LessonRunState,
  parseProgress,
  type ProgressStore,
  type SignalBlock,
  type StepHeld,
} from "../lessons/index.ts";
import { FileIntake, type GivenFile, type IntakeState } from "./file-intake.ts";
import { HiddenPause, type Setting } from "./hidden-pause.ts";
import { MachineControl, type MachineState, type StartMachine } from "./machine-control.ts";
import type { Postcard, PostcardStore } from "./postcard.ts";
import { Replay } from "./replay.ts";
import type { TerminalState } from "./terminal-control.ts";
import { type DeskTerminal, TerminalDesk, type TerminalSpec } from "./terminal-desk.ts";
import { LessonGuest } from "./lesson-guest.ts";
import { Xray } from "./xray.ts";

export interface LabOptions {
  readonly startMachine: StartMachine;
  readonly loadLesson: () => Promise<Lesson>;
  readonly progress: ProgressStore;
  readonly clock: Clock;
  /** Those that open by themselves, at least one. */
  readonly terminals: readonly TerminalSpec[];
  /** Whether the machine pauses while nobody sees it. */
  readonly pauseHidden: Setting;
  /** None are kept if not given. */
  readonly postcards?: PostcardStore;
  /** The lesson is there to be watched: it is offered to be done, and nothing is typed before. */
  readonly isReplay?: boolean;
}

/** A lesson as the page shows it. */
export type LessonState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: CodedError }
  | { readonly kind: "open"; readonly lesson: Lesson; readonly run: LessonRunState };

/** The page has one machine. */
const MACHINE = "machine";
/** Discards what was typed on the line so far; see `unix-line-discard` in readline(3). */
const DISCARD_LINE = "\u0015";

/** A machine, a terminal in it, and a lesson beside it: what the page shows and what can be done with it. */
export class Lab implements Disposable {
  readonly #options: LabOptions;
  readonly #owned = new DisposableStore();
  readonly #machine: MachineControl;
  readonly #terminals: TerminalDesk;
  readonly #files: FileIntake;
  readonly #pause: HiddenPause;
  readonly #xray: Xray;
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
  readonly #replay = signal<Replay | undefined>(undefined);
  readonly #held = signal<StepHeld | undefined>(undefined);
  readonly #postcard = signal<Postcard | undefined>(undefined);
  /** The step for which the X-ray was opened last: closed by the learner, it stays closed for it. */
  #xrayStep = "";
  #run: LessonRun | undefined;
  /** The machine as the lesson sees it, while there is one. */
  #guest: LessonGuest | undefined;
  #visible = true;

  constructor(options: LabOptions) {
    this.#options = options;
    this.#machine = this.#owned.add(new MachineControl(options.startMachine));
    const user = options.terminals[0]?.user ?? "root";
    this.#terminals = this.#owned.add(new TerminalDesk(options.terminals, () => this.#machine.machine));
    this.#files = this.#owned.add(new FileIntake(user));
    this.#pause = this.#owned.add(new HiddenPause(options.pauseHidden));
    this.#xray = this.#owned.add(new Xray(user));
    this.#owned.add(
      this.#machine.onReady((machine) => {
        void this.#openFirstTerminal(machine);
        this.#guest = new LessonGuest({
          machines: new Map([[FIRST_MACHINE, machine]]),
          terminal: (name) => this.#terminals.end(name),
        });
        this.#run?.attach(this.#guest);
        const { startMs } = this.#machine;
        this.#xray.attach(MACHINE, machine, startMs === undefined ? {} : { startMs });
        this.#noteFresh();
      }),
    );
    this.#owned.add(
      this.#machine.onGone(() => {
        this.#pause.attach(undefined);
        this.#run?.detach();
        this.#forgetGuest();
        this.#xray.detach(MACHINE);
      }),
    );
    this.#owned.add(
      this.#machine.onAgent((state) => {
        if (state === "back") this.#terminals.reopen();
      }),
    );
  }

  /** What is seen of the machine from outside. */
  get xray(): Xray {
    return this.#xray;
  }

  get machine(): ReadonlySignal<MachineState> {
    return this.#machine.state;
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

  /** Starts machine and lesson side by side. Never rejects. */
  async start(): Promise<void> {
    await Promise.all([this.#machine.start(), this.loadLesson()]);
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
    const progress = parseProgress(stored, lesson.id, lesson.version);
    this.#run?.dispose();
    const { clock, isReplay = false } = this.#options;
    const run = new LessonRun(lesson, progress, clock, !isReplay);
    this.#owned.add(run);
    run.onChange((state) => {
      batch(() => {
        this.#lesson.value = { kind: "open", lesson, run: state };
        this.#openXray(lesson, state.current);
      });
    });
    run.onHeld((held) => {
      if (held.step === lesson.postcard) this.#held.value = held;
    });
    if (isReplay) this.#replay.value = this.#owned.add(new Replay(run, lesson, clock));
    if (lesson.postcard !== undefined) void this.#loadPostcard(lesson.id);
    run.onProgress((changed) => void this.#options.progress.save(changed));
    run.setVisible(this.#visible);
    this.#run = run;
    batch(() => {
      this.#lesson.value = { kind: "open", lesson, run: run.state };
      this.#openXray(lesson, run.state.current);
    });
    if (this.#guest !== undefined) run.attach(this.#guest);
    this.#noteFresh();
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

  #forgetGuest(): void {
    this.#guest?.dispose();
    this.#guest = undefined;
  }

  /** A machine that comes up unseen pauses when it has a prompt. */
  async #openFirstTerminal(machine: Machine): Promise<void> {
    await this.#terminals.openAll(machine);
    if (this.#machine.machine === machine) this.#pause.attach(machine);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#pause.setVisible(visible);
    this.#run?.setVisible(visible);
    this.#xray.setVisible(visible);
  }

  /** Whether the machine pauses while nobody sees it. */
  get pausesHidden(): ReadonlySignal<boolean> {
    return this.#pause.isOn;
  }

  setPausesHidden(isOn: boolean): void {
    this.#pause.set(isOn);
  }

  /** Enter was pressed in the terminal. */
  noteAttempt(): void {
    this.#files.forget();
    this.#fresh.value = false;
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
  async writeFile({ path, text, mode, user, machine = FIRST_MACHINE }: FileBlock): Promise<void> {
    await this.#guest?.writeFile({ machine, path, text, mode, user });
    this.noteAttempt();
  }

  /** Sends a signal from outside. Gives whom it was sent to. @throws CodedError as `Guest.signal` */
  async sendSignal({ signal: name, to, machine = FIRST_MACHINE }: SignalBlock): Promise<readonly Process[]> {
    const sent = await this.#guest?.signal({ machine, to, number: SIGNALS[name] });
    this.noteAttempt();
    return sent ?? [];
  }

  openTerminal(): void {
    this.#terminals.reopen();
  }

  /** Copies files of the learner's into the home of the terminal's user. Never rejects. */
  async addFiles(given: readonly GivenFile[]): Promise<void> {
    await this.#files.take(given, this.#machine.machine);
  }

  stopFiles(): void {
    this.#files.stop();
  }

  /** Tries at once to fetch what the guest waits for. */
  retryFiles(): void {
    this.#machine.machine?.retryFiles();
  }

  /** Throws the machine away and starts a fresh one; the lesson goes on where it was. */
  async restartMachine(): Promise<void> {
    batch(() => {
      this.#run?.detach();
      this.#terminals.closeAll();
    });
    await this.#machine.start();
  }

  /** Takes the machine back to the beginning of the open step; one that panicked or switched itself off too. */
  async resetStep(): Promise<void> {
    if (this.#run === undefined || this.#resetting.value) return;
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

  /** Forgets what was done in the lesson, and takes the machine back to its beginning. */
  async startOver(): Promise<void> {
    await this.#run?.startOver().catch(() => undefined);
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
    this.#forgetGuest();
    this.#owned.dispose();
  }
}
