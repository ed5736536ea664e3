import type { Terminal } from "@xterm/xterm";
import { type Disposable, DisposableStore } from "../base/index.ts";

/** Who is told what a terminal printed, as one reads it: line by line, without colours and without what was drawn over. */
export interface TerminalReader {
  /**
   * A line came to its end.
   * @param back 0 for a new one; N where it stands in place of the line that was told N lines before, since the program
   * went back up and wrote over it.
   */
  line(text: string, back: number): void;
  /** So many lines went by too quickly to be read. */
  skipped(count: number): void;
  /** A program has taken the whole screen (`less`, `vi`): its pictures are not told. */
  fullScreen(): void;
  /** What stands on the line where the cursor is. */
  rest(text: string): void;
}

/** Of one piece that xterm parses in one go; more than that nobody reads, and reading would hold the page up. */
const MOST_LINES = 1000;
/** Rows of one line that was too long for the screen's width. */
const MOST_ROWS = 50;

/**
 * Reads along in xterm's own buffer: what a line is after carriage returns, backspaces, colours and edits in its middle,
 * xterm knows. Nothing is told of what {@link silently} writes.
 */
export class ReadAlong implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #terminal: Terminal;
  readonly #reader: TerminalReader;
  /** Replays that are still to be taken. */
  #silent = 0;
  /** Lines that were told and lie between the cursor and where it was before it went up. */
  #above = 0;
  #toldNow = 0;
  #skippedNow = 0;

  constructor(terminal: Terminal, reader: TerminalReader) {
    this.#terminal = terminal;
    this.#reader = reader;
    const { parser } = terminal;
    this.#owned.add(terminal.onLineFeed(() => this.#onLineFeed()));
    this.#owned.add(terminal.onWriteParsed(() => this.#onParsed()));
    this.#owned.add(
      terminal.buffer.onBufferChange(({ type }) => {
        if (type === "alternate" && this.#silent === 0) this.#reader.fullScreen();
      }),
    );
    const on = (finals: string, take: (first: number) => void): void => {
      for (const final of finals) {
        const handler = parser.registerCsiHandler({ final }, ([first]) => {
          if (this.#isHeard) take(typeof first === "number" ? first : 0);
          // xterm goes on to do what it says.
          return false;
        });
        this.#owned.add(handler);
      }
    };
    // Cursor movements and erasing, as ECMA-48 has them: CUU and CPL, CUD and CNL, CUP and HVP, ED.
    on("AF", (count) => this.#goUp(Math.max(1, count)));
    on("BE", (count) => this.#goDown(Math.max(1, count)));
    // What was there is gone, or goes on from the top: nothing is written over.
    on("Hf", () => this.#goDown(this.#above));
    on("J", (what) => this.#goDown(what >= 2 ? this.#above : 0));
  }

  get #isHeard(): boolean {
    return this.#silent === 0 && this.#terminal.buffer.active.type === "normal";
  }

  /** Has something written that was printed before: by a machine that went back, or before the page was loaded. */
  silently(write: (done: () => void) => void): void {
    this.#silent++;
    write(() => {
      this.#silent--;
      this.#above = 0;
    });
  }

  /** The line that ends at a row, with the rows before it that it did not fit into. */
  #lineAt(last: number): string {
    const buffer = this.#terminal.buffer.active;
    let first = last;
    while (last - first < MOST_ROWS - 1 && first > 0 && buffer.getLine(first)?.isWrapped === true) first--;
    let text = buffer.getLine(first)?.isWrapped === true ? "…" : "";
    for (let row = first; row <= last; row++) {
      text += buffer.getLine(row)?.translateToString(row === last) ?? "";
    }
    return text.trimEnd();
  }

  get #row(): number {
    const { baseY, cursorY } = this.#terminal.buffer.active;
    return baseY + cursorY;
  }

  #onLineFeed(): void {
    if (!this.#isHeard) return;
    if (this.#toldNow === MOST_LINES) {
      this.#skippedNow++;
      return;
    }
    this.#toldNow++;
    this.#reader.line(this.#lineAt(this.#row - 1), this.#above);
    this.#goDown(1);
  }

  #goUp(count: number): void {
    const buffer = this.#terminal.buffer.active;
    const from = this.#row;
    const to = Math.max(buffer.baseY, from - count);
    for (let row = to; row < from; row++) if (buffer.getLine(row + 1)?.isWrapped !== true) this.#above++;
  }

  #goDown(count: number): void {
    this.#above = Math.max(0, this.#above - count);
  }

  #onParsed(): void {
    if (this.#skippedNow > 0) this.#reader.skipped(this.#skippedNow);
    this.#toldNow = 0;
    this.#skippedNow = 0;
    if (this.#isHeard) this.#reader.rest(this.#lineAt(this.#row));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
