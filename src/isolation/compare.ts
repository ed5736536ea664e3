/** Two processes side by side: what they share, and what isolates them from each other. */
import { namespaceOf, OVERFLOW_ID, uidIn, uidInside } from "./ids.ts";
import type { Mount } from "./mount.ts";
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";
import { code, KIND_NAMES, processName } from "./words.ts";

/** What a pair has in one respect; `of` says it of the first and of the second. */
export interface Compared<Value> {
  /** Undefined when one of them could not be read. */
  readonly shared: boolean | undefined;
  readonly of: readonly [Value | undefined, Value | undefined];
  /** Code is between backticks. */
  readonly sentence: string;
}

export interface Comparison {
  readonly namespaces: Readonly<Record<NamespaceKind, Compared<NamespaceId>>>;
  /** By path. */
  readonly cgroup: Compared<string>;
  /** Whether `/` is the same directory, however each of them came to it. */
  readonly root: Compared<string>;
  /** The effective user, in the initial user namespace's numbers. */
  readonly user: Compared<number>;
}

const UNKNOWN = "could not be read";

/** What sharing a namespace means, and what not sharing it does. */
const MEANING: Readonly<Record<NamespaceKind, readonly [shared: string, apart: string]>> = {
  cgroup: ["see the same cgroup as `/`", "may each see another cgroup as `/`"],
  ipc: ["reach the same System V IPC and message queues", "cannot reach each other's IPC objects"],
  mnt: ["see the same mounts", "have a table of mounts each"],
  net: ["have the same devices, addresses and ports", "have devices, addresses and ports of their own"],
  pid: ["number processes alike", "number processes each in their own way"],
  time: ["have the same uptime", "may have another uptime each"],
  user: ["mean the same user by a number", "may mean other users by the same number"],
  uts: ["have the same host name", "have a host name each"],
};

function namespaceBetween(a: Process, b: Process, kind: NamespaceKind): Compared<NamespaceId> {
  const of = [a.namespaces[kind], b.namespaces[kind]] as const;
  const name = `${KIND_NAMES[kind]} namespace`;
  if (of[0] === undefined || of[1] === undefined) {
    const who = of[0] === undefined ? a : b;
    return { shared: undefined, of, sentence: `The ${name} of ${processName(who)} ${UNKNOWN}.` };
  }
  const shared = of[0] === of[1];
  const [together, apart] = MEANING[kind];
  const sentence = shared
    ? `Both live in one ${name}: they ${together}.`
    : `They live in different ${name}s: they ${apart}.`;
  return { shared, of, sentence };
}

function cgroupBetween(a: Process, b: Process): Compared<string> {
  const of = [a.cgroup, b.cgroup] as const;
  if (of[0] === undefined || of[1] === undefined) {
    const who = of[0] === undefined ? a : b;
    return { shared: undefined, of, sentence: `The cgroup of ${processName(who)} ${UNKNOWN}.` };
  }
  const shared = of[0] === of[1];
  const sentence = shared
    ? `Both are in the cgroup ${code(of[0])}: they share its limits.`
    : `They are in different cgroups, ${code(of[0])} and ${code(of[1])}.`;
  return { shared, of, sentence };
}

/** The mount that `path` lies on: the longest point above it, the topmost of those that are equal. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const { point } = mount;
    const covers = point === "/" || path === point || path.startsWith(`${point}/`);
    if (covers && point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/** Which directory of which file system a process has as its root: the same text for the same one. */
function rootDirectory(observation: Observation, process: Process): string | undefined {
  const root = process.details?.root;
  const namespace = namespaceOf(observation, "mnt", process.namespaces.mnt);
  if (root === undefined || namespace === undefined) return undefined;
  const mount = mountOf(namespace.mounts, root);
  if (mount === undefined) return undefined;
  const rest = mount.point === "/" ? root : root.slice(mount.point.length);
  return `${mount.device} ${mount.root}/${rest}`.replaceAll(/\/+/g, "/").replace(/(.)\/$/, "$1");
}

function rootBetween(observation: Observation, a: Process, b: Process): Compared<string> {
  const of = [a.details?.root, b.details?.root] as const;
  const [first, second] = [rootDirectory(observation, a), rootDirectory(observation, b)];
  if (first === undefined || second === undefined) {
    const who = first === undefined ? a : b;
    return { shared: undefined, of, sentence: `The root directory of ${processName(who)} ${UNKNOWN}.` };
  }
  const shared = first === second;
  const sentence = shared
    ? "Both have the same root directory: a path leads to the same file, unless a mount of one lies in between."
    : "They have different root directories: the same path leads to different files.";
  return { shared, of, sentence };
}

/** "0", or "0 (1000 outside)" */
function userName(observation: Observation, process: Process): string {
  const inside = uidInside(observation, process);
  return inside === undefined || inside === process.uid
    ? `${process.uid}`
    : `${inside} (${process.uid} outside)`;
}

/** What the user of `of` is called where `by` lives; undefined when that is not known. */
function calledBy(observation: Observation, by: Process, of: Process): number | undefined {
  const namespace = namespaceOf(observation, "user", by.namespaces.user);
  return namespace === undefined ? undefined : uidIn(namespace, of.uid);
}

function userBetween(observation: Observation, a: Process, b: Process): Compared<number> {
  const of = [a.uid, b.uid] as const;
  const shared = a.uid === b.uid;
  const [first, second] = [userName(observation, a), userName(observation, b)];
  const names = `${processName(a)} runs as user ${first}, ${processName(b)} as user ${second}`;
  if (shared && first === second) return { shared, of, sentence: `Both run as user ${first}.` };
  const [ofB, ofA] = [calledBy(observation, a, b), calledBy(observation, b, a)];
  const called = (by: Process, other: Process, uid: number): string =>
    uid === OVERFLOW_ID
      ? `where ${processName(by)} lives, ${processName(other)} belongs to nobody it knows (${uid})`
      : `where ${processName(by)} lives, ${processName(other)} belongs to user ${uid}`;
  const seen = [
    ...(ofB !== undefined && ofB !== b.uid ? [called(a, b, ofB)] : []),
    ...(ofA !== undefined && ofA !== a.uid ? [called(b, a, ofA)] : []),
  ];
  const same = shared ? ["it is one user"] : [];
  return { shared, of, sentence: `${[names, ...same, ...seen].join("; ")}.` };
}

/**
 * Compares two processes. What could not be read is neither shared nor not.
 *
 * @param pidA, pidB As the initial PID namespace numbers them.
 * @returns Undefined when one of them is not there.
 */
export function compare(observation: Observation, pidA: number, pidB: number): Comparison | undefined {
  const a = observation.processes.find(({ pid }) => pid === pidA);
  const b = observation.processes.find(({ pid }) => pid === pidB);
  if (a === undefined || b === undefined) return undefined;
  const namespaces = Object.fromEntries(
    NAMESPACE_KINDS.map((kind) => [kind, namespaceBetween(a, b, kind)]),
  ) as Record<NamespaceKind, Compared<NamespaceId>>;
  return {
    namespaces,
    cgroup: cgroupBetween(a, b),
    root: rootBetween(observation, a, b),
    user: userBetween(observation, a, b),
  };
}
