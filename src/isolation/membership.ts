import { type Namespace, NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** One namespace of each kind; the kinds of which nothing is known are not there. */
export type Combination = Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;

/** Kinds by how much they tell of a box, as people think of it. */
export const TELLING: readonly NamespaceKind[] = [
  "pid",
  "user",
  "mnt",
  "net",
  "uts",
  "ipc",
  "cgroup",
  "time",
];

export function namespaceName(kind: NamespaceKind, inode: NamespaceId): string {
  return `${kind}:${inode}`;
}

/** Who lives where in one observation. Nothing read from a guest is trusted: cycles of parents come to an end. */
export class Membership {
  readonly #namespaces = new Map<string, Namespace>();
  readonly #processes = new Map<number, Process>();
  readonly #combinations = new Map<Process, Combination>();
  /** Of PID namespaces that have no record: as the processes in them show it. */
  readonly #pidParents = new Map<NamespaceId, NamespaceId>();
  readonly #pidInits = new Map<NamespaceId, number>();
  /** Of the machine's init: what everything else is compared with. */
  readonly outermost: Combination;
  /** All but threads of the kernel. */
  readonly processes: readonly Process[];

  constructor(observation: Observation) {
    for (const one of observation.namespaces) this.#namespaces.set(namespaceName(one.kind, one.inode), one);
    for (const one of observation.processes) this.#processes.set(one.pid, one);
    this.outermost = this.#outermostOf(observation);
    this.processes = observation.processes.filter(({ kernelThread }) => !kernelThread);
    for (const process of this.processes) this.#learnPidNamespace(process);
  }

  #outermostOf(observation: Observation): Combination {
    const found: Partial<Record<NamespaceKind, NamespaceId>> = {};
    for (const one of observation.namespaces) if (one.initial) found[one.kind] ??= one.inode;
    return { ...found, ...initProcess(observation)?.namespaces };
  }

  #learnPidNamespace(process: Process): void {
    const own = process.namespaces.pid;
    if (own === undefined || process.pids.at(-1) !== 1 || process.pids.length < 2) return;
    const parent = this.#processes.get(process.ppid);
    const around = parent?.pids.length === process.pids.length - 1 ? parent.namespaces.pid : undefined;
    this.#pidInits.set(own, process.pid);
    this.#pidParents.set(own, around ?? this.outermost.pid ?? 0);
  }

  namespace(kind: NamespaceKind, inode: NamespaceId): Namespace | undefined {
    return this.#namespaces.get(namespaceName(kind, inode));
  }

  process(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  /** The pid, outside, of who is PID 1 in it. */
  initOf(inode: NamespaceId): number | undefined {
    const known = this.namespace("pid", inode);
    return known?.kind === "pid" ? known.init : this.#pidInits.get(inode);
  }

  /** The namespaces of a process; what it has left behind, as a zombie, is its parent's. */
  combinationOf(process: Process): Combination {
    const known = this.#combinations.get(process);
    if (known !== undefined) return known;
    // While its parents are asked, so that a cycle ends.
    this.#combinations.set(process, this.outermost);
    const missing = NAMESPACE_KINDS.some((kind) => process.namespaces[kind] === undefined);
    const parent = missing ? this.#processes.get(process.ppid) : undefined;
    const around = parent === undefined || parent === process ? this.outermost : this.combinationOf(parent);
    const found = missing ? { ...this.outermost, ...around, ...process.namespaces } : process.namespaces;
    this.#combinations.set(process, found);
    return found;
  }

  /** The namespace and, of a kind that nests, all that enclose it up to the outermost, innermost first. */
  lineOf(kind: NamespaceKind, inode: NamespaceId): readonly NamespaceId[] {
    if (kind !== "pid" && kind !== "user") return [inode];
    const line: NamespaceId[] = [];
    let next: NamespaceId | undefined = inode;
    while (next !== undefined && next !== this.outermost[kind] && !line.includes(next)) {
      line.push(next);
      const known: Namespace | undefined = this.namespace(kind, next);
      if (known?.kind === "pid" || known?.kind === "user") next = known.parent;
      else next = kind === "pid" ? this.#pidParents.get(next) : undefined;
    }
    return line;
  }
}
