import type { Event } from "../base/index.ts";
import type { Observation, Process, ProcessPattern } from "../isolation/index.ts";

/** A state of all machines of a lesson; what it is, the guest knows. */
export type GuestCheckpoint = { readonly id: number };

/** The latest look at each machine, by its name. */
export type Looks = ReadonlyMap<string, Observation>;

export interface GuestCommand {
  readonly machine: string;
  /** For `bash -c`. */
  readonly script: string;
  readonly user: string;
  /** Milliseconds; it is killed then, with all that it started. */
  readonly timeoutMs: number;
}

export interface GuestAnswer {
  /** As a shell says it: 128 + N when signal N ended it, 124 when the time was up. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GuestFile {
  readonly machine: string;
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly user: string;
}

export interface GuestSignal {
  readonly machine: string;
  /** signal(7). */
  readonly number: number;
  readonly to: ProcessPattern;
}

/** A terminal in which the learner types, and a solution too. */
export interface GuestTerminal {
  /** What the guest prints, decoded. */
  readonly onOutput: Event<string>;
  /** The end of what it has printed, with what moves the cursor. */
  latest(): string;
  write(text: string): void;
}

/**
 * What the engine needs of a lesson's machines. Machines and terminals are meant by the names that the lesson gives them.
 * Who observes may change (the agent, the X-ray); the engine does not notice.
 */
export interface Guest {
  /**
   * Settles when one of these machines has a look that was not given before, with the latest of all of them. Those that
   * are switched off are left out.
   */
  observe(machines: readonly string[], signal?: AbortSignal): Promise<Looks>;
  /** Runs a script by the agent: no terminal shows it. */
  exec(command: GuestCommand, signal?: AbortSignal): Promise<GuestAnswer>;
  writeFile(file: GuestFile, signal?: AbortSignal): Promise<void>;
  /** Sends a signal from outside to each process that fits now. Gives those it was sent to. */
  signal(request: GuestSignal, signal?: AbortSignal): Promise<readonly Process[]>;
  /** Undefined while there is none. */
  terminal(name: string): GuestTerminal | undefined;
  /** Whether a machine is switched on. */
  isOn(machine: string): boolean;
  /** Boots a machine that is off; settles when it answers and the others reach it. */
  switchOn(machine: string, signal?: AbortSignal): Promise<void>;
  checkpoint(signal?: AbortSignal): Promise<GuestCheckpoint>;
  /** Whether one can still go back there: not when a machine that was on then has been switched off since. */
  holds(checkpoint: GuestCheckpoint): boolean;
  rewind(checkpoint: GuestCheckpoint, signal?: AbortSignal): Promise<void>;
  forget(checkpoint: GuestCheckpoint): void;
}
