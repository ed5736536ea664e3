import { deferred, withAbort, withDeadline } from "../../base/index.ts";
import { plainText } from "../../lessons/index.ts";
import type { Terminal } from "../../machine/index.ts";

const MOST_KEPT = 16 * 1024;
const PROMPT = /[#$] $/u;
/** A machine that has just booted reads its shell from the disk. */
const PROMPT_MS = 60_000;

/** A terminal as somebody who sees it has it: what it printed last is kept for a report. */
export class Screen {
  readonly terminal: Terminal;
  readonly #decoder = new TextDecoder();
  readonly #prompt = deferred<void>();
  #text = "";
  #isOpen = true;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    terminal.onOutput(({ bytes, replay }) => {
      const text = this.#decoder.decode(bytes, { stream: true });
      this.#text = replay ? text : (this.#text + text).slice(-MOST_KEPT);
      terminal.shown(bytes.length);
      if (PROMPT.test(this.text)) this.#prompt.resolve();
    });
    const end = (): void => {
      this.#isOpen = false;
      this.#prompt.resolve();
    };
    terminal.exited.then(end, end);
  }

  /** Settles when the shell has shown its first prompt, or has ended. @throws CodedError `timed-out`, `aborted` */
  async prompt(signal: AbortSignal): Promise<void> {
    await withAbort(withDeadline(this.#prompt.promise, PROMPT_MS, "the terminal's prompt"), signal);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get text(): string {
    return plainText(this.#text);
  }
}
