import type { NetDevice } from "./network.ts";
import type { Mount } from "./mount.ts";

/** The eight kinds, named as in `/proc/PID/ns`. */
export const NAMESPACE_KINDS = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] as const;
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** Inode number of a namespace; unique within one kernel at one moment only. */
export type NamespaceId = number;

/** One line of `/proc/PID/uid_map`: `count` ids from `inside` on are those from `outside` on in the initial user namespace. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** What keeps a namespace without anybody in it: a bind mount of its file, or an open file. */
export type Pin =
  | { readonly by: "mount"; readonly path: string; readonly mountNamespace: NamespaceId }
  | { readonly by: "file"; readonly pid: number; readonly fd: number };

/** A clock's shift against the machine's own, to the nanosecond. */
export interface ClockOffset {
  readonly seconds: number;
  readonly nanoseconds: number;
}

interface NamespaceBase {
  readonly inode: NamespaceId;
  /** Counts how often the number was given to another one while somebody looked, from 0. */
  readonly generation: number;
  /** It was there when the kernel started: its number is the same in every machine. */
  readonly initial: boolean;
  /** The user namespace whose root rules it. Of a user namespace its parent; undefined for the first. */
  readonly owner: NamespaceId | undefined;
  /** Of the user who made it, as the initial user namespace numbers users; undefined for an initial one. */
  readonly creator: number | undefined;
  /** A slow fact. */
  readonly pins: readonly Pin[];
}

export interface UserNamespace extends NamespaceBase {
  readonly kind: "user";
  readonly parent: NamespaceId | undefined;
  /** 0 for the first. */
  readonly level: number;
  readonly uidMap: readonly IdRange[];
  readonly gidMap: readonly IdRange[];
  readonly setgroups: "allow" | "deny";
}

export interface PidNamespace extends NamespaceBase {
  readonly kind: "pid";
  readonly parent: NamespaceId | undefined;
  readonly level: number;
  /** The pid of who is PID 1 in it, as the initial PID namespace numbers it; undefined before it is born, and when it has died. */
  readonly init: number | undefined;
  /** Its PID 1 has died: nobody is born in it any more. */
  readonly dead: boolean;
}

export interface MountNamespace extends NamespaceBase {
  readonly kind: "mnt";
  /** A slow fact. */
  readonly mounts: readonly Mount[];
}

export interface NetNamespace extends NamespaceBase {
  readonly kind: "net";
  /** A slow fact. */
  readonly devices: readonly NetDevice[];
}

export interface UtsNamespace extends NamespaceBase {
  readonly kind: "uts";
  readonly hostName: string;
  readonly domainName: string;
}

export interface TimeNamespace extends NamespaceBase {
  readonly kind: "time";
  readonly monotonic: ClockOffset;
  readonly boottime: ClockOffset;
}

export interface IpcNamespace extends NamespaceBase {
  readonly kind: "ipc";
  /** System V: how many of each there are. */
  readonly semaphores: number;
  readonly messageQueues: number;
  readonly sharedMemory: number;
}

export interface CgroupNamespace extends NamespaceBase {
  readonly kind: "cgroup";
  /** The cgroup that it shows as `/`. */
  readonly root: string | undefined;
}

export type Namespace =
  | UserNamespace
  | PidNamespace
  | MountNamespace
  | NetNamespace
  | UtsNamespace
  | TimeNamespace
  | IpcNamespace
  | CgroupNamespace;
