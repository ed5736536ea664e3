import type { BoxNamespace, MachineBox } from "./box.ts";
import type { NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";

/**
 * Small numbers for namespaces, as people speak of them: "PID namespace 2". The machine's own are 1; a number stays with
 * its namespace for as long as this object lives, and is given to no other.
 */
export class NamespaceNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #latest = new Map<NamespaceKind, number>();

  /** Numbers all that are new, in the order of their inodes. */
  learn(observation: Observation, machine: MachineBox): void {
    for (const { kind, inode, generation } of machine.own) this.#give(kind, inode, generation, 1);
    for (const one of [...observation.namespaces].toSorted((a, b) => a.inode - b.inode))
      this.#give(one.kind, one.inode, one.generation);
  }

  of({ kind, inode, generation }: Pick<BoxNamespace, "kind" | "inode" | "generation">): number {
    return this.#give(kind, inode, generation);
  }

  #give(kind: NamespaceKind, inode: number, generation: number, wanted?: number): number {
    const key = `${kind}:${inode}.${generation}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = wanted ?? (this.#latest.get(kind) ?? 1) + 1;
    this.#numbers.set(key, number);
    if (wanted === undefined) this.#latest.set(kind, number);
    return number;
  }
}
