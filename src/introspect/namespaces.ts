import {
  type ClockOffset,
  type IdRange,
  type Mount,
  type Namespace,
  NAMESPACE_KINDS,
  type NamespaceId,
  type NamespaceKind,
  type NetDevice,
  type Pin,
} from "../isolation/index.ts";
import type { CgroupPaths } from "./cgroup-path.ts";
import type { Generations } from "./generations.ts";
import type { Reading } from "./reading.ts";

/** UID_GID_MAP_MAX_EXTENTS of linux/user_namespace.h. */
const MOST_EXTENTS = 340;
const LONGEST_HOST_NAME = 64;
/** PIDNS_ADDING of linux/pid_namespace.h: as long as a namespace's PID 1 lives. */
const ADDING = 0x8000_0000;
/** IPC_SEM_IDS, IPC_MSG_IDS and IPC_SHM_IDS of ipc/util.h. */
const IPC = { semaphores: 0, messageQueues: 1, sharedMemory: 2 };
const MOST_NAMESPACES = 10_000;

/** What is known of namespaces from elsewhere. */
export interface NamespaceFacts {
  readonly mounts: (address: number) => readonly Mount[];
  readonly devices: (address: number) => readonly NetDevice[];
  readonly pins: (kind: NamespaceKind, inode: NamespaceId) => readonly Pin[];
  /** The pid of a process by the address of its task; undefined when it is not among the living. */
  readonly pidOf: (task: number) => number | undefined;
}

/** A namespace that a file of nsfs stands for. */
export interface NamespaceFile {
  readonly kind: NamespaceKind;
  readonly address: number;
  readonly inode: NamespaceId;
}

/** The namespaces of a kernel that somebody was seen to live in, to hold, or to stand above of. */
export class NamespaceTable {
  readonly #reading: Reading;
  /** By kind and address: its inode. */
  readonly #known = new Map<NamespaceKind, Map<number, NamespaceId>>();
  readonly #order: { readonly kind: NamespaceKind; readonly address: number }[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Those of a kind, by address, in the order in which they were met. */
  addresses(kind: NamespaceKind): number[] {
    return [...(this.#known.get(kind)?.keys() ?? [])];
  }

  /** Takes note of a namespace. @returns its inode; undefined when there is none at the address */
  inode(kind: NamespaceKind, address: number): NamespaceId | undefined {
    if (address === 0) return undefined;
    let known = this.#known.get(kind);
    if (known === undefined) this.#known.set(kind, (known = new Map<number, NamespaceId>()));
    const before = known.get(address);
    if (before !== undefined) return before;
    const { memory, kernel, trouble } = this.#reading;
    const inode = memory.u32(address + this.#fields(kind).ns + kernel.common.inum);
    if (inode === 0 || this.#order.length >= MOST_NAMESPACES) {
      trouble.note("a namespace that cannot be read");
      return undefined;
    }
    known.set(address, inode);
    this.#order.push({ kind, address });
    return inode;
  }

  /** The same by its `ns_common`, which is all that its file in nsfs knows, and its name there. */
  fromFile(name: string, common: number): NamespaceFile | undefined {
    // `pid_for_children` and its like are other ways to one.
    const kind = NAMESPACE_KINDS.find((one) => one === name.replace(/_for_children$/, ""));
    if (kind === undefined || common === 0) return undefined;
    const address = common - this.#fields(kind).ns;
    const inode = this.inode(kind, address);
    return inode === undefined ? undefined : { kind, address, inode };
  }

  #fields(kind: NamespaceKind): { readonly ns: number; readonly ucounts: number; readonly owner: number } {
    const { kernel } = this.#reading;
    if (kind === "user") return { ...pick(kernel.userNs), owner: kernel.userNs.parent };
    const struct = {
      cgroup: kernel.cgroupNs,
      ipc: kernel.ipcNs,
      mnt: kernel.mntNs,
      net: kernel.net,
      pid: kernel.pidNs,
      time: kernel.timeNs,
      uts: kernel.utsNs,
    }[kind];
    return { ...pick(struct), owner: struct.user_ns };
  }

  /** Whoever owns one of these, or is above one, is there too. */
  #complete(): void {
    const { memory, kernel } = this.#reading;
    for (let i = 0; i < this.#order.length; i++) {
      const { kind, address } = this.#order[i] ?? { kind: "user", address: 0 };
      this.inode("user", memory.u32(address + this.#fields(kind).owner));
      if (kind === "pid") this.inode("pid", memory.u32(address + kernel.pidNs.parent));
    }
  }

  /** All of them, with what they say of themselves. */
  describe(facts: NamespaceFacts, paths: CgroupPaths, generations: Generations): Namespace[] {
    this.#complete();
    generations.begin();
    return this.#order.map(({ kind, address }) => this.#describe(kind, address, facts, paths, generations));
  }

  #describe(
    kind: NamespaceKind,
    address: number,
    facts: NamespaceFacts,
    paths: CgroupPaths,
    generations: Generations,
  ): Namespace {
    const { memory, kernel } = this.#reading;
    const fields = this.#fields(kind);
    const inode = this.inode(kind, address) ?? 0;
    const owner = memory.u32(address + fields.owner);
    const initial = kind === "mnt" ? this.#isFirstMounts(address) : address === kernel.initial[kind];
    const ucounts = memory.u32(address + fields.ucounts);
    const base = {
      inode,
      generation: generations.of(`${kind}:${inode}`, this.#mark(kind, address)),
      initial,
      owner: this.inode("user", owner),
      creator: initial || ucounts === 0 ? undefined : memory.u32(ucounts + kernel.ucounts.uid),
      pins: facts.pins(kind, inode),
    };
    const described: Readonly<Record<NamespaceKind, () => Namespace>> = {
      user: () => ({
        ...base,
        kind: "user",
        parent: base.owner,
        level: memory.i32(address + kernel.userNs.level),
        uidMap: this.#idMap(address + kernel.userNs.uid_map),
        gidMap: this.#idMap(address + kernel.userNs.gid_map),
        setgroups: (memory.u32(address + kernel.userNs.flags) & kernel.setgroups) === 0 ? "deny" : "allow",
      }),
      pid: () => {
        const dead = (memory.u32(address + kernel.pidNs.pid_allocated) & ADDING) === 0;
        return {
          ...base,
          kind: "pid",
          parent: this.inode("pid", memory.u32(address + kernel.pidNs.parent)),
          level: memory.u32(address + kernel.pidNs.level),
          init: dead ? undefined : facts.pidOf(memory.u32(address + kernel.pidNs.child_reaper)),
          dead,
        };
      },
      mnt: () => ({ ...base, kind: "mnt", mounts: facts.mounts(address) }),
      net: () => ({ ...base, kind: "net", devices: facts.devices(address) }),
      uts: () => ({
        ...base,
        kind: "uts",
        hostName: memory.text(address + kernel.utsNs["name.nodename"], LONGEST_HOST_NAME),
        domainName: memory.text(address + kernel.utsNs["name.domainname"], LONGEST_HOST_NAME),
      }),
      time: () => ({
        ...base,
        kind: "time",
        monotonic: this.#offset(address + kernel.timeNs["offsets.monotonic"]),
        boottime: this.#offset(address + kernel.timeNs["offsets.boottime"]),
      }),
      ipc: () => {
        const inUse = (type: number): number =>
          memory.u32(address + kernel.ipcNs.ids + type * kernel.ipcIds.size + kernel.ipcIds.in_use);
        return {
          ...base,
          kind: "ipc",
          semaphores: inUse(IPC.semaphores),
          messageQueues: inUse(IPC.messageQueues),
          sharedMemory: inUse(IPC.sharedMemory),
        };
      },
      cgroup: () => {
        const set = memory.u32(address + kernel.cgroupNs.root_cset);
        const cgroup = set === 0 ? 0 : memory.u32(set + kernel.cssSet.dfl_cgrp);
        return { ...base, kind: "cgroup", root: cgroup === 0 ? undefined : paths.of(cgroup) };
      },
    };
    return described[kind]();
  }

  /** The one that the idle task was given, before there were others. */
  #isFirstMounts(address: number): boolean {
    const { memory, kernel } = this.#reading;
    const proxy = memory.u32(kernel.symbols.initTask + kernel.task.nsproxy);
    return memory.u32(proxy + kernel.nsproxy.mnt_ns) === address;
  }

  /** What differs between two that had the same number one after the other. */
  #mark(kind: NamespaceKind, address: number): string {
    const { memory, kernel } = this.#reading;
    if (kind === "mnt") return String(memory.u64(address + kernel.mntNs.seq));
    if (kind === "net") return String(memory.u64(address + kernel.net.net_cookie));
    return String(address);
  }

  #offset(address: number): ClockOffset {
    const { memory, kernel } = this.#reading;
    return {
      seconds: memory.i64(address + kernel.timespec.tv_sec),
      nanoseconds: memory.i32(address + kernel.timespec.tv_nsec),
    };
  }

  #idMap(address: number): IdRange[] {
    const { memory, kernel } = this.#reading;
    const count = Math.min(memory.u32(address + kernel.idMap.nr_extents), MOST_EXTENTS);
    const first =
      count <= kernel.extentsInside
        ? address + kernel.idMap.extent
        : memory.u32(address + kernel.idMap.forward);
    if (!this.#reading.step(count)) return [];
    return Array.from({ length: count }, (_, i) => {
      const extent = first + i * kernel.idExtent.size;
      return {
        inside: memory.u32(extent + kernel.idExtent.first),
        outside: memory.u32(extent + kernel.idExtent.lower_first),
        count: memory.u32(extent + kernel.idExtent.count),
      };
    });
  }
}

function pick({ ns, ucounts }: { readonly ns: number; readonly ucounts: number }): {
  ns: number;
  ucounts: number;
} {
  return { ns, ucounts };
}
