import type { KernelMemory, KernelObject } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";
import { inodeOf, pidNamespace, programs } from "./processes.ts";

/** The map as `/proc/PID/uid_map` shows it to init's user namespace. */
function readMap(map: KernelObject): string[] {
  const { memory } = map;
  const count = map.count("nr_extents");
  const inside = count <= memory.constant("UID_GID_MAP_MAX_BASE_EXTENTS");
  const first = inside ? map.addressOf("extent") : map.number("forward");
  return Array.from({ length: count }, (_, i) => {
    const extent = memory.at("uid_gid_extent", first + i * memory.size("uid_gid_extent"));
    return ["first", "lower_first", "count"].map((field) => extent.number(field)).join(" ");
  });
}

function readOffset(namespace: KernelObject, clock: string): string {
  const offset = namespace.part(`offsets.${clock}`, "timespec64");
  return `${offset.number("tv_sec")} ${offset.number("tv_nsec")}`;
}

/** What the namespaces of a process say of themselves. */
export function readNamespaces(task: KernelObject): Record<string, unknown> {
  const proxy = task.get("nsproxy", "nsproxy");
  const uts = proxy.get("uts_ns", "uts_namespace");
  const user = task.get("real_cred", "cred").get("user_ns", "user_namespace");
  const pid = pidNamespace(task);
  const time = proxy.get("time_ns", "time_namespace");
  const allowed = (user.number("flags") & user.memory.constant("USERNS_SETGROUPS_ALLOWED")) !== 0;
  const owned = {
    uts,
    ipc: proxy.get("ipc_ns", "ipc_namespace"),
    mnt: proxy.get("mnt_ns", "mnt_namespace"),
    pid,
    net: proxy.get("net_ns", "net"),
    time,
    cgroup: proxy.get("cgroup_ns", "cgroup_namespace"),
  };
  return {
    uidMap: readMap(user.part("uid_map", "uid_gid_map")),
    gidMap: readMap(user.part("gid_map", "uid_gid_map")),
    setgroups: allowed ? "allow" : "deny",
    monotonic: readOffset(time, "monotonic"),
    boottime: readOffset(time, "boottime"),
    parents: {
      user: inodeOf(user.follow("parent", "user_namespace") ?? user),
      pid: inodeOf(pid.follow("parent", "pid_namespace") ?? pid),
    },
    owners: Object.fromEntries(
      Object.entries(owned).map(([kind, one]) => [kind, inodeOf(one.get("user_ns", "user_namespace"))]),
    ),
  };
}

interface Listed {
  readonly ns: number;
  readonly type: string;
  readonly pns: number | null;
  readonly ons: number | null;
}

/** What {@link readNamespaces} must find of a process whose namespaces have these inodes. */
export function saidNamespacesOf(
  facts: Facts,
  pid: number,
  inodes: Readonly<Record<string, number>>,
): Record<string, unknown> {
  const { namespaces } = JSON.parse(facts.text("lsns")) as { namespaces: Listed[] };
  const listed = (kind: string): Listed | undefined =>
    namespaces.find(({ ns, type }) => ns === inodes[kind] && type === kind);
  const lines = (name: string): string[] =>
    facts.lines(`/proc/${pid}/${name}`).map((line) => line.trim().replaceAll(/\s+/g, " "));
  const offsets = facts.table(`/proc/${pid}/timens_offsets`);
  // A namespace whose parent or owner cannot be named is the first of all.
  const parent = (kind: string): number | undefined => listed(kind)?.pns || inodes[kind];
  const kinds = ["uts", "ipc", "mnt", "pid", "net", "time", "cgroup"];
  return {
    uidMap: lines("uid_map"),
    gidMap: lines("gid_map"),
    setgroups: facts.text(`/proc/${pid}/setgroups`),
    monotonic: offsets["monotonic"],
    boottime: offsets["boottime"],
    parents: { user: parent("user"), pid: parent("pid") },
    owners: Object.fromEntries(kinds.map((kind) => [kind, listed(kind)?.ons])),
  };
}

/** The process that the fixture calls so. */
export function processOf(kernel: KernelMemory, facts: Facts, commandLine: string): KernelObject {
  const pid = facts.pids.find((one) => facts.text(`/proc/${one}/cmdline`) === `${commandLine}|`);
  const found = pid === undefined ? undefined : programs(kernel).get(pid);
  if (found === undefined) throw new Error(`no process of the fixture is ${commandLine}`);
  return found;
}
