import type { NamespaceId, NamespaceKind } from "./namespace.ts";

/** A capability mask as `/proc/PID/status` writes it: sixteen hexadecimal digits. */
export type Capabilities = string;

/** Ids of users or groups as the initial user namespace numbers them. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly fs: number;
}

export interface Thread {
  /** In every PID namespace it is in, outermost first. */
  readonly tids: readonly number[];
  readonly comm: string;
  readonly state: string;
}

/** What is read from memory only. */
export interface ProcessDetails {
  /** Milliseconds since boot; with the pid it says who this is, since pids are used again. */
  readonly startedAt: number;
  /** Its words; undefined when the page that holds them is not in RAM, or it has none. */
  readonly commandLine: readonly string[] | undefined;
  /** All but the first, which is the process itself. */
  readonly threads: readonly Thread[];
  /** As the initial user namespace numbers them; `idInside` says what they are called elsewhere. */
  readonly uids: Ids;
  readonly gids: Ids;
  readonly groups: readonly number[];
  readonly capabilities: {
    readonly inheritable: Capabilities;
    readonly permitted: Capabilities;
    readonly effective: Capabilities;
    readonly bounding: Capabilities;
    readonly ambient: Capabilities;
  };
  readonly noNewPrivileges: boolean;
  readonly seccomp: "off" | "strict" | "filter";
  readonly seccompFilters: number;
  /** Its root directory from the root of its mount namespace. A slow fact, as `cwd`. */
  readonly root: string | undefined;
  /** As the process itself would say it. */
  readonly cwd: string | undefined;
  /** Process group, session and what reads from its terminal: pids of the initial PID namespace. */
  readonly group: number;
  readonly session: number;
  /** `pts/0`, and the process group in its foreground. */
  readonly terminal: { readonly name: string; readonly foreground: number | undefined } | undefined;
  /** Who traces it: a pid. */
  readonly tracer: number | undefined;
  /** Bytes; undefined for kernel threads and zombies. */
  readonly memory:
    | {
        readonly virtual: number;
        readonly anonymous: number;
        readonly file: number;
        readonly shared: number;
        readonly swapped: number;
      }
    | undefined;
  /** Microseconds of CPU that all its living threads took. */
  readonly cpuTime: number;
  readonly oomScoreAdjust: number;
  /** By the cgroup freezer. */
  readonly frozen: boolean;
  /** As `wait(2)` gives it, of a zombie. */
  readonly exitStatus: number | undefined;
}

export interface Process {
  /** As the initial PID namespace numbers it. */
  readonly pid: number;
  readonly ppid: number;
  /** `/proc/PID/status`: R, S, D, T, t, Z, X, I, P. */
  readonly state: string;
  /** Effective in the initial user namespace's terms: what root outside would see. */
  readonly uid: number;
  /** Its number in every PID namespace it is in, outermost first; the last is what it calls itself. */
  readonly pids: readonly number[];
  readonly comm: string;
  readonly kernelThread: boolean;
  /** Path in the cgroup v2 tree; undefined when it could not be read. */
  readonly cgroup: string | undefined;
  /** What could not be read, or a zombie has left, is not there. */
  readonly namespaces: Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;
  /** Where its next child will be born: differs from `namespaces` after `unshare(CLONE_NEWPID)`. */
  readonly forChildren: Readonly<Partial<Record<"pid" | "time", NamespaceId>>>;
  /** The PID namespace that the `/proc` it sees belongs to. A slow fact. */
  readonly procMount: NamespaceId | undefined;
  /** Undefined when the agent told. */
  readonly details: ProcessDetails | undefined;
}

/** What a process calls itself. */
export function innermostPid(process: Process): number {
  return process.pids.at(-1) ?? process.pid;
}
