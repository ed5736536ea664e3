import type { KernelObject } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";

/** Options of a mount and of a super block, in the order in which the kernel shows them. */
const MOUNT_OPTIONS = ["NOSUID", "NODEV", "NOEXEC", "NOATIME", "NODIRATIME", "RELATIME", "NOSYMFOLLOW"];
const SUPER_OPTIONS = [
  ["SB_SYNCHRONOUS", "sync"],
  ["SB_DIRSYNC", "dirsync"],
  ["SB_MANDLOCK", "mand"],
  ["SB_LAZYTIME", "lazytime"],
] as const;
const DEEPEST = 64;
const PAGE_KB = 4;

/** `struct dentry` up to the top of its file system. */
function pathInside(dentry: KernelObject, top: number): string {
  let path = "";
  let at = dentry;
  for (let depth = 0; at.address !== top; depth++) {
    const parent = at.get("d_parent", "dentry");
    if (depth === DEEPEST || parent.address === at.address) break;
    path = `/${at.textAt("d_name.name").slice(0, at.number("d_name.len"))}${path}`;
    at = parent;
  }
  return path;
}

/** A place as a process sees it whose root is `root`, over all mounts between them. */
export function pathOf(mount: KernelObject, dentry: KernelObject, root: KernelObject): string {
  const [rootMount, rootDentry] = [root.number("mnt"), root.number("dentry")];
  let [at, place, path] = [mount, dentry, ""];
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (at.addressOf("mnt") === rootMount) return `${pathInside(place, rootDentry)}${path}` || "/";
    path = `${pathInside(place, at.number("mnt.mnt_root"))}${path}`;
    place = at.get("mnt_mountpoint", "dentry");
    at = at.get("mnt_parent", "mount");
  }
  throw new Error("a mount without a way to the root");
}

function superOptions(block: KernelObject): string[] {
  const { memory } = block;
  const flags = block.number("s_flags");
  const set = SUPER_OPTIONS.filter(([name]) => (flags & memory.constant(name)) !== 0).map(([, word]) => word);
  return [(flags & memory.constant("SB_RDONLY")) === 0 ? "rw" : "ro", ...set];
}

function mountOptions(flags: number, mount: KernelObject): string[] {
  const { memory } = mount;
  const set = MOUNT_OPTIONS.filter((name) => (flags & memory.constant(`MNT_${name}`)) !== 0);
  const readOnly = (flags & memory.constant("MNT_READONLY")) !== 0;
  return [readOnly ? "ro" : "rw", ...set.map((name) => name.toLowerCase())];
}

/** Directories of an overlay and the size of a tmpfs: options that the file system itself keeps. */
function ownOptions(block: KernelObject, type: string): string[] {
  if (type === "overlay") {
    const overlay = block.get("s_fs_info", "ovl_fs");
    return ["lowerdir", "upperdir", "workdir"].map((name) => `${name}=${overlay.textAt(`config.${name}`)}`);
  }
  if (type !== "tmpfs") return [];
  const { memory } = block;
  const pages = block.get("s_fs_info", "shmem_sb_info").number("max_blocks");
  // Half of RAM is what it has unasked, and is not shown.
  const usual = memory.word(memory.symbol("_totalram_pages")) >>> 1;
  return pages === usual ? [] : [`size=${pages * PAGE_KB}k`];
}

function readMount(mount: KernelObject, root: KernelObject): string {
  const { memory } = mount;
  const flags = mount.number("mnt.mnt_flags");
  const block = mount.get("mnt.mnt_sb", "super_block");
  const top = mount.get("mnt.mnt_root", "dentry");
  const device = block.number("s_dev");
  const type = block.get("s_type", "file_system_type").textAt("name");
  const master = mount.follow("mnt_master", "mount");
  const tags = [
    (flags & memory.constant("MNT_SHARED")) === 0 ? "" : `shared:${mount.number("mnt_group_id")}`,
    master === undefined ? "" : `master:${master.number("mnt_group_id")}`,
    (flags & memory.constant("MNT_UNBINDABLE")) === 0 ? "" : "unbindable",
  ];
  return [
    mount.number("mnt_id"),
    mount.get("mnt_parent", "mount").number("mnt_id"),
    `${device >>> 20}:${device & 0xfffff}`,
    type === "nsfs" ? pinned(top) : pathInside(top, block.number("s_root")) || "/",
    pathOf(mount, top, root),
    mountOptions(flags, mount).join(","),
    ...tags.filter(Boolean),
    "-",
    type,
    mount.textAt("mnt_devname"),
    [...superOptions(block), ...ownOptions(block, type)].join(","),
  ].join(" ");
}

/** The namespace that a file of nsfs is: in memory its inode holds it, and its dentry what kind it is. */
function pinned(dentry: KernelObject): string {
  const namespace = dentry.get("d_inode", "inode").get("i_private", "ns_common");
  return `${dentry.get("d_fsdata", "proc_ns_operations").textAt("name")}:[${namespace.number("inum")}]`;
}

/** The mounts of a process's namespace, as `/proc/PID/mountinfo` shows them. */
export function readMounts(task: KernelObject): string[] {
  const namespace = task.get("nsproxy", "nsproxy").get("mnt_ns", "mnt_namespace");
  const root = task.get("fs", "fs_struct").part("root", "path");
  const mounts = namespace.list("list", "mount", "mnt_list");
  if (mounts.length !== namespace.number("mounts"))
    throw new Error("the namespace has another number of mounts");
  return mounts.filter((mount) => !isUnreachable(mount, root)).map((mount) => readMount(mount, root));
}

/** What a process left behind by `pivot_root`, or above its root. */
function isUnreachable(mount: KernelObject, root: KernelObject): boolean {
  try {
    return pathOf(mount, mount.get("mnt.mnt_root", "dentry"), root) === "";
  } catch {
    return true;
  }
}

/** The directories under an overlay: the upper one, and the lower ones from the top. */
export function readLayers(task: KernelObject, mountPoint: string): Record<string, unknown> {
  const root = task.get("fs", "fs_struct").part("root", "path");
  const namespace = task.get("nsproxy", "nsproxy").get("mnt_ns", "mnt_namespace");
  const mount = namespace
    .list("list", "mount", "mnt_list")
    .find(
      (one) =>
        !isUnreachable(one, root) && pathOf(one, one.get("mnt.mnt_root", "dentry"), root) === mountPoint,
    );
  const block = mount?.get("mnt.mnt_sb", "super_block");
  if (block === undefined) throw new Error(`nothing is mounted at ${mountPoint}`);
  const { memory } = block;
  const top = block.get("s_root", "dentry");
  const entry = top.get("d_fsdata", "ovl_entry");
  const upper = top.get("d_inode", "inode").outer("ovl_inode", "vfs_inode").get("__upperdentry", "dentry");
  const name = (dentry: KernelObject): string =>
    pathInside(dentry, dentry.get("d_sb", "super_block").number("s_root"));
  const first = entry.addressOf("lowerstack");
  const lower = Array.from({ length: entry.count("numlower") }, (_, i) =>
    name(memory.at("ovl_path", first + i * memory.size("ovl_path")).get("dentry", "dentry")),
  );
  return { layers: block.get("s_fs_info", "ovl_fs").number("numlayer"), upper: name(upper), lower };
}

/** What {@link readMounts} must find: mountinfo without the options that only a file system's own code knows. */
export function saidMounts(facts: Facts, pid: number): string[] {
  return facts.lines(`/proc/${pid}/mountinfo`).map((line) => {
    const [left = "", type = "", source = "", options = ""] =
      /^(.* -) (\S+) (\S+) (\S+)$/.exec(line)?.slice(1) ?? [];
    const known = type === "tmpfs" ? /^size=/ : type === "overlay" ? /^(lower|upper|work)dir=/ : /^$/;
    const plain = options
      .split(",")
      .filter((word) => /^(rw|ro|sync|dirsync|mand|lazytime)$/.test(word) || known.test(word));
    return `${left} ${type} ${source} ${plain.join(",")}`;
  });
}
