/** A limit as the files write it. */
export type Limit = number | "max";

/** How long work stood still for want of something, as `*.pressure` says it. */
export interface Stall {
  /** Microseconds in all. Derived. */
  readonly total: number;
  /** Percent of the last 10, 60 and 300 s, as of `Pressure.averagesAge`. */
  readonly averages: readonly [number, number, number];
}

/** Pressure stall information. */
export interface Pressure {
  readonly some: Stall;
  readonly full: Stall;
  /** Milliseconds since the kernel computed the averages, which it does when somebody reads them or every 2 s of work. */
  readonly averagesAge: number;
}

/** Rows of `cpu.stat` that every cgroup has, in microseconds. Derived. */
export interface CpuUsage {
  readonly usage: number;
  readonly user: number;
  readonly system: number;
}

export interface CpuController {
  readonly weight: number;
  readonly idle: boolean;
  /** Microseconds of CPU in each period of so many microseconds. */
  readonly max: Limit;
  readonly period: number;
  readonly burst: number;
  readonly periods: number;
  readonly throttledPeriods: number;
  /** Microseconds. */
  readonly throttled: number;
  readonly bursts: number;
  readonly burstTime: number;
  /** It may not run before its next period. */
  readonly throttledNow: boolean;
}

export interface MemoryEvents {
  readonly low: number;
  readonly high: number;
  readonly max: number;
  readonly oom: number;
  readonly oomKill: number;
  readonly oomGroupKill: number;
}

/** Bytes, of `memory.stat`. Derived; faults are counts. */
export interface MemoryStat {
  readonly anon: number;
  readonly file: number;
  readonly kernel: number;
  readonly kernelStack: number;
  readonly pageTables: number;
  readonly sock: number;
  readonly shmem: number;
  readonly fileMapped: number;
  readonly fileDirty: number;
  readonly inactiveAnon: number;
  readonly activeAnon: number;
  readonly inactiveFile: number;
  readonly activeFile: number;
  readonly slabReclaimable: number;
  readonly slabUnreclaimable: number;
  readonly pageFaults: number;
  readonly majorFaults: number;
}

/** Bytes. */
export interface MemoryController {
  readonly current: number;
  readonly peak: number;
  readonly min: Limit;
  readonly low: Limit;
  readonly high: Limit;
  readonly max: Limit;
  readonly oomGroup: boolean;
  /** Of the cgroup and those below it; `localEvents` of it alone. */
  readonly events: MemoryEvents;
  readonly localEvents: MemoryEvents;
  readonly stat: MemoryStat;
  readonly swap: {
    readonly current: number;
    readonly high: Limit;
    readonly max: Limit;
    readonly events: { readonly high: number; readonly max: number; readonly fail: number };
  };
}

export interface PidsController {
  readonly current: number;
  readonly peak: number;
  readonly max: Limit;
  /** How often a fork was refused for this limit. */
  readonly refused: number;
}

export interface IoDevice {
  /** `8:0` */
  readonly device: string;
  readonly name: string;
  /** Bytes and operations a second. */
  readonly max: { readonly rbps: Limit; readonly wbps: Limit; readonly riops: Limit; readonly wiops: Limit };
  /** Derived. */
  readonly stat: {
    readonly readBytes: number;
    readonly writtenBytes: number;
    readonly reads: number;
    readonly writes: number;
    readonly discardedBytes: number;
    readonly discards: number;
  };
  /** Operations that wait for their turn. */
  readonly waiting: number;
}

export type ControllerName = "cpu" | "io" | "memory" | "pids";

/** A node of the cgroup v2 tree with what its files say. A controller that is not switched on for it is undefined. */
export interface Cgroup {
  /** From the root of the tree: `/demo/inner`. */
  readonly path: string;
  /** Of its directory: with the path it says which one this is, since names are used again. */
  readonly inode: number;
  /** Who may change it. */
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly controllers: readonly ControllerName[];
  readonly subtreeControl: readonly ControllerName[];
  readonly populated: boolean;
  /** `freeze` is asked for, `frozen` says that all have stopped. */
  readonly freeze: boolean;
  readonly frozen: boolean;
  readonly maxDepth: Limit;
  readonly maxDescendants: Limit;
  readonly descendants: number;
  readonly dyingDescendants: number;
  readonly usage: CpuUsage;
  readonly cpu: CpuController | undefined;
  readonly memory: MemoryController | undefined;
  readonly pids: PidsController | undefined;
  /** Disks that it has used or has a limit for. */
  readonly io: readonly IoDevice[] | undefined;
  readonly pressure: { readonly cpu: Pressure; readonly io: Pressure; readonly memory: Pressure } | undefined;
  /** A BPF program decides which devices may be opened. */
  readonly deviceFilter: boolean;
}
