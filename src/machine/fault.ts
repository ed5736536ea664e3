import { CodedError, fromWireError } from "../base/index.ts";
import type { MachineEvent } from "../protocol/machine.ts";
import type { Checkpoint } from "./types.ts";

/** As much of the console is kept as a person reads. */
const MOST_OUTPUT = 4096;

/** What is known of a machine that does not do what it should. */
export interface MachineFault {
  /**
   * `machine-gone` (its worker has died, or it was switched off), `machine-crashed`, `guest-panicked`, `guest-silent`,
   * `agent-gone`, `out-of-memory`.
   */
  readonly error: CodedError;
  /** The kernel's own words, when it panicked. */
  readonly panic: string | undefined;
  /** The last that came from the kernel's console. */
  readonly lastOutput: string;
  /**
   * The latest checkpoint that somebody took, when it is still there. `recover` goes back to it, or to the newest moment
   * of the history where one is kept. Without either a new machine is the way on.
   */
  readonly restorable: Checkpoint | undefined;
}

/** Follows a machine's events, and says what is wrong with it. */
export class FaultWatch {
  readonly #decoder = new TextDecoder();
  #error: CodedError | undefined;
  #panic: string | undefined;
  #output = "";
  /** In the order in which they were taken. */
  readonly #checkpoints = new Set<number>();

  get fault(): MachineFault | undefined {
    if (this.#error === undefined) return undefined;
    const { latest } = this;
    return { error: this.#error, panic: this.#panic, lastOutput: this.#output, restorable: latest };
  }

  get latest(): Checkpoint | undefined {
    const id = [...this.#checkpoints].at(-1);
    return id === undefined ? undefined : { id };
  }

  take(event: MachineEvent): void {
    if (event.kind === "phase") {
      this.#panic = event.panic;
      this.#error = event.error === undefined ? undefined : fromWireError(event.error);
    } else if (event.kind === "console") {
      const said = this.#decoder.decode(event.bytes, { stream: true });
      this.#output = (this.#output + said).slice(-MOST_OUTPUT);
    } else if (event.kind === "agent") {
      const words = "the guest's agent was killed, and its terminals with it";
      this.#set(event.state === "gone", "agent-gone", words);
    } else if (event.kind === "guest") {
      this.#set(event.state === "silent", "guest-silent", "the guest does not answer any more");
    }
  }

  /** A lesser fault neither hides nor ends a greater one. */
  #set(isWrong: boolean, code: "agent-gone" | "guest-silent", message: string): void {
    if (isWrong) this.#error ??= new CodedError(code, message);
    else if (this.#error?.code === code) this.#error = undefined;
  }

  checkpointTaken({ id }: Checkpoint): void {
    this.#checkpoints.add(id);
  }

  checkpointForgotten({ id }: Checkpoint): void {
    this.#checkpoints.delete(id);
  }

  /** The worker is gone, and all that it kept. */
  workerGone(error: CodedError): void {
    this.#error = error;
    this.#checkpoints.clear();
  }
}
