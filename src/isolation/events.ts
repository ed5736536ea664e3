/** What happened between two observations: plain data, that `tell` puts into words. */
import type { CapabilityName } from "./capabilities.ts";
import type { Limit } from "./cgroup.ts";
import type { NamespaceRef } from "./ids.ts";
import type { IdRange, Pin } from "./namespace.ts";
import type { NetAddress } from "./network.ts";
import type { Process } from "./process.ts";

/** Which process it is: by pid and start, since pids are given out again. */
export interface ProcessRef {
  readonly pid: number;
  readonly comm: string;
  /** Undefined when the agent told. */
  readonly startedAt: number | undefined;
}

/** Which cgroup it is: by path and directory, since names are used again. */
export interface CgroupRef {
  readonly path: string;
  readonly inode: number;
}

/** Which mount it is, and enough of it to speak of it. */
export interface MountRef {
  readonly id: number;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  /** Which directory of its file system; `/` unless it is a bind mount. */
  readonly root: string;
}

export interface DeviceRef {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
}

export type ProcessEvent =
  | {
      readonly kind: "process-born";
      readonly process: ProcessRef;
      readonly pids: readonly number[];
      /** Who was its parent when it was seen; undefined when that could not be seen. */
      readonly parent: ProcessRef | undefined;
    }
  /** It is gone. The status is known when it was a zombie before. */
  | { readonly kind: "process-ended"; readonly process: ProcessRef; readonly exitStatus: number | undefined }
  /** It ended, and its parent has not asked how. */
  | { readonly kind: "process-zombie"; readonly process: ProcessRef; readonly exitStatus: number | undefined }
  /** `execve(2)`, as its other name shows. */
  | { readonly kind: "process-became"; readonly process: ProcessRef; readonly was: string }
  | { readonly kind: "process-stopped"; readonly process: ProcessRef }
  | { readonly kind: "process-continued"; readonly process: ProcessRef }
  /** By the freezer of its cgroup. */
  | { readonly kind: "process-frozen"; readonly process: ProcessRef }
  | { readonly kind: "process-thawed"; readonly process: ProcessRef }
  | {
      readonly kind: "process-moved";
      readonly process: ProcessRef;
      /** Paths of cgroups. */
      readonly from: string;
      readonly to: string;
    }
  /** `unshare(2)` or `setns(2)`. */
  | {
      readonly kind: "process-entered";
      readonly process: ProcessRef;
      readonly from: NamespaceRef;
      readonly to: NamespaceRef;
    }
  /** Its next children will be born elsewhere than it lives. */
  | { readonly kind: "process-children"; readonly process: ProcessRef; readonly to: NamespaceRef }
  /** The effective user, in the initial user namespace's numbers. */
  | {
      readonly kind: "process-user";
      readonly process: ProcessRef;
      readonly from: number;
      readonly to: number;
    }
  /** The effective set. */
  | {
      readonly kind: "process-capabilities";
      readonly process: ProcessRef;
      readonly gained: readonly CapabilityName[];
      readonly lost: readonly CapabilityName[];
    }
  | { readonly kind: "process-no-new-privileges"; readonly process: ProcessRef }
  | {
      readonly kind: "process-seccomp";
      readonly process: ProcessRef;
      readonly to: "off" | "strict" | "filter";
      readonly filters: number;
    }
  /** `chroot(2)` or `pivot_root(2)`. */
  | {
      readonly kind: "process-root";
      readonly process: ProcessRef;
      readonly from: string;
      readonly to: string;
    };

export type NamespaceEvent =
  | {
      readonly kind: "namespace-made";
      readonly namespace: NamespaceRef;
      /**
       * Who made it, where that can be told; of namespaces that a new PID 1 was born into, its parent, who cloned it, or
       * adopted it when its maker had ended.
       */
      readonly by: ProcessRef | undefined;
    }
  | { readonly kind: "namespace-gone"; readonly namespace: NamespaceRef }
  /** A PID namespace that is still held, but whose PID 1 has died: nobody can be born in it any more. */
  | { readonly kind: "namespace-init-died"; readonly namespace: NamespaceRef; readonly init: number }
  | { readonly kind: "namespace-pinned"; readonly namespace: NamespaceRef; readonly pin: Pin }
  | { readonly kind: "namespace-unpinned"; readonly namespace: NamespaceRef; readonly pin: Pin }
  /** `uid_map` or `gid_map` was written. */
  | {
      readonly kind: "namespace-mapped";
      readonly namespace: NamespaceRef;
      readonly map: "uid_map" | "gid_map";
      readonly ranges: readonly IdRange[];
    }
  | { readonly kind: "namespace-setgroups"; readonly namespace: NamespaceRef; readonly to: "allow" | "deny" }
  | {
      readonly kind: "host-name-changed";
      readonly namespace: NamespaceRef;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: "mount-added" | "mount-removed";
      readonly namespace: NamespaceRef;
      readonly mount: MountRef;
    }
  | {
      readonly kind: "device-added" | "device-removed";
      readonly namespace: NamespaceRef;
      readonly device: DeviceRef;
    }
  | {
      readonly kind: "device-moved";
      readonly device: DeviceRef;
      readonly from: NamespaceRef;
      readonly to: NamespaceRef;
    }
  | {
      readonly kind: "device-up" | "device-down";
      readonly namespace: NamespaceRef;
      readonly device: DeviceRef;
    }
  | {
      readonly kind: "address-added" | "address-removed";
      readonly namespace: NamespaceRef;
      readonly device: DeviceRef;
      readonly address: NetAddress;
    };

export type CgroupEvent =
  | { readonly kind: "cgroup-made"; readonly cgroup: CgroupRef }
  | { readonly kind: "cgroup-removed"; readonly cgroup: CgroupRef }
  | {
      readonly kind: "cgroup-limit";
      readonly cgroup: CgroupRef;
      /** `pids.max` */
      readonly file: string;
      /** As the file says it; undefined when the controller was off before. */
      readonly from: string | undefined;
      readonly to: string;
    }
  | {
      readonly kind: "cgroup-controllers";
      readonly cgroup: CgroupRef;
      /** In `cgroup.subtree_control`. */
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** In so many more periods it used up its `cpu.max`, and waited so many microseconds. */
  | {
      readonly kind: "cgroup-throttled";
      readonly cgroup: CgroupRef;
      readonly periods: number;
      readonly microseconds: number;
    }
  /** It went over `memory.high` so many times, or ran into `memory.max`. */
  | {
      readonly kind: "cgroup-memory";
      readonly cgroup: CgroupRef;
      readonly file: "memory.high" | "memory.max";
      readonly times: number;
      readonly limit: Limit;
    }
  /** Processes of this cgroup were killed since that one, itself or above it, was full; undefined: the machine was. */
  | {
      readonly kind: "cgroup-oom-kill";
      readonly cgroup: CgroupRef;
      readonly kills: number;
      readonly full: CgroupRef | undefined;
    }
  | {
      readonly kind: "cgroup-fork-refused";
      readonly cgroup: CgroupRef;
      readonly times: number;
      /** Whose `pids.max` is reached, itself or above it; undefined when none is any more. */
      readonly full: { readonly path: string; readonly max: number } | undefined;
    }
  | { readonly kind: "cgroup-frozen"; readonly cgroup: CgroupRef }
  | { readonly kind: "cgroup-thawed"; readonly cgroup: CgroupRef }
  /** `chown` of its directory: it was given to somebody. */
  | { readonly kind: "cgroup-owner"; readonly cgroup: CgroupRef; readonly from: number; readonly to: number };

export type KernelEvent =
  | { readonly kind: "kernel-panicked"; readonly text: string }
  /** Another kernel, or an earlier moment of this one: nothing else of before and after can be compared. */
  | { readonly kind: "kernel-restarted" }
  | { readonly kind: "kernel-rewound" };

export type IsolationEvent = ProcessEvent | NamespaceEvent | CgroupEvent | KernelEvent;

/** How events name a process. */
export function processRef({ pid, comm, details }: Process): ProcessRef {
  return { pid, comm, startedAt: details?.startedAt };
}
