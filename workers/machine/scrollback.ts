import { concatBytes } from "../../src/base/index.ts";

const NEWLINE = 0x0a;
/** Home, erase the screen, erase what has scrolled off it (`clear` in xterm's terminfo entry): nothing before can be seen. */
const CLEARED = new TextEncoder().encode("\u001b[H\u001b[2J\u001b[3J");
/** Begins a mode that a program switches, for instance that what is pasted comes in brackets (DECSET of xterm's ctlseqs). */
const MODE = "\u001b[?";

/** Where that begins last; -1 if it is not there. */
function lastCleared(bytes: Uint8Array): number {
  const [escape = 0] = CLEARED;
  let at = bytes.lastIndexOf(escape);
  while (at >= 0 && !CLEARED.every((byte, i) => bytes[at + i] === byte))
    at = at === 0 ? -1 : bytes.lastIndexOf(escape, at - 1);
  return at;
}

/** The modes that some output leaves a terminal in: of each the last word. */
function modesOf(bytes: Uint8Array): Uint8Array {
  const latest = new Map<string, string>();
  for (const after of new TextDecoder("latin1").decode(bytes).split(MODE).slice(1)) {
    const [word = "", numbers = ""] = /^([\d;]+)[hl]/.exec(after) ?? [];
    latest.delete(numbers);
    if (word !== "") latest.set(numbers, MODE + word);
  }
  return new TextEncoder().encode([...latest.values()].join(""));
}

/** The latest output of a terminal: enough to paint its screen again, bounded in bytes. */
export class Scrollback {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(mostBytes: number, content: Uint8Array = new Uint8Array(0)) {
    this.#most = mostBytes;
    this.push(content);
  }

  /** Gives whether this cleared the screen. */
  push(bytes: Uint8Array): boolean {
    const cleared = lastCleared(bytes);
    if (cleared < 0) {
      this.#keep(bytes);
      return false;
    }
    // What is kept is painted on an empty screen, which may have something else above it: nothing is left to erase.
    const modes = modesOf(concatBytes([...this.#pieces, bytes.subarray(0, cleared)]));
    this.#pieces = [];
    this.#length = 0;
    this.#keep(modes);
    this.#keep(bytes.slice(cleared + CLEARED.length));
    return true;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    // Trimming only at twice the size keeps the cost of a flood constant per byte.
    if (this.#length > 2 * this.#most) this.#trim();
  }

  #trim(): void {
    const whole = concatBytes(this.#pieces);
    const tail = whole.slice(-this.#most);
    // From the start of a line, so that no escape sequence or character is cut in half.
    const lineEnd = tail.indexOf(NEWLINE);
    const kept = lineEnd === -1 ? tail : tail.slice(lineEnd + 1);
    this.#pieces = [kept];
    this.#length = kept.length;
  }

  /** A copy of what is kept, at most `mostBytes`. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#length > this.#most) this.#trim();
    return concatBytes(this.#pieces);
  }
}
