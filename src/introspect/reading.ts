import type { KernelMemory } from "./kernel-memory.ts";
import type { KernelStructures } from "./structures.ts";
import { Trouble } from "./trouble.ts";

/** So many objects has no guest that is well: whoever leads in a circle is stopped here. */
const MOST_STEPS = 200_000;

/** One look at a guest's memory: who reads, what it means, what went wrong, and how much may still be read. */
export class Reading {
  readonly memory: KernelMemory;
  readonly kernel: KernelStructures;
  readonly trouble = new Trouble();
  /** Mounts, devices, paths and the like are read too. */
  readonly slow: boolean;
  #steps = MOST_STEPS;

  constructor(memory: KernelMemory, kernel: KernelStructures, slow: boolean) {
    this.memory = memory;
    this.kernel = kernel;
    this.slow = slow;
  }

  /** Takes one step, or several at once; false when there were too many. */
  step(count = 1): boolean {
    if (this.#steps >= count) {
      this.#steps -= count;
      return true;
    }
    this.trouble.note("more than a kernel can hold");
    return false;
  }
}
