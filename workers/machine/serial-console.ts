import { Scrollback } from "./scrollback.ts";

const KEPT_BYTES = 32 * 1024;

/** What the kernel and the rescue shell say on the serial line. */
export class SerialConsole {
  readonly #kept = new Scrollback(KEPT_BYTES);
  #batch: number[] = [];

  push(byte: number): void {
    this.#batch.push(byte);
  }

  /** What came since it was last taken, if anything did. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#batch.length === 0) return undefined;
    const bytes = Uint8Array.from(this.#batch);
    this.#batch = [];
    this.#kept.push(bytes.slice());
    return bytes;
  }

  /** The last of what was taken. */
  get tail(): string {
    return new TextDecoder().decode(this.#kept.bytes());
  }
}
