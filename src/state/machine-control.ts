import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, type Disposable, Emitter, fromWireError } from "../base/index.ts";
import type { Machine, MachineNotice } from "../machine/index.ts";
import type { BootStage, MachinePhase } from "../protocol/machine.ts";

/** Starts a machine; the page's composition knows from what. */
export type StartMachine = (options: {
  readonly onEvent: (event: MachineNotice) => void;
  readonly signal: AbortSignal;
}) => Promise<Machine>;

export interface FileTrouble {
  readonly error: CodedError;
  readonly attempts: number;
}

/** The machine as the page shows it. */
export interface MachineState {
  readonly phase: MachinePhase;
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

/** Owns the one machine of the page: starts it, follows what it tells, and replaces it. */
export class MachineControl implements Disposable {
  readonly #start: StartMachine;
  readonly #state = signal<MachineState>(STARTING);
  readonly #replaced = new Emitter<Machine>();
  readonly #agent = new Emitter<"gone" | "back">();
  readonly #gone = new Emitter<void>();
  #machine: Machine | undefined;
  #attempt = new AbortController();
  #startMs: number | undefined;

  /** A new machine is ready. */
  readonly onReady = this.#replaced.event;
  readonly onAgent = this.#agent.event;
  /** The machine is gone for good; only {@link start} helps. */
  readonly onGone = this.#gone.event;

  constructor(start: StartMachine) {
    this.#start = start;
  }

  get state(): ReadonlySignal<MachineState> {
    return this.#state;
  }

  /** What the present machine took to start, in ms. */
  get startMs(): number | undefined {
    return this.#startMs;
  }

  get machine(): Machine | undefined {
    return this.#machine;
  }

  #change(change: Partial<MachineState>): void {
    this.#state.value = { ...this.#state.value, ...change };
  }

  /** Starts a machine in place of the present one. Never rejects: what goes wrong is in {@link state}. */
  async start(): Promise<void> {
    this.#letGo();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#state.value = STARTING;
    const since = performance.now();
    try {
      const machine = await this.#start({
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
      this.#startMs = Math.round(performance.now() - since);
      this.#replaced.fire(machine);
    } catch (thrown) {
      if (attempt.signal.aborted) return;
      this.#change({ phase: "crashed", fault: asCodedError(thrown) });
    }
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
        this.#change({ stage: event.stage });
        break;
      case "progress":
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
