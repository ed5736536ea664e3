/** A busy terminal is posted this often; what a guest that rests has written, at once. */
const BUSY_MS = 4;
const BUSY_BYTES = 32 * 1024;
/** So much without a rest is a flood, which nobody reads: the page shall have time for those who act. */
const FLOOD_FROM = 16 * 1024;
const FLOOD_MS = 33;
/** Below half of `TERMINAL_WINDOW`, so that the guest does not wait for the page. */
const FLOOD_BYTES = 96 * 1024;
/** A terminal in which nothing was written for so long has rested, whatever the guest does elsewhere. */
const REST_MS = 50;

/** When a terminal's output goes to the page: each time costs the page a message, a parse and a painted frame. */
export class OutputPace {
  #postedAt = Number.NEGATIVE_INFINITY;
  /** Bytes posted since the terminal rested. */
  #posted = 0;

  /**
   * Asked after each slice of the emulator; the output is posted when this says so.
   * @param bytes What waits to be posted.
   * @param rests Whether the guest waits for what comes next.
   * @param now In ms.
   */
  isDue(bytes: number, rests: boolean, now: number): boolean {
    const waited = now - this.#postedAt;
    if (rests || waited >= REST_MS) this.#posted = 0;
    const isFlood = this.#posted >= FLOOD_FROM;
    const isDue =
      rests || bytes >= (isFlood ? FLOOD_BYTES : BUSY_BYTES) || waited >= (isFlood ? FLOOD_MS : BUSY_MS);
    if (bytes === 0 || !isDue) return false;
    this.#postedAt = now;
    this.#posted += bytes;
    return true;
  }
}
