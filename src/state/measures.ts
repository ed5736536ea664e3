import { findProcesses, type Observation, ownMemory } from "../isolation/index.ts";
import type { Measured, MeasureBlock } from "../lessons/index.ts";
import type { Machine } from "../machine/index.ts";

/** What is measured is there: what of it counts, from one look at its machine. */
function costOf({ process }: MeasureBlock, seen: Observation): Omit<Measured, "instructions"> {
  if (process === undefined) {
    const ram = seen.machine?.ram;
    return { kernel: "own", ...(ram === undefined ? {} : { memoryBytes: ram }) };
  }
  const [first] = findProcesses(process, seen);
  const memory = first && ownMemory(first, seen);
  return { kernel: "shared", ...(memory === undefined ? {} : { memoryBytes: memory }) };
}

/** Takes what it costs to bring something about: the guest's instructions from an Enter until it is there. */
export class Measures {
  readonly #machine: (name: string) => Pick<Machine, "stats" | "observe"> | undefined;
  #begun: { readonly block: MeasureBlock; readonly from: Promise<number> } | undefined;

  /** @param machine Undefined while it is switched off. */
  constructor(machine: (name: string) => Pick<Machine, "stats" | "observe"> | undefined) {
    this.#machine = machine;
  }

  /** Somebody has entered a line, or switched a machine on. @param block With its machine named. */
  begin(block: MeasureBlock): void {
    const machine = this.#machine(block.machine ?? "");
    // A machine that is off has not done anything yet.
    const from = machine?.stats().then(({ instructions }) => instructions) ?? Promise.resolve(0);
    from.catch(() => undefined);
    this.#begun = { block, from };
  }

  /** It is there. Undefined where nobody began, or the machine cannot tell any more. */
  async end(): Promise<{ readonly id: string; readonly measured: Measured } | undefined> {
    const begun = this.#begun;
    this.#begun = undefined;
    if (begun === undefined) return undefined;
    const machine = this.#machine(begun.block.machine ?? "");
    if (machine === undefined) return undefined;
    try {
      const [from, { instructions }, seen] = await Promise.all([
        begun.from,
        machine.stats(),
        machine.observe(),
      ]);
      const measured = { instructions: instructions - from, ...costOf(begun.block, seen) };
      return { id: begun.block.id, measured };
    } catch {
      return undefined;
    }
  }

  /** What was begun has come to nothing. */
  forget(): void {
    this.#begun = undefined;
  }
}
