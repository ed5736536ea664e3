interface Known {
  generation: number;
  /** What tells one from the next of the same number. */
  mark: string;
  round: number;
}

/**
 * Tells whom a number was given to before. The kernel gives numbers of namespaces away again at once; one that was gone in
 * between, or bears another mark, is another one.
 */
export class Generations {
  readonly #known = new Map<string, Known>();
  #round = 0;

  /** Begins a look at all that there are. What was not there in the look before is gone. */
  begin(): void {
    for (const known of this.#known.values()) {
      if (known.round < this.#round) known.mark = "";
    }
    this.#round++;
  }

  /** @param key Kind and number. */
  of(key: string, mark: string): number {
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { generation: 0, mark, round: this.#round });
      return 0;
    }
    if (known.mark !== mark) known.generation++;
    known.mark = mark;
    known.round = this.#round;
    return known.generation;
  }
}
