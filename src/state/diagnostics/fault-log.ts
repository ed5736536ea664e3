import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { CodedError, ErrorCode } from "../../base/index.ts";

/** Of what a fault was. */
export type FaultPlace = "machine" | "file" | "terminal" | "lesson" | "step" | "files" | "page";

/**
 * A fault as it is remembered. Its message is not: that may name a file of the learner's, or have a line of a command in
 * it. `cause` is the kind of error behind it, such as `TypeError`.
 */
export interface NotedFault {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly code: ErrorCode;
  readonly place: FaultPlace;
  readonly cause: string | undefined;
}

const MOST = 20;

function causeOf({ cause }: CodedError): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

/** The latest faults of a page, for whoever has to find out what is wrong with it. */
export class FaultLog {
  readonly #now: () => number;
  readonly #noted = signal<readonly NotedFault[]>([]);
  /** The same fault may be come across in several places, or again and again. */
  readonly #seen = new WeakSet<CodedError>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** At most 20, the newest last. */
  get noted(): ReadonlySignal<readonly NotedFault[]> {
    return this.#noted;
  }

  note(error: CodedError, place: FaultPlace): void {
    if (this.#seen.has(error)) return;
    this.#seen.add(error);
    const fault = { time: this.#now(), code: error.code, place, cause: causeOf(error) };
    this.#noted.value = [...this.#noted.peek(), fault].slice(-MOST);
  }
}
