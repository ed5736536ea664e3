import type { Missing } from "../isolation/index.ts";

/** What could not be read, said once for all that are alike. */
export class Trouble {
  readonly #counts = new Map<string, number>();

  /** @param what A sentence's worth, without a full stop: "a list of mounts that is torn". */
  note(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get missing(): Missing[] {
    return [...this.#counts].map(([what, count]) => ({ what, count }));
  }
}
