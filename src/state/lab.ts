import { computed, type ReadonlySignal } from "@preact/signals-core";
import { type Disposable, DisposableStore, type Event } from "../base/index.ts";
import type { Observation, Process } from "../isolation/index.ts";
import {
  type Activity,
  type Answer,
  type FileBlock,
  type KeyName,
  KEYS,
  type Lesson,
  type SignalBlock,
  type StepHeld,
} from "../lessons/index.ts";
import type { GivenFile, IntakeState } from "./file-intake.ts";
import type { KeptProgress } from "./kept-progress.ts";
import { LessonDesk, type LessonDeskOptions, type LessonState } from "./lesson-desk.ts";
import type { MachineState } from "./machine-control.ts";
import type { MachineDesk } from "./machine-desk.ts";
import type { ManReader } from "./man/man-reader.ts";
import type { Panels } from "./panels.ts";
import type { Postcard } from "./postcard.ts";
import type { Replay } from "./replay.ts";
import type { TerminalState } from "./terminal-control.ts";
import type { DeskTerminal } from "./terminal-desk.ts";
import type { SplitDirection, TerminalPanes } from "./terminal-panes.ts";
import type { Transcript } from "./transcript.ts";
import { Workbench, type WorkbenchOptions } from "./workbench.ts";
import type { Xray } from "./xray.ts";

export interface LabOptions extends WorkbenchOptions, LessonDeskOptions {}

/** A workbench and the lesson beside it, if there is one: what the page shows and what can be done with it. */
export class Lab implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #bench: Workbench;
  readonly #desk: LessonDesk;

  constructor(options: LabOptions) {
    this.#bench = this.#owned.add(
      new Workbench(
        options,
        computed(() => this.#desk.goal.value),
      ),
    );
    this.#desk = this.#owned.add(new LessonDesk(options, this.#bench));
  }

  /** Starts machines and lesson side by side. Never rejects. */
  async start(): Promise<void> {
    await Promise.all([this.#bench.start(), this.#desk.loadLesson()]);
  }

  /** All that there is without the lesson. */
  get bench(): Workbench {
    return this.#bench;
  }

  /** What happened so far, to be saved as text. */
  get transcript(): Transcript {
    return this.#bench.transcript;
  }

  /** What is kept of the learner's progress in all lessons. */
  get kept(): KeptProgress {
    return this.#desk.kept;
  }

  /** What is seen of the machines from outside. */
  get xray(): Xray {
    return this.#bench.xray;
  }

  /** The machine's manual. */
  get man(): ManReader {
    return this.#bench.man;
  }

  /** How all of it shares the page. */
  get panels(): Panels {
    return this.#bench.panels;
  }

  /** The one whose terminal is in front. */
  get machine(): ReadonlySignal<MachineState> {
    return this.#bench.machine;
  }

  /** Name of the machine whose terminal is in front. */
  get frontMachine(): ReadonlySignal<string> {
    return this.#bench.frontMachine;
  }

  /** In the lesson's order. */
  get machines(): readonly { readonly name: string; readonly state: ReadonlySignal<MachineState> }[] {
    return this.#bench.machines;
  }

  /** The terminal in front. */
  get terminal(): ReadonlySignal<TerminalState> {
    return this.#bench.terminal;
  }

  get terminals(): readonly DeskTerminal[] {
    return this.#bench.terminals.all;
  }

  /** Name of the terminal in front. */
  get front(): ReadonlySignal<string> {
    return this.#bench.terminals.front;
  }

  bringToFront(terminal: string): void {
    this.#bench.terminals.bringToFront(terminal);
  }

  /** Which terminals are in sight. */
  get terminalPanes(): ReadonlySignal<TerminalPanes> {
    return this.#bench.terminals.panes;
  }

  /** Opens one more terminal on a machine, that of the terminal in front if none is named. */
  addTerminal(machine = this.frontMachine.value): void {
    this.#bench.terminals.add(machine);
  }

  /** Closes a terminal that {@link addTerminal} or {@link splitTerminals} opened. */
  removeTerminal(terminal: string): void {
    this.#bench.terminals.remove(terminal);
  }

  /** Shows two terminals; where there is no other one, a new one is opened. */
  splitTerminals(direction: SplitDirection): void {
    this.#bench.terminals.split(direction);
  }

  /** Shows the terminal in front alone. */
  joinTerminals(): void {
    this.#bench.terminals.join();
  }

  /** Brings the next terminal (1) or the one before (-1) to the front. */
  bringNextToFront(direction: 1 | -1): void {
    this.#bench.terminals.bringNext(direction);
  }

  /** What becomes of the files that the learner gave last. */
  get files(): ReadonlySignal<IntakeState> {
    return this.#bench.files;
  }

  get lesson(): ReadonlySignal<LessonState> {
    return this.#desk.lesson;
  }

  /** The machine is on its way back to the beginning of the step. */
  get resetting(): ReadonlySignal<boolean> {
    return this.#desk.resetting;
  }

  /** The open step has a checkpoint to go back to. */
  get canReset(): ReadonlySignal<boolean> {
    return this.#desk.canReset;
  }

  /** The open step is not the first one, and the machine knows nothing of those before. */
  get fresh(): ReadonlySignal<boolean> {
    return this.#desk.fresh;
  }

  async loadLesson(): Promise<void> {
    await this.#desk.loadLesson();
  }

  /** Goes on with another form of the open lesson: machines, terminals and what was done stay. */
  replaceLesson(lesson: Lesson): void {
    this.#desk.replaceLesson(lesson);
  }

  /** The open step's check has begun to hold; with what was seen then. */
  get onStepHeld(): Event<StepHeld> {
    return this.#desk.onStepHeld;
  }

  /**
   * Looks at each machine that is there.
   * @throws CodedError as `Machine.observe`
   */
  async observe(): Promise<ReadonlyMap<string, Observation>> {
    return this.#bench.observe();
  }

  /** The moment that is to be drawn on the lesson's postcard; undefined before it has come. */
  get postcardMoment(): ReadonlySignal<StepHeld | undefined> {
    return this.#desk.postcardMoment;
  }

  get postcard(): ReadonlySignal<Postcard | undefined> {
    return this.#desk.postcard;
  }

  keepPostcard(postcard: Postcard): void {
    this.#desk.keepPostcard(postcard);
  }

  /** The lesson, to be watched; undefined where it is there to be done. */
  get replay(): ReadonlySignal<Replay | undefined> {
    return this.#desk.replay;
  }

  setVisible(visible: boolean): void {
    this.#bench.setVisible(visible);
    this.#desk.setVisible(visible);
  }

  /** Enter was pressed in the terminal. */
  noteAttempt(): void {
    this.#desk.noteAttempt();
  }

  /** Whether a terminal of the lesson, its first one if none is named, can be typed into. */
  isTerminalOpen(name?: string): boolean {
    return this.#bench.terminals.isOpen(name);
  }

  /** Types a command into a terminal and presses Enter. */
  run(command: string, terminal?: string): void {
    this.#bench.type(command, terminal);
    this.noteAttempt();
  }

  /** Presses keys in a terminal. */
  press(keys: KeyName, terminal?: string): void {
    this.#bench.terminals.write(KEYS[keys], terminal);
    this.noteAttempt();
  }

  /** @throws CodedError as `Machine.writeFile` */
  async writeFile(block: FileBlock): Promise<void> {
    await this.#desk.writeFile(block);
  }

  /** Sends a signal from outside. Gives whom it was sent to. @throws CodedError as `Guest.signal` */
  async sendSignal(block: SignalBlock): Promise<readonly Process[]> {
    return this.#desk.sendSignal(block);
  }

  /** Whether a machine is there; one that is paused is. */
  isUp(machine: string): boolean {
    return this.#bench.isUp(machine);
  }

  /** Whether a machine, the first one if none is named, can be worked with. */
  isRunning(machine?: string): boolean {
    return this.#bench.isRunning(machine);
  }

  /** Boots a machine that is off. What goes wrong its state says. */
  async switchOn(machine: string): Promise<void> {
    this.noteAttempt();
    if (!this.#bench.isOn(machine)) await this.#bench.switchOn(machine).catch(() => undefined);
  }

  /** A new one in place of the one in front. */
  openTerminal(): void {
    this.#bench.openTerminal();
  }

  /** Copies files of the learner's into the home of the user whose terminal is in front. Never rejects. */
  async addFiles(given: readonly GivenFile[]): Promise<void> {
    await this.#bench.addFiles(given);
  }

  stopFiles(): void {
    this.#bench.stopFiles();
  }

  /** Tries at once to fetch what the guest waits for. */
  retryFiles(): void {
    this.#bench.retryFiles();
  }

  /**
   * Throws away a machine, the one whose terminal is in front if none is named, and starts a fresh one; the lesson goes on
   * where it was.
   */
  async restartMachine(machine?: string): Promise<void> {
    await this.#bench.restartMachine(machine);
  }

  /** Switches a machine off: all that was in it is gone. */
  cutPower(machine: string): void {
    this.#bench.cutPower(machine);
  }

  /** What else can be done with the machines, and what is known of them. */
  get machineDesk(): MachineDesk {
    return this.#bench.machineDesk;
  }

  /** Takes the machines back to the beginning of the open step; one that panicked or switched itself off too. */
  async resetStep(): Promise<void> {
    await this.#desk.resetStep();
  }

  /** What is being done in the machine for the learner. */
  get activity(): ReadonlySignal<Activity> {
    return this.#desk.activity;
  }

  /** Types the open step's solution. What goes wrong the lesson's state says. */
  async showMe(): Promise<void> {
    await this.#desk.showMe();
  }

  stopShowing(): void {
    this.#desk.stopShowing();
  }

  /** Does the steps before. What goes wrong the lesson's state says. */
  async goToStep(id: string): Promise<void> {
    await this.#desk.goToStep(id);
  }

  /** The machine has a beginning to which it can go back now. */
  get canStartOver(): ReadonlySignal<boolean> {
    return this.#desk.canStartOver;
  }

  /** Forgets what was done in the lesson, and takes the machine back to its beginning. What goes wrong the lesson says. */
  async startOver(): Promise<void> {
    await this.#desk.startOver();
  }

  openStep(id: string): void {
    this.#desk.openStep(id);
  }

  answer(question: string, answer: Answer): void {
    this.#desk.answer(question, answer);
  }

  acknowledgeStep(): void {
    this.#desk.acknowledgeStep();
  }

  dispose(): void {
    this.#desk.dispose();
    this.#owned.dispose();
  }
}
