import type { Namespace, NamespaceId, NamespaceKind, Pin } from "./namespace.ts";
import type { Process } from "./process.ts";

/** A namespace as a box shows it; without its record when only the agent told. */
export interface BoxNamespace {
  readonly kind: NamespaceKind;
  readonly inode: NamespaceId;
  readonly generation: number;
  readonly namespace: Namespace | undefined;
}

/** A process with its children in the same box. */
export interface ProcessNode {
  /** Stays with the process as long as it lives, and is never used again. */
  readonly key: string;
  readonly process: Process;
  readonly children: readonly ProcessNode[];
}

/** What keeps a namespace in which nobody lives. */
export type Keeper =
  | Pin
  /** It has been unshared, and the next child will be the first in it. */
  | { readonly by: "next-child"; readonly pid: number; readonly comm: string }
  /** Other namespaces belong to it. */
  | { readonly by: "owned"; readonly count: number };

/** What a box lacks of isolation, or what in it surprises; the words are the page's. */
export type Badge =
  | "no-user"
  | "no-net"
  | "no-uts"
  | "no-ipc"
  | "no-limits"
  | "machine-root"
  | "outer-proc"
  | "seccomp-off"
  | "all-capabilities";

export type BoxRole =
  /** The whole machine: all that its one kernel shows to its init. */
  | "machine"
  /** Own PID and mount namespaces: what people call a container, whoever made it. */
  | "container"
  /** Nobody lives in it directly: it is what several boxes share, as the network of a pod. */
  | "shared"
  /** Some namespaces of its own, and not enough for a container. */
  | "part"
  /** Nobody lives in it: something keeps it. */
  | "kept";

/** Processes that share the same namespaces, in as far as these differ from those of what encloses the box. */
export interface Box {
  /** Unique in its machine; stays while its most telling namespace lives. */
  readonly key: string;
  readonly role: BoxRole;
  /** What it does not share with what encloses it, most telling kind first. */
  readonly own: readonly BoxNamespace[];
  /** What it shares with what encloses it. */
  readonly shared: readonly NamespaceKind[];
  /** The namespaces of who lives in it. */
  readonly inside: Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;
  /** Those who live in it and in nothing smaller: a forest by parents. */
  readonly processes: readonly ProcessNode[];
  /**
   * Those who share all of it but its PID namespace: they made that for their children, and nobody can enter one alive.
   * `unshare --fork` waits so.
   */
  readonly launchers: readonly ProcessNode[];
  readonly boxes: readonly Box[];
  /** Who, outside of it, is the parent of its first process. */
  readonly bornOf: Process | undefined;
  readonly kept: readonly Keeper[];
  readonly badges: readonly Badge[];
}

export interface MachineBox extends Box {
  readonly role: "machine";
  /** Threads of the kernel's own; they live in no program. */
  readonly kernelThreads: readonly Process[];
}

/** Visits `box` and all in it, outermost first. */
export function* walkBoxes(box: Box): Generator<Box> {
  yield box;
  for (const child of box.boxes) yield* walkBoxes(child);
}

/** All processes of a forest, parents before their children. */
export function* walkProcesses(nodes: readonly ProcessNode[]): Generator<Process> {
  // A chain of children may be longer than the stack is deep.
  const open = [...nodes].toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node.process;
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child !== undefined) open.push(child);
    }
  }
}

/** Says which process this is, across pids that are used again. */
export function processKey(process: Process): string {
  return process.details === undefined ? `${process.pid}` : `${process.pid}@${process.details.startedAt}`;
}
