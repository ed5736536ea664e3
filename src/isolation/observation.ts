/**
 * What was seen of a guest at one moment: plain data, whoever looked. At first the agent inside looks;
 * the X-ray fills in the same shape from outside.
 */

/** The eight kinds, named as in `/proc/PID/ns`. */
export const NAMESPACE_KINDS = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] as const;
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** Inode number of a namespace; unique within one kernel at one moment only. */
export type NamespaceId = number;

export interface Process {
  /** As the initial PID namespace numbers it. */
  readonly pid: number;
  readonly ppid: number;
  /** `/proc/PID/status`: R, S, D, T, t, Z, X, I. */
  readonly state: string;
  /** Effective in the initial user namespace's terms: what root outside would see. */
  readonly uid: number;
  /** Its number in every PID namespace it is in, outermost first; the last is what it calls itself. */
  readonly pids: readonly number[];
  readonly comm: string;
  readonly kernelThread: boolean;
  /** Path in the cgroup v2 tree; undefined when it could not be read. */
  readonly cgroup: string | undefined;
  /** What could not be read is left out. */
  readonly namespaces: Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;
  /** Where its next child will be born: differs from `namespaces` after `unshare(CLONE_NEWPID)`. */
  readonly forChildren: Readonly<Partial<Record<"pid" | "time", NamespaceId>>>;
  /** The PID namespace that the `/proc` it sees belongs to. */
  readonly procMount: NamespaceId | undefined;
}

export interface Observation {
  /** `agent`: told by the guest itself, while it went on; `memory`: read from outside at one instant. */
  readonly source: "agent" | "memory";
  readonly processes: readonly Process[];
}

/** The guest's init, whose namespaces are the initial ones. */
export function initProcess(observation: Observation): Process | undefined {
  return observation.processes.find((process) => process.pid === 1);
}

/** What a process calls itself. */
export function innermostPid(process: Process): number {
  return process.pids.at(-1) ?? process.pid;
}
