import type { Mount, NamespaceId } from "../isolation/index.ts";
import { listOf } from "./lists.ts";
import type { NamespaceFile, NamespaceTable } from "./namespaces.ts";
import { pathFrom, pathInFileSystem, type Place, placeAt } from "./paths.ts";
import type { Reading } from "./reading.ts";

const MOST_MOUNTS = 10_000;
const MOST_LAYERS = 500;
const LONGEST_NAME = 255;
const LONGEST_OPTION = 4096;
const PAGE_KB = 4;

/** What is known of the mounts of a mount namespace. */
interface MountsKnown {
  readonly state: string;
  readonly mounts: readonly Mount[];
  /** Namespaces whose files are mounted. */
  readonly files: readonly MountedNamespace[];
}

export interface MountedNamespace extends NamespaceFile {
  readonly path: string;
}

/** Mounts by namespace, kept from one reading to the next while nothing shows that they changed. */
export type KeptMounts = Map<number, MountsKnown>;

export class MountTable {
  readonly #reading: Reading;
  readonly #namespaces: NamespaceTable;
  readonly #before: KeptMounts;
  readonly kept: KeptMounts = new Map();
  readonly #procs = new Map<string, NamespaceId | undefined>();
  /** By mount namespace: the root of the first process that lives there. */
  readonly #roots = new Map<number, Place>();

  constructor(reading: Reading, namespaces: NamespaceTable, before: KeptMounts) {
    this.#reading = reading;
    this.#namespaces = namespaces;
    this.#before = before;
  }

  /** Changes when mounts come or go: number, first and last of them. */
  stateOf(namespace: number): string {
    if (namespace === 0) return "";
    const { memory, kernel } = this.#reading;
    const list = namespace + kernel.mntNs.list;
    return `${memory.u64(namespace + kernel.mntNs.seq)} ${memory.u32(namespace + kernel.mntNs.mounts)} ${memory.u32(list)} ${memory.u32(list + 4)}`;
  }

  /** The addresses of the mounts of a namespace. */
  #all(namespace: number): number[] {
    const { memory, kernel } = this.#reading;
    return listOf(this.#reading, namespace + kernel.mntNs.list, {
      link: kernel.mount.mnt_list,
      what: "mounts",
      most: MOST_MOUNTS,
    }).filter((mount) => (memory.u32(mount + kernel.mount["mnt.mnt_flags"]) & kernel.mountFlag.cursor) === 0);
  }

  #type(mount: number): string {
    const { memory, kernel } = this.#reading;
    const block = memory.u32(mount + kernel.mount["mnt.mnt_sb"]);
    const type = memory.u32(block + kernel.superBlock.s_type);
    return memory.text(memory.u32(type + kernel.fileSystem.name), LONGEST_NAME);
  }

  #top(mount: number): Place {
    return { mount, dentry: this.#reading.memory.u32(mount + this.#reading.kernel.mount["mnt.mnt_root"]) };
  }

  /** The PID namespace of the `/proc` that a process sees; notes by the way whose root this is. */
  procSeenBy(task: number, namespace: number): NamespaceId | undefined {
    const { memory, kernel } = this.#reading;
    const fs = memory.u32(task + kernel.task.fs);
    if (fs === 0 || namespace === 0) return undefined;
    const root = placeAt(this.#reading, fs + kernel.fs.root);
    if (!this.#roots.has(namespace)) this.#roots.set(namespace, root);
    const key = `${namespace} ${root.mount} ${root.dentry}`;
    if (!this.#procs.has(key)) this.#procs.set(key, this.#proc(namespace, root));
    return this.#procs.get(key);
  }

  #proc(namespace: number, root: Place): NamespaceId | undefined {
    const { memory, kernel } = this.#reading;
    // The latest that covers the others.
    for (const mount of this.#all(namespace).toReversed()) {
      if (this.#type(mount) !== "proc") continue;
      if (pathFrom(this.#reading, this.#top(mount), root) !== "/proc") continue;
      const block = memory.u32(mount + kernel.mount["mnt.mnt_sb"]);
      const info = memory.u32(block + kernel.superBlock.s_fs_info);
      return this.#namespaces.inode("pid", memory.u32(info + kernel.procInfo.pid_ns));
    }
    return undefined;
  }

  /** The mounts of a namespace as the first process in it sees them, and what they hold. */
  of(namespace: number): MountsKnown {
    const read = this.kept.get(namespace);
    if (read !== undefined) return read;
    const state = this.stateOf(namespace);
    const before = this.#before.get(namespace);
    const same = before !== undefined && before.state === state && !this.#reading.slow;
    const known = same ? before : { state, ...this.#read(namespace) };
    // What is only held by a mount is met nowhere else.
    if (same) for (const { kind, address } of before.files) this.#namespaces.inode(kind, address);
    this.kept.set(namespace, known);
    return known;
  }

  #read(namespace: number): Omit<MountsKnown, "state"> {
    const root = this.#roots.get(namespace);
    const files: MountedNamespace[] = [];
    const mounts: Mount[] = [];
    for (const mount of this.#all(namespace)) {
      const point = pathFrom(this.#reading, this.#top(mount), root);
      if (point === undefined) continue;
      const file = this.#type(mount) === "nsfs" ? this.#namespaceFile(this.#top(mount).dentry) : undefined;
      if (file !== undefined) files.push({ ...file, path: point });
      mounts.push(this.#mount(mount, point, file));
    }
    return { mounts, files };
  }

  #mount(mount: number, point: string, file: NamespaceFile | undefined): Mount {
    const { memory, kernel } = this.#reading;
    const { mount: at, mountFlag, mountFlags, superBlock } = kernel;
    const flags = memory.u32(mount + at["mnt.mnt_flags"]);
    const block = memory.u32(mount + at["mnt.mnt_sb"]);
    const top = memory.u32(mount + at["mnt.mnt_root"]);
    const device = memory.u32(block + superBlock.s_dev);
    const type = this.#type(mount);
    const master = memory.u32(mount + at.mnt_master);
    return {
      id: memory.u32(mount + at.mnt_id),
      parent: memory.u32(memory.u32(mount + at.mnt_parent) + at.mnt_id),
      device: `${device >>> 20}:${device & 0xfffff}`,
      root: file === undefined ? pathInFileSystem(this.#reading, top) : `${file.kind}:[${file.inode}]`,
      point,
      options: [
        (flags & mountFlag.readOnly) === 0 ? "rw" : "ro",
        ...mountFlags.filter(([, bit]) => (flags & bit) !== 0).map(([word]) => word),
      ],
      propagation: {
        shared: (flags & mountFlag.shared) === 0 ? undefined : memory.u32(mount + at.mnt_group_id),
        master: master === 0 ? undefined : memory.u32(master + at.mnt_group_id),
        unbindable: (flags & mountFlag.unbindable) !== 0,
      },
      type,
      source: memory.text(memory.u32(mount + at.mnt_devname), LONGEST_OPTION),
      superOptions: this.#superOptions(block, type),
      layers: type === "overlay" ? this.#layers(block) : undefined,
    };
  }

  /** In memory its inode holds the namespace, and its dentry what kind it is. */
  #namespaceFile(dentry: number): NamespaceFile | undefined {
    const { memory, kernel } = this.#reading;
    const inode = memory.u32(dentry + kernel.dentry.d_inode);
    const operations = memory.u32(dentry + kernel.dentry.d_fsdata);
    const name = memory.text(memory.u32(operations + kernel.nsOperations.name), LONGEST_NAME);
    return this.#namespaces.fromFile(name, memory.u32(inode + kernel.inode.i_private));
  }

  #superOptions(block: number, type: string): string[] {
    const { memory, kernel } = this.#reading;
    const flags = memory.u32(block + kernel.superBlock.s_flags);
    return [
      (flags & kernel.superReadOnly) === 0 ? "rw" : "ro",
      ...kernel.superFlags.filter(([, bit]) => (flags & bit) !== 0).map(([word]) => word),
      ...this.#ownOptions(memory.u32(block + kernel.superBlock.s_fs_info), type),
    ];
  }

  /** Directories of an overlay and the size of a tmpfs: options that the file system itself keeps. */
  #ownOptions(info: number, type: string): string[] {
    const { memory, kernel } = this.#reading;
    if (info === 0) return [];
    if (type === "overlay") {
      return (["lowerdir", "upperdir", "workdir"] as const).flatMap((name) => {
        const address = memory.u32(info + kernel.overlay[`config.${name}`]);
        return address === 0 ? [] : [`${name}=${memory.text(address, LONGEST_OPTION)}`];
      });
    }
    if (type !== "tmpfs") return [];
    const pages = memory.u32(info + kernel.tmpfs.max_blocks);
    // Half of RAM is what it has unasked, and is not shown.
    const usual = memory.u32(kernel.symbols.totalPages) >>> 1;
    return pages === usual ? [] : [`size=${pages * PAGE_KB}k`];
  }

  #layers(block: number): Mount["layers"] {
    const { memory, kernel } = this.#reading;
    const top = memory.u32(block + kernel.superBlock.s_root);
    const entry = memory.u32(top + kernel.dentry.d_fsdata);
    const inode = memory.u32(top + kernel.dentry.d_inode);
    const upper = memory.u32(inode - kernel.overlayInode.vfs_inode + kernel.overlayInode["__upperdentry"]);
    const count = Math.min(memory.u32(entry + kernel.overlayEntry.numlower), MOST_LAYERS);
    return {
      upper: upper === 0 ? undefined : pathInFileSystem(this.#reading, upper),
      lower: Array.from({ length: count }, (_, i) => {
        const path = entry + kernel.overlayEntry.lowerstack + i * kernel.overlayPath.size;
        return pathInFileSystem(this.#reading, memory.u32(path + kernel.overlayPath.dentry));
      }),
    };
  }
}
