import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, type Disposable, Emitter, fromWireError } from "../base/index.ts";
import type { LessonMachine } from "../lessons/index.ts";
import type { Machine, MachineNotice } from "../machine/index.ts";
import type { BootStage, MachinePhase } from "../protocol/machine.ts";
import { BootClock, type BootTimeline } from "./boot-timeline.ts";

/** Starts a machine; the page's composition knows from what. The one of that name before it is gone by then. */
export type StartMachine = (
  spec: LessonMachine,
  options: {
    readonly onEvent: (event: MachineNotice) => void;
    readonly signal: AbortSignal;
  },
) => Promise<Machine>;

export interface FileTrouble {
  readonly error: CodedError;
  readonly attempts: number;
}

/** The machine as the page shows it. */
export interface MachineState {
  /** `unpowered`: nobody has switched it on. */
  readonly phase: MachinePhase | "unpowered";
  readonly stage: BootStage;
  /** Bytes of what is being fetched; `total` is 0 while that is not known. */
  readonly loaded: number;
  readonly total: number;
  /** The kernel's last words. */
  readonly panic: string | undefined;
  /** Why it does not run. */
  readonly fault: CodedError | undefined;
  readonly agent: "here" | "gone";
  /** Whether the guest answers; one that hangs does not. */
  readonly guest: "answers" | "silent";
  /** Why the guest waits for a part of its file system; undefined when it does not. */
  readonly fileTrouble: FileTrouble | undefined;
}

const STARTING: MachineState = {
  phase: "starting",
  stage: "fetching",
  loaded: 0,
  total: 0,
  panic: undefined,
  fault: undefined,
  agent: "here",
  guest: "answers",
  fileTrouble: undefined,
};

const UNPOWERED: MachineState = { ...STARTING, phase: "unpowered" };

/** Owns one machine of a lab: starts it, follows what it tells, and replaces it. */
export class MachineControl implements Disposable {
  readonly #spec: LessonMachine;
  readonly #start: StartMachine;
  readonly #state: Signal<MachineState>;
  readonly #replaced = new Emitter<Machine>();
  readonly #agent = new Emitter<"gone" | "back">();
  readonly #gone = new Emitter<void>();
  readonly #clock = new BootClock();
  #machine: Machine | undefined;
  #attempt = new AbortController();

  /** A new machine is ready. */
  readonly onReady = this.#replaced.event;
  readonly onAgent = this.#agent.event;
  /** The machine is gone for good, or switched off; only {@link start} helps. */
  readonly onGone = this.#gone.event;

  constructor(spec: LessonMachine, start: StartMachine) {
    this.#spec = spec;
    this.#start = start;
    this.#state = signal(spec.power === "off" ? UNPOWERED : STARTING);
  }

  /** Whether it is there or on its way; a machine that has died counts. */
  get isOn(): boolean {
    return this.#state.value.phase !== "unpowered";
  }

  get state(): ReadonlySignal<MachineState> {
    return this.#state;
  }

  get spec(): LessonMachine {
    return this.#spec;
  }

  /** What became of the latest start, stage by stage. */
  get boot(): ReadonlySignal<BootTimeline> {
    return this.#clock.timeline;
  }

  /** The present machine has shown its first prompt. */
  prompted(): void {
    this.#clock.prompted();
  }

  get machine(): Machine | undefined {
    return this.#machine;
  }

  #change(change: Partial<MachineState>): void {
    this.#state.value = { ...this.#state.value, ...change };
  }

  /**
   * Starts a machine in place of the present one; one that was switched off boots from its firmware. Never rejects: what
   * goes wrong is in {@link state}.
   */
  async start(): Promise<void> {
    const spec: LessonMachine = this.isOn ? this.#spec : { ...this.#spec, power: "off" };
    this.#letGo();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#state.value = STARTING;
    this.#clock.begin();
    try {
      const machine = await this.#start(spec, {
        signal: attempt.signal,
        onEvent: (event) => {
          if (attempt === this.#attempt) this.#take(event);
        },
      });
      if (attempt.signal.aborted) {
        machine.dispose();
        return;
      }
      this.#machine = machine;
      this.#replaced.fire(machine);
    } catch (thrown) {
      if (attempt.signal.aborted) return;
      this.#change({ phase: "crashed", fault: asCodedError(thrown) });
    }
  }

  /** Guest time stands still until {@link resume}. Never rejects: a machine that has died says so by its state. */
  async pause(): Promise<void> {
    await this.#machine?.pause().catch(() => undefined);
  }

  async resume(): Promise<void> {
    await this.#machine?.resume().catch(() => undefined);
  }

  /** Takes its power away: the machine is gone, with all that was in it. */
  switchOff(): void {
    if (!this.isOn) return;
    this.#letGo();
    this.#state.value = UNPOWERED;
    this.#gone.fire();
  }

  /** Ends the present machine and all interest in it. */
  #letGo(): void {
    this.#attempt.abort();
    this.#attempt = new AbortController();
    this.#machine?.dispose();
    this.#machine = undefined;
  }

  #take(event: MachineNotice): void {
    switch (event.kind) {
      case "stage":
        this.#clock.enter(event.stage);
        this.#change({ stage: event.stage });
        break;
      case "progress":
        this.#clock.fetched(event.loaded);
        this.#change({ loaded: event.loaded, total: event.total });
        break;
      case "phase":
        this.#takePhase(event);
        break;
      case "agent":
        this.#change({ agent: event.state === "gone" ? "gone" : "here" });
        this.#agent.fire(event.state);
        break;
      case "guest":
        this.#change({ guest: event.state });
        break;
      case "waiting-for-file":
        this.#change({ fileTrouble: { error: fromWireError(event.error), attempts: event.attempts } });
        break;
      case "file-arrived":
        this.#change({ fileTrouble: undefined });
        break;
      case "console":
        break;
    }
  }

  #takePhase(event: Extract<MachineNotice, { kind: "phase" }>): void {
    const stopped = event.phase === "crashed" || event.phase === "off" || event.phase === "panicked";
    const fault = event.error === undefined ? undefined : fromWireError(event.error);
    this.#change({
      phase: event.phase,
      panic: event.panic,
      fault: stopped ? (fault ?? new CodedError("machine-gone", "the machine has stopped")) : undefined,
      // A machine that was taken back in time has its agent back as well.
      ...(event.phase === "running" ? { agent: "here" as const } : {}),
    });
    if (event.phase === "crashed") this.#gone.fire();
  }

  dispose(): void {
    this.#letGo();
    this.#replaced.dispose();
    this.#agent.dispose();
    this.#gone.dispose();
  }
}
