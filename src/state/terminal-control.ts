import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, type CodedError, type Disposable, Emitter } from "../base/index.ts";
import { FIRST_SIZE, type Machine, type Terminal } from "../machine/index.ts";
import type { ExitStatus } from "../protocol/agent.ts";

/** The learner's terminal as the page shows it. */
export type TerminalState =
  | { readonly kind: "none" }
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly end: Terminal }
  | { readonly kind: "exited"; readonly status: ExitStatus }
  | { readonly kind: "lost"; readonly error: CodedError };

/** Owns the terminal: opens it, notices its end, opens the next. */
export class TerminalControl implements Disposable {
  readonly #user: string;
  readonly #state = signal<TerminalState>({ kind: "none" });
  readonly #lost = new Emitter<CodedError>();
  #size = FIRST_SIZE;
  #end: Terminal | undefined;
  #attempt = new AbortController();

  /** A terminal ended without its shell's doing. */
  readonly onLost = this.#lost.event;

  constructor(user: string) {
    this.#user = user;
  }

  get state(): ReadonlySignal<TerminalState> {
    return this.#state;
  }

  /** The guest's end of it, while it is open. */
  get end(): Terminal | undefined {
    return this.#end;
  }

  /** The size that the next terminal opens with; the one that is open is told by the screen itself. */
  setSize(cols: number, rows: number): void {
    this.#size = { cols, rows };
  }

  /** Opens a terminal in place of the present one. Never rejects. */
  async open(machine: Machine): Promise<void> {
    this.close();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#state.value = { kind: "opening" };
    try {
      const end = await machine.openTerminal({ user: this.#user, ...this.#size, signal: attempt.signal });
      if (attempt.signal.aborted) {
        end.dispose();
        return;
      }
      this.#end = end;
      this.#state.value = { kind: "open", end };
      void this.#awaitEnd(end);
    } catch (thrown) {
      if (!attempt.signal.aborted) this.#state.value = { kind: "lost", error: asCodedError(thrown) };
    }
  }

  async #awaitEnd(end: Terminal): Promise<void> {
    let ended: TerminalState;
    try {
      ended = { kind: "exited", status: await end.exited };
    } catch (thrown) {
      ended = { kind: "lost", error: asCodedError(thrown) };
    }
    if (this.#end !== end) return;
    this.#end = undefined;
    this.#state.value = ended;
    if (ended.kind === "lost") this.#lost.fire(ended.error);
  }

  /** Types, as the learner would. Nothing happens without a terminal. */
  write(text: string): void {
    this.#end?.write(text);
  }

  close(): void {
    this.#attempt.abort();
    const end = this.#end;
    this.#end = undefined;
    end?.dispose();
    this.#state.value = { kind: "none" };
  }

  dispose(): void {
    this.close();
    this.#lost.dispose();
  }
}
