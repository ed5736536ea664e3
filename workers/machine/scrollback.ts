import { concatBytes } from "../../src/base/index.ts";

const NEWLINE = 0x0a;

/** The latest output of a terminal: enough to paint its screen again, bounded in bytes. */
export class Scrollback {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(mostBytes: number, content: Uint8Array = new Uint8Array(0)) {
    this.#most = mostBytes;
    this.push(content);
  }

  push(bytes: Uint8Array): void {
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
