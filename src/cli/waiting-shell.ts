import { stripVTControlCharacters } from "node:util";
import { type Deferred, deferred, withDeadline } from "../base/index.ts";
import { FIRST_SIZE as SIZE, type Machine, type Terminal } from "../machine/index.ts";

const PROMPT = /[#$] $/;
const PROMPT_MS = 30_000;
const BACKSPACE = "\u007F";
/** Escape, Ctrl+L: `clear-display` of readline(3), which also erases what has scrolled off the screen. */
const CLEAR = "\u001b\f";
/** What is typed at first: a line with a slip, a program, and one that Ctrl+C ends. */
const PRACTICE = [`echoo${BACKSPACE} $((6 * 7))`, "sleep 0", "(kill -INT $BASHPID)"];

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
   * Does once what every visitor's terminal does first, so that the pages for it are in memory. A shell that still had to
   * read its own before it gives a program the terminal would take a Ctrl+C for itself, and leave the program running.
   */
  async practise(): Promise<void> {
    this.#terminal.resize(SIZE.cols + 1, SIZE.rows);
    this.#terminal.resize(SIZE.cols, SIZE.rows);
    for (const line of PRACTICE) await this.#type(`${line}\r`);
  }

  /** After last commands, screen and history are empty, and the paths forgotten of programs that were run. */
  async leave(...commands: readonly string[]): Promise<void> {
    // What begins with a blank stays out of the history.
    await this.#type(` ${[...commands, "history -c", "hash -r"].join("; ")}\r`);
    await this.#type(CLEAR);
  }

  /** Types and waits for the next prompt. */
  async #type(keys: string): Promise<void> {
    this.#text = "";
    this.#prompt = deferred();
    this.#terminal.write(keys);
    await this.#promptShown();
  }

  #promptShown(): Promise<void> {
    return withDeadline(this.#prompt.promise, PROMPT_MS, `the shell of ${this.#user}`);
  }
}
