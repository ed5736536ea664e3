import type { Disposable } from "../../base/index.ts";
import { turn } from "./turn.ts";

/**
 * Works that are done one after the other, each in a task of its own: none of them holds the page up for the sum of all. Asked
 * while they are at it, they finish and begin once more: the last of them has its turn, however often one asks.
 */
export class InTurns implements Disposable {
  readonly #works: readonly (() => void)[];
  readonly #turn: () => Promise<void>;
  #isAtWork = false;
  #isAskedAgain = false;
  #isDisposed = false;

  /** @param nextTurn Settles in a later task. */
  constructor(works: readonly (() => void)[], nextTurn: () => Promise<void> = turn) {
    this.#works = works;
    this.#turn = nextTurn;
  }

  /** Has all of them done soon, the first in the next task. */
  ask(): void {
    if (this.#isAtWork) this.#isAskedAgain = true;
    else void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    try {
      do {
        this.#isAskedAgain = false;
        for (const work of this.#works) {
          await this.#turn();
          if (this.#isDisposed) return;
          work();
        }
      } while (this.#isAskedAgain);
    } finally {
      this.#isAtWork = false;
    }
  }

  /** What is left is not done. */
  dispose(): void {
    this.#isDisposed = true;
  }
}
