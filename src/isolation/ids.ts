import type { IdRange, Namespace, NamespaceId, NamespaceKind, UserNamespace } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** What the kernel calls a user or group that has no number in a user namespace: `/proc/sys/kernel/overflowuid`. */
export const OVERFLOW_ID = 65534;

/** What `outside`, an id of the initial user namespace, is called in a namespace with this map; undefined when it has no name there. */
export function idInside(ranges: readonly IdRange[], outside: number): number | undefined {
  const range = ranges.find((one) => outside >= one.outside && outside < one.outside + one.count);
  return range === undefined ? undefined : range.inside + (outside - range.outside);
}

/** What user `uid` of the initial user namespace is called in `namespace`, as `getuid` would say it there. */
export function uidIn(namespace: UserNamespace, uid: number): number {
  return idInside(namespace.uidMap, uid) ?? OVERFLOW_ID;
}

/** As {@link uidIn}, of groups. */
export function gidIn(namespace: UserNamespace, gid: number): number {
  return idInside(namespace.gidMap, gid) ?? OVERFLOW_ID;
}

/** Which namespace it is: by kind, number and generation, since the kernel gives numbers out again. */
export interface NamespaceRef {
  readonly kind: NamespaceKind;
  readonly inode: NamespaceId;
  /** 0 when nobody counted. */
  readonly generation: number;
}

/** The same text for the same namespace, within one machine: `pid:4026532300:0`. */
export function namespaceKey({ kind, inode, generation }: NamespaceRef): string {
  return `${kind}:${inode}:${generation}`;
}

export function sameNamespace(a: NamespaceRef, b: NamespaceRef): boolean {
  return a.kind === b.kind && a.inode === b.inode && a.generation === b.generation;
}

/** The namespace of that kind and number; undefined when the observation does not tell of it, as the agent's never do. */
export function namespaceOf<Kind extends NamespaceKind>(
  observation: Observation,
  kind: Kind,
  inode: NamespaceId | undefined,
): Extract<Namespace, { kind: Kind }> | undefined {
  return observation.namespaces.find(
    (one): one is Extract<Namespace, { kind: Kind }> => one.kind === kind && one.inode === inode,
  );
}

/** What the process calls its own (effective) user; undefined when its user namespace's map is not known. */
export function uidInside(observation: Observation, process: Process): number | undefined {
  const own = namespaceOf(observation, "user", process.namespaces.user);
  return own === undefined ? undefined : uidIn(own, process.uid);
}

/**
 * Whether two readings are of one process. A pid is given out again, so the time of its start decides; where the
 * agent told, which does not know it, the numbers in all PID namespaces do: those never change in a life.
 */
export function sameProcess(a: Process, b: Process): boolean {
  if (a.pid !== b.pid) return false;
  if (a.details !== undefined && b.details !== undefined) {
    return a.details.startedAt === b.details.startedAt;
  }
  return a.pids.join() === b.pids.join();
}
