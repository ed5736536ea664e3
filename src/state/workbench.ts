import { batch, computed, type ReadonlySignal } from "@preact/signals-core";
import { type Disposable, DisposableStore, Emitter, withAbort } from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";
import type { Clock, LessonMachine } from "../lessons/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { FileIntake, type GivenFile, type IntakeState } from "./file-intake.ts";
import { HiddenPause } from "./hidden-pause.ts";
import type { MachineState, StartMachine } from "./machine-control.ts";
import { MachineDesk } from "./machine-desk.ts";
import { Machines, type NamedMachine } from "./machines.ts";
import { ManReader } from "./man/man-reader.ts";
import type { ManSource } from "./man/man-source.ts";
import { type LayoutStore, Panels } from "./panels.ts";
import type { TerminalState } from "./terminal-control.ts";
import { type DeskTerminal, TerminalDesk, type TerminalSpec } from "./terminal-desk.ts";
import { Transcript } from "./transcript.ts";
import { Xray, type XrayGoal } from "./xray.ts";

export interface WorkbenchOptions {
  /** At least one; those that are on start by themselves. */
  readonly machines: readonly LessonMachine[];
  readonly startMachine: StartMachine;
  /** Settles when the others reach a machine that has just started; at once where there are no others. */
  readonly reachable?: (machine: string) => Promise<void>;
  readonly clock: Clock;
  /** Of the machine's profile. */
  readonly manual: ManSource;
  /** Those that open by themselves, at least one. */
  readonly terminals: readonly TerminalSpec[];
  /** Whether the machines pause while nobody sees them. */
  readonly pauseHidden: ReadonlySignal<boolean>;
  /** How the panels share the page; not kept if not given. */
  readonly layout?: LayoutStore;
  /** Whether the machines' latest past is kept, to go back to; not if not given. */
  readonly keepsPast?: boolean;
}

/** What the X-ray calls a machine that has no others beside it. */
const ALONE = "machine";
/** Discards what was typed on the line so far; see `unix-line-discard` in readline(3). */
const DISCARD_LINE = "\u0015";

/** Machines, the terminals in them, and what is seen of them: all that there is without a lesson. */
export class Workbench implements Disposable {
  readonly #options: WorkbenchOptions;
  readonly #owned = new DisposableStore();
  readonly #machines: Machines;
  readonly #terminals: TerminalDesk;
  readonly #files: FileIntake;
  readonly #pause: HiddenPause;
  readonly #together = this.#owned.add(new Emitter<void>());
  readonly #apart = this.#owned.add(new Emitter<void>());
  readonly #frontMachine = computed(() => this.#terminals.frontMachine);
  readonly #front = computed(() => this.#machines.control(this.#frontMachine.value).state.value);
  #areTogether = false;
  /** What happened so far, to be saved as text. */
  readonly transcript = new Transcript(Date.now);
  /** What is seen of the machines from outside. */
  readonly xray: Xray;
  /** The machine's manual. */
  readonly man: ManReader;
  /** How all of it shares the page. */
  readonly panels: Panels;
  /** What else can be done with the machines. */
  readonly machineDesk: MachineDesk;

  /** All machines that are on are there and reach each other, as far as they ever will. */
  readonly onTogether = this.#together.event;
  /** One of them is gone, and another one shall take its place. */
  readonly onApart = this.#apart.event;

  /** @param goal What the X-ray shows as wanted. */
  constructor(options: WorkbenchOptions, goal: ReadonlySignal<XrayGoal | undefined>) {
    this.#options = options;
    this.#machines = this.#owned.add(new Machines(options.machines, options.startMachine));
    const user = options.terminals[0]?.user ?? "root";
    this.#terminals = this.#owned.add(
      new TerminalDesk(options.terminals, (name) => this.#machines.get(name)),
    );
    this.#files = this.#owned.add(new FileIntake());
    this.#pause = this.#owned.add(new HiddenPause(options.pauseHidden));
    this.man = this.#owned.add(new ManReader({ source: options.manual, clock: options.clock }));
    this.xray = this.#owned.add(new Xray(user, goal));
    this.panels = this.#owned.add(new Panels(options.layout, this.xray, this.man.isOpen));
    this.#owned.add(this.#terminals.onTyped(() => this.panels.openTerminal()));
    this.machineDesk = this.#owned.add(
      new MachineDesk({
        machines: this.#machines,
        terminals: this.#terminals,
        xray: this.xray,
        transcript: this.transcript,
        seenAs: (name) => this.seenAs(name),
        reachable: options.reachable ?? (async () => undefined),
        keepsPast: options.keepsPast ?? false,
      }),
    );
    this.#owned.add(this.#machines.onReady((one) => this.#take(one)));
    this.#owned.add(
      this.#machines.onGone((name) => {
        this.#pause.keep(this.#machines.all);
        this.#terminals.close(name);
        this.xray.detach(this.seenAs(name));
        // The others go on without one that was switched off, and wait for one that died.
        if (this.#isOwn(name) && this.#machines.control(name).isOn) this.#part();
      }),
    );
    this.#owned.add(this.#machines.onAgentBack((name) => this.#terminals.reopen(name)));
  }

  /** What the X-ray calls a machine. One keeps its name when others are put beside it. */
  seenAs(machine: string): string {
    return this.names.length === 1 && this.#isOwn(machine) ? ALONE : machine;
  }

  /** Whether it has been there from the beginning: a lesson knows of no others. */
  #isOwn(machine: string): boolean {
    return this.names.includes(machine);
  }

  #take({ name, machine }: NamedMachine): void {
    void this.#openTerminals(name, machine);
    const { boot } = this.#machines.control(name);
    this.xray.attach(this.seenAs(name), machine, () => boot.value.total);
    if (this.#isOwn(name)) void this.#gather();
  }

  async #gather(): Promise<void> {
    if (!this.#machines.areUp(this.names)) return;
    const { reachable } = this.#options;
    const own = (): readonly NamedMachine[] =>
      this.names.flatMap((name) => {
        const machine = this.#machines.get(name);
        return machine === undefined ? [] : [{ name, machine }];
      });
    const all = own();
    // Without its network a machine is still one that can be worked with.
    if (reachable !== undefined) await Promise.allSettled(all.map(({ name }) => reachable(name)));
    const now = own().map(({ machine }) => machine);
    const isSame = this.#machines.areUp(this.names) && all.every(({ machine }) => now.includes(machine));
    if (this.#owned.disposed || !isSame || this.#areTogether || all.length === 0) return;
    this.#areTogether = true;
    this.#together.fire();
  }

  #part(): void {
    this.#areTogether = false;
    this.#apart.fire();
  }

  /** A machine that comes up unseen pauses when it has a prompt. */
  async #openTerminals(name: string, machine: Machine): Promise<void> {
    await this.#terminals.openAll(name);
    if (this.#machines.get(name) !== machine) return;
    this.#pause.attach(machine);
    const first = this.#terminals.all.find((one) => one.machine === name)?.name;
    this.machineDesk.follow(name, machine, first === undefined ? undefined : this.#terminals.end(first));
  }

  /** Those that have been there from the beginning, in their order. */
  get names(): readonly string[] {
    return this.#options.machines.map(({ name }) => name);
  }

  /** The one that is meant where none is named. */
  get firstMachine(): string {
    return this.names[0] ?? "";
  }

  /**
   * Looks at each machine that is there.
   * @throws CodedError as `Machine.observe`
   */
  async observe(): Promise<ReadonlyMap<string, Observation>> {
    const there = this.names.flatMap((name) => {
      const machine = this.get(name);
      return machine === undefined ? [] : [{ name, machine }];
    });
    return new Map(
      await Promise.all(there.map(async ({ name, machine }) => [name, await machine.observe()] as const)),
    );
  }

  /** A machine by its name, while it is there. */
  get(name: string): Machine | undefined {
    return this.#machines.get(name);
  }

  /** The one whose terminal is in front. */
  get machine(): ReadonlySignal<MachineState> {
    return this.#front;
  }

  /** Name of the machine whose terminal is in front. */
  get frontMachine(): ReadonlySignal<string> {
    return this.#frontMachine;
  }

  get machines(): readonly { readonly name: string; readonly state: ReadonlySignal<MachineState> }[] {
    return this.#machines.names.value.map((name) => ({ name, state: this.#machines.control(name).state }));
  }

  get terminals(): TerminalDesk {
    return this.#terminals;
  }

  /** The terminal in front. */
  get frontTerminal(): DeskTerminal | undefined {
    return this.#terminals.all.find(({ name }) => name === this.#terminals.front.value);
  }

  get terminal(): ReadonlySignal<TerminalState> {
    return this.#terminals.state;
  }

  /** The guest's end of a terminal, while it is open. */
  terminalEnd(name: string): Terminal | undefined {
    return this.#terminals.end(name);
  }

  /** What becomes of the files that the learner gave last. */
  get files(): ReadonlySignal<IntakeState> {
    return this.#files.state;
  }

  setVisible(visible: boolean): void {
    this.#pause.setVisible(visible);
    this.xray.setVisible(visible);
    this.machineDesk.setVisible(visible);
  }

  /** Starts the machines that are on from the beginning. Never rejects. */
  async start(): Promise<void> {
    await this.#machines.start();
  }

  /** Boots a machine. @throws CodedError as the machine's start */
  async switchOn(name: string, stop?: AbortSignal): Promise<void> {
    const control = this.#machines.control(name);
    await withAbort(control.start(), stop);
    const { fault } = control.state.value;
    if (fault !== undefined) throw fault;
    await withAbort(this.#options.reachable?.(name) ?? Promise.resolve(), stop);
  }

  switchOff(name: string): void {
    this.#machines.control(name).switchOff();
  }

  /** Whether it is there or on its way; one that has died counts. */
  isOn(machine: string): boolean {
    return this.#machines.control(machine).isOn;
  }

  /** Whether a machine is there; one that is paused is. */
  isUp(machine: string): boolean {
    const { phase } = this.#machines.control(machine).state.value;
    return phase === "running" || phase === "paused";
  }

  /** Whether a machine, the first one if none is named, can be worked with. */
  isRunning(machine = this.firstMachine): boolean {
    return this.#machines.control(machine).state.value.phase === "running";
  }

  /** Switches a machine off for the learner: all that was in it is gone. What is open of a lesson waits, or goes on without. */
  cutPower(name: string): void {
    this.transcript.tell({ kind: "switched-off", machine: name });
    batch(() => {
      if (this.#isOwn(name)) this.#part();
      this.switchOff(name);
    });
    if (this.#isOwn(name)) void this.#gather();
  }

  /** Throws away a machine, the one whose terminal is in front if none is named, and starts a fresh one. */
  async restartMachine(name = this.#terminals.frontMachine): Promise<void> {
    this.transcript.tell({ kind: "restarted" });
    batch(() => {
      if (this.#isOwn(name)) this.#part();
      this.#terminals.close(name);
    });
    await this.#machines.control(name).start();
  }

  /** Types a command into a terminal, the first one if none is named, and presses Enter. */
  type(command: string, terminal?: string): void {
    this.#terminals.write(`${DISCARD_LINE}${command}\r`, terminal);
  }

  /** Enter was pressed in a terminal. */
  noteAttempt(): void {
    this.#files.forget();
    this.transcript.attempt();
  }

  /** A new one in place of the one in front. */
  openTerminal(): void {
    this.#terminals.reopen(this.#terminals.frontMachine);
  }

  /** Copies files of the learner's into the home of the user whose terminal is in front. Never rejects. */
  async addFiles(given: readonly GivenFile[]): Promise<void> {
    const front = this.frontTerminal;
    await this.#files.take(given, front?.user ?? "root", this.#machines.get(front?.machine ?? ""));
  }

  stopFiles(): void {
    this.#files.stop();
  }

  /** Tries at once to fetch what the guest waits for. */
  retryFiles(): void {
    for (const machine of this.#machines.all) machine.retryFiles();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
