import type { Guest, GuestCheckpoint } from "./guest.ts";

/** A lesson has fewer steps; what they have in common is kept once. */
const KEPT = 20;

/** The states at the beginning of steps. All belong to one guest, and are gone with it. */
export class StepCheckpoints {
  readonly #guest: Guest;
  #kept: { step: string; checkpoint: GuestCheckpoint }[] = [];

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** Undefined too when there is no way back to it any more. */
  of(step: string): GuestCheckpoint | undefined {
    const checkpoint = this.#kept.find((one) => one.step === step)?.checkpoint;
    return checkpoint !== undefined && this.#guest.holds(checkpoint) ? checkpoint : undefined;
  }

  keep(step: string, checkpoint: GuestCheckpoint): void {
    this.drop(step);
    this.#kept.push({ step, checkpoint });
    while (this.#kept.length > KEPT) {
      // The first is where the lesson starts over.
      const [oldest] = this.#kept.splice(1, 1);
      if (oldest !== undefined) this.#guest.forget(oldest.checkpoint);
    }
  }

  drop(step: string): void {
    const old = this.#kept.find((one) => one.step === step);
    if (old !== undefined) this.#guest.forget(old.checkpoint);
    this.#kept = this.#kept.filter((one) => one.step !== step);
  }

  dropAll(): void {
    for (const { checkpoint } of this.#kept) this.#guest.forget(checkpoint);
    this.#kept = [];
  }
}
