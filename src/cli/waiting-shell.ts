import { stripVTControlCharacters } from "node:util";
import { type Deferred, deferred, withDeadline } from "../base/index.ts";
import { FIRST_SIZE as SIZE, type Machine, type Terminal } from "../machine/index.ts";

const PROMPT = /[#$] $/;
const PROMPT_MS = 30_000;
const BACKSPACE = "\u007F";
/** Escape, Ctrl+L: `clear-display` of readline(3), which also erases what has scrolled off the screen. */
const CLEAR = "\u001b\f";

/** A shell that waits at its prompt in a snapshot, so that a page's first terminal is there at once. */
export class WaitingShell {
  readonly #terminal: Terminal;
  readonly #user: string;
  #text = "";
  #prompt: Deferred<void> = deferred();

  private constructor(terminal: Terminal, user: string) {
    this.#terminal = terminal;
    this.#user = user;
  }

  static async open(machine: Pick<Machine, "openTerminal">, user: string): Promise<WaitingShell> {
    const terminal = await machine.openTerminal({ user, ...SIZE });
    const shell = new WaitingShell(terminal, user);
    const decoder = new TextDecoder();
    terminal.onOutput(({ bytes }) => {
      shell.#text += decoder.decode(bytes, { stream: true });
      terminal.shown(bytes.length);
      if (PROMPT.test(stripVTControlCharacters(shell.#text))) shell.#prompt.resolve();
    });
    await shell.#promptShown();
    return shell;
  }

  /**
   * Does once what every visitor's terminal does first, so that the pages for it are in memory: another size, a line that
   * is typed, corrected and run. Screen and history are empty afterwards.
   */
  async practise(): Promise<void> {
    this.#terminal.resize(SIZE.cols + 1, SIZE.rows);
    this.#terminal.resize(SIZE.cols, SIZE.rows);
    for (const typed of [`echoo${BACKSPACE} $((6 * 7))\r`, " history -c\r", CLEAR]) {
      this.#text = "";
      this.#prompt = deferred();
      this.#terminal.write(typed);
      await this.#promptShown();
    }
  }

  #promptShown(): Promise<void> {
    return withDeadline(this.#prompt.promise, PROMPT_MS, `the shell of ${this.#user}`);
  }
}
