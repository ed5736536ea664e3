import { CodedError, deferred, type Disposable, throwIfAborted } from "../base/index.ts";
import { type Clock, pause } from "./clock.ts";
import type { GuestTerminal } from "./guest.ts";
import { plainText } from "./plain-text.ts";

/** Discards what stands on the line so far; see `unix-line-discard` in readline(3). */
const DISCARD_LINE = "\u0015";
/** What ends a shell's prompt: root's, a user's, or that of a command that goes on. */
export const PROMPT = /(?:^|\n)[^\n]*[#$>] $/u;
/** A prompt with something printed behind it: a job of the background has said a word. */
const PASSED_PROMPT = /\w@[\w-]+:\S*[#$] |(?:^|\n)[\w./-]*[#$] /u;
/** After so long without a word the shell waits there all the same. */
const PASSED_MS = 1000;
/** So long nothing may come after a prompt, for it to be one: a prompt may be drawn in several pieces. */
export const QUIET_MS = 60;
/** In which a command that stays has shown that it was entered. One that ends the kernel may never do so. */
const ENTERED_MS = 3000;
/** As fast as one reads along. */
const KEY_MS = 35;
const BEFORE_ENTER_MS = 350;
/** What is kept of a command's output. */
const MOST_OUTPUT = 256 * 1024;

export interface TypingOptions {
  /** `reading`: slowly enough to be followed. */
  readonly pace: "instant" | "reading";
  /** Milliseconds in which the prompt has to be back. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface TypedCommand {
  /** Characters to be sent; for a command without its Enter. */
  readonly text: string;
  /** Enter follows, and what stood on the line goes. */
  readonly isLine: boolean;
  /** It does not come back to a prompt. */
  readonly stays: boolean;
  /** What its output has to fit before anything else is done. */
  readonly expect?: string | undefined;
}

/** Types into a terminal as a learner does, and notices when the shell is ready for more. */
export class Typist implements Disposable {
  readonly #terminal: GuestTerminal;
  readonly #clock: Clock;
  readonly #listening: Disposable;
  #output = "";
  #changed = deferred<void>();

  constructor(terminal: GuestTerminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#listening = terminal.onOutput((text) => {
      this.#output = (this.#output + text).slice(-MOST_OUTPUT);
      this.#changed.resolve();
      this.#changed = deferred<void>();
    });
  }

  /** What was printed since the latest command was entered, with the line that the terminal echoed. */
  get output(): string {
    return plainText(this.#output);
  }

  /**
   * Types a command, and waits for its end.
   * @returns What it printed, without the line that was typed.
   * @throws CodedError `timed-out` with the end of what was printed, `aborted`
   */
  async type(command: TypedCommand, { pace, timeoutMs, signal }: TypingOptions): Promise<string> {
    throwIfAborted(signal);
    if (command.isLine) this.#terminal.write(DISCARD_LINE);
    if (pace === "reading") {
      for (const key of command.text) {
        this.#terminal.write(key);
        await pause(this.#clock, KEY_MS, signal);
      }
      await pause(this.#clock, BEFORE_ENTER_MS, signal);
      this.#output = "";
    } else {
      this.#output = "";
      this.#terminal.write(command.text);
    }
    if (command.isLine) this.#terminal.write("\r");
    return this.#ended(command, timeoutMs, signal);
  }

  /** @throws CodedError as `type` */
  async #ended(
    { isLine, stays, expect }: TypedCommand,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    const wanted = expect === undefined ? undefined : new RegExp(expect, "mu");
    const isSilent = stays && wanted === undefined;
    const deadline = this.#clock.now() + (isSilent ? Math.min(ENTERED_MS, timeoutMs) : timeoutMs);
    for (;;) {
      const printed = printedBy(this.output, isLine);
      const isBack = stays || (printed !== undefined && PROMPT.test(`\n${printed}`));
      const fits = printed !== undefined && (wanted === undefined || wanted.test(printed));
      const changed = this.#changed.promise;
      const before = this.#output;
      if (isBack && (fits || (!stays && printed !== undefined))) {
        await pause(this.#clock, QUIET_MS, signal);
        if (this.#output === before) return printed ?? "";
        continue;
      }
      const left = deadline - this.#clock.now();
      if (left <= 0 && isSilent) return printed ?? "";
      if (left <= 0)
        throw new CodedError(
          "timed-out",
          `the command did not end within ${Math.round(timeoutMs / 1000)} s; the terminal shows:\n${lastLines(this.output)}`,
        );
      const wasPassed = printed !== undefined && PASSED_PROMPT.test(printed);
      await pause(this.#clock, wasPassed ? Math.min(left, PASSED_MS) : left, signal, changed);
      if (wasPassed && this.#output === before) return printed ?? "";
    }
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

/** What follows the echoed line; undefined while that is not there. */
function printedBy(output: string, isLine: boolean): string | undefined {
  if (!isLine) return output;
  const end = output.indexOf("\n");
  return end < 0 ? undefined : output.slice(end + 1);
}

/** The end of a text, for messages. */
export function lastLines(text: string, count = 12): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
