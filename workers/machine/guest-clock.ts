/**
 * The time that the guest's hardware shows, in milliseconds. It stands still while stopped, and continues where a
 * snapshot left off: timers inside v86 hold absolute times of this clock, so both belong together.
 */
export class GuestClock {
  #offset = 0;
  // Devices read the host's clock while they are made; starting from the same value keeps them in step.
  #stoppedAt: number | undefined = performance.now();

  /** v86 calls this as a plain function. */
  readonly now = (): number => this.#stoppedAt ?? performance.now() + this.#offset;

  get running(): boolean {
    return this.#stoppedAt === undefined;
  }

  start(): void {
    if (this.#stoppedAt === undefined) return;
    this.#offset = this.#stoppedAt - performance.now();
    this.#stoppedAt = undefined;
  }

  stop(): void {
    this.#stoppedAt ??= this.now();
  }

  /** Only while stopped: a running guest would see time jump. */
  set(ms: number): void {
    if (this.#stoppedAt === undefined)
      throw new Error("the guest's clock can be set only while it is stopped");
    this.#stoppedAt = ms;
  }
}
