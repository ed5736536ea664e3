import type { KernelMemory, KernelObject } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";

const PAGE = 4096;
const NO_BYTES = 0xffff_ffff_ffff_ffffn;
const NO_OPERATIONS = 0xffff_ffffn;
const INT_MAX = 0x7fff_ffff;
const NS_PER_US = 1000n;
/** `cpu.weight` 100 is 1024 shares. */
const SHARES_OF_100 = 1024;

type Rows = Record<string, string>;

function child(parent: KernelObject, name: string): KernelObject {
  const children = parent
    .part("self", "cgroup_subsys_state")
    .list("children", "cgroup_subsys_state", "sibling");
  const found = children
    .map((css) => css.outer("cgroup", "self"))
    .find((cgroup) => cgroup.get("kn", "kernfs_node").textAt("name") === name);
  if (found === undefined) throw new Error(`there is no cgroup ${name} in memory`);
  return found;
}

export function cgroupAt(kernel: KernelMemory, path: string): KernelObject {
  const root = kernel.global("cgroup_root", "cgrp_dfl_root").part("cgrp", "cgroup");
  return path.split("/").filter(Boolean).reduce(child, root);
}

/** The state that a controller keeps of a cgroup. */
function controlled(cgroup: KernelObject, id: string, struct: string): KernelObject | undefined {
  const { memory } = cgroup;
  const css = memory.word(cgroup.addressOf("subsys") + memory.constant(id) * 4);
  return css === 0 ? undefined : memory.at("cgroup_subsys_state", css).outer(struct, "css");
}

function readCore(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  const limit = (field: string): string => {
    const value = cgroup.number(field);
    return value === INT_MAX ? "max" : String(value);
  };
  const populated = ["nr_populated_csets", "nr_populated_domain_children", "nr_populated_threaded_children"];
  const frozen = (cgroup.number("flags") >> memory.constant("CGRP_FROZEN")) & 1;
  return {
    "cgroup.max.depth": limit("max_depth"),
    "cgroup.max.descendants": limit("max_descendants"),
    "cgroup.stat": `nr_descendants ${cgroup.number("nr_descendants")} nr_dying_descendants ${cgroup.number("nr_dying_descendants")}`,
    "cgroup.events": `populated ${populated.some((field) => cgroup.number(field) > 0) ? 1 : 0} frozen ${frozen}`,
    "cgroup.freeze": String(cgroup.number("freezer.freeze")),
  };
}

function readPids(cgroup: KernelObject): Rows {
  const pids = controlled(cgroup, "pids_cgrp_id", "pids_cgroup");
  if (pids === undefined) return {};
  const limit = pids.number("limit");
  return {
    "pids.max": limit === cgroup.memory.constant("PIDS_MAX") ? "max" : String(limit),
    "pids.current": String(pids.number("counter")),
    "pids.peak": String(pids.number("watermark")),
    "pids.events": `max ${pids.number("events_limit")}`,
  };
}

const MEMORY_EVENTS = ["low", "high", "max", "oom", "oom_kill", "oom_group_kill"];
const SWAP_EVENTS = ["swap_high", "swap_max", "swap_fail"];

function readMemory(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  const group = controlled(cgroup, "memory_cgrp_id", "mem_cgroup");
  if (group === undefined) return {};
  const limit = (counter: KernelObject, field: string): string => {
    const pages = counter.number(field);
    return pages === memory.constant("PAGE_COUNTER_MAX") ? "max" : String(pages * PAGE);
  };
  const [ram, swap] = [group.part("memory", "page_counter"), group.part("swap", "page_counter")];
  const bytes = (counter: KernelObject, field: string): string => String(counter.number(field) * PAGE);
  const counts = (field: string, names: readonly string[], drop = ""): string => {
    const events = group.numbers(field, 4);
    return names
      .map(
        (name) => `${name.replace(drop, "")} ${events[memory.constant(`MEMCG_${name.toUpperCase()}`)] ?? ""}`,
      )
      .join(" ");
  };
  return {
    "memory.min": limit(ram, "min"),
    "memory.low": limit(ram, "low"),
    "memory.high": limit(ram, "high"),
    "memory.max": limit(ram, "max"),
    "memory.current": bytes(ram, "usage"),
    "memory.peak": bytes(ram, "watermark"),
    "memory.oom.group": String(group.number("oom_group")),
    "memory.swap.max": limit(swap, "max"),
    "memory.swap.high": limit(swap, "high"),
    "memory.swap.current": bytes(swap, "usage"),
    "memory.events": counts("memory_events", MEMORY_EVENTS),
    "memory.events.local": counts("memory_events_local", MEMORY_EVENTS),
    "memory.swap.events": counts("memory_events", SWAP_EVENTS, "swap_"),
  };
}

function readCpu(cgroup: KernelObject): Rows {
  const group = controlled(cgroup, "cpu_cgrp_id", "task_group");
  if (group === undefined) return {};
  const limits = group.part("cfs_bandwidth", "cfs_bandwidth");
  const quota = limits.long("quota");
  return {
    "cpu.weight": String(Math.round((group.number("shares") * 100) / SHARES_OF_100)),
    "cpu.idle": String(group.number("idle")),
    "cpu.max": `${quota === NO_BYTES ? "max" : quota / NS_PER_US} ${limits.long("period") / NS_PER_US}`,
    "cpu.max.burst": String(limits.long("burst") / NS_PER_US),
  };
}

/** Of `cpu.stat`: flushed time, and what throttling counted. */
export function readCpuStat(cgroup: KernelObject): Rows {
  const time = cgroup.part("bstat", "cgroup_base_stat").part("cputime", "task_cputime");
  const usage = { usage_usec: String(time.long("sum_exec_runtime") / NS_PER_US) };
  const limits = controlled(cgroup, "cpu_cgrp_id", "task_group")?.part("cfs_bandwidth", "cfs_bandwidth");
  if (limits === undefined) return usage;
  return {
    ...usage,
    nr_periods: String(limits.number("nr_periods")),
    nr_throttled: String(limits.number("nr_throttled")),
    throttled_usec: String(limits.long("throttled_time") / NS_PER_US),
    nr_bursts: String(limits.number("nr_burst")),
    burst_usec: String(limits.long("burst_time") / NS_PER_US),
  };
}

/** Of `memory.stat`: flushed numbers, in its own units; not those that others move when they map the same files. */
export function readMemoryStat(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  const stats = controlled(cgroup, "memory_cgrp_id", "mem_cgroup")?.get("vmstats", "memcg_vmstats");
  if (stats === undefined) return {};
  const state = stats.numbers("state", 4);
  const events = stats.numbers("events", 4);
  const count = (name: string): bigint => state[memory.constant(name)] ?? -1n;
  // Events have numbers of their own here: one more than their place, so that 0 is none.
  const event = (name: string): bigint =>
    events[memory.word(memory.symbol("mem_cgroup_events_index") + memory.constant(name) * 4) - 1] ?? -1n;
  const pages = (name: string): string => String(count(name) * BigInt(PAGE));
  return {
    anon: pages("NR_ANON_MAPPED"),
    file: pages("NR_FILE_PAGES"),
    kernel: pages("MEMCG_KMEM"),
    kernel_stack: String(count("NR_KERNEL_STACK_KB") * 1024n),
    pagetables: pages("NR_PAGETABLE"),
    percpu: String(count("MEMCG_PERCPU_B")),
    sock: pages("MEMCG_SOCK"),
    shmem: pages("NR_SHMEM"),
    inactive_anon: pages("NR_INACTIVE_ANON"),
    slab_unreclaimable: String(count("NR_SLAB_UNRECLAIMABLE_B")),
    pgfault: String(event("PGFAULT")),
    pgmajfault: String(event("PGMAJFAULT")),
  };
}

/** What the block layer keeps of a cgroup for each disk. */
function disks(cgroup: KernelObject): { readonly gq: KernelObject; readonly name: string }[] {
  const blkcg = controlled(cgroup, "io_cgrp_id", "blkcg");
  const all = blkcg?.hlist("blkg_list", "blkcg_gq", "blkcg_node") ?? [];
  return all.map((gq) => {
    const disk = gq.get("q", "request_queue").get("disk", "gendisk");
    return { gq, name: `${disk.number("major")}:${disk.number("first_minor")}` };
  });
}

function readIo(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  if (controlled(cgroup, "io_cgrp_id", "blkcg") === undefined) return {};
  const policy = memory.global("blkcg_policy", "blkcg_policy_throtl").number("plid");
  const max = memory.constant("LIMIT_MAX");
  const kinds = memory.constant("LIMIT_CNT");
  const limits = disks(cgroup).map(({ gq, name }) => {
    const data = memory.word(gq.addressOf("pd") + policy * 4);
    const group = memory.at("blkg_policy_data", data).outer("throtl_grp", "pd");
    const bytes = group.numbers("bps_conf", 8);
    const operations = group.numbers("iops_conf", 4);
    const shown = (all: readonly bigint[], direction: number, none: bigint): string => {
      const value = all[direction * kinds + max] ?? 0n;
      return value === none ? "max" : String(value);
    };
    const words = [
      `rbps=${shown(bytes, 0, NO_BYTES)}`,
      `wbps=${shown(bytes, 1, NO_BYTES)}`,
      `riops=${shown(operations, 0, NO_OPERATIONS)}`,
      `wiops=${shown(operations, 1, NO_OPERATIONS)}`,
    ];
    return `${name} ${words.join(" ")}`;
  });
  return { "io.max": limits.filter((line) => !/rbps=max wbps=max riops=max wiops=max/.test(line)).join(" ") };
}

/** Of `io.stat`: what has been flushed, by disk. */
export function readIoStat(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  const rows = disks(cgroup).map(({ gq, name }) => {
    const done = gq.part("iostat", "blkg_iostat_set").part("cur", "blkg_iostat");
    const [bytes, operations] = [done.numbers("bytes", 8), done.numbers("ios", 8)];
    const of = (all: readonly bigint[], kind: string): bigint =>
      all[memory.constant(`BLKG_IOSTAT_${kind}`)] ?? 0n;
    const words = [
      `rbytes=${of(bytes, "READ")} wbytes=${of(bytes, "WRITE")} rios=${of(operations, "READ")}`,
      `wios=${of(operations, "WRITE")} dbytes=${of(bytes, "DISCARD")} dios=${of(operations, "DISCARD")}`,
    ];
    return [name, words.join(" ")] as const;
  });
  return Object.fromEntries(rows.filter(([, words]) => /=[1-9]/.test(words)));
}

/** Microseconds stalled in all, of `cpu.pressure` and its like. */
export function readPressure(cgroup: KernelObject, resource: "CPU" | "IO" | "MEM"): Rows {
  const { memory } = cgroup;
  const group = cgroup.get("psi", "psi_group");
  const totals = group.numbers("total", 8);
  const first = memory.constant("PSI_AVGS") * (memory.constant("NR_PSI_STATES") - 1);
  const total = (kind: string): string =>
    String((totals[first + memory.constant(`PSI_${resource}_${kind}`)] ?? 0n) / NS_PER_US);
  return { some: total("SOME"), full: total("FULL") };
}

/** The files of a cgroup that the kernel writes of its own memory, each on one line. */
export function readCgroup(cgroup: KernelObject): Rows {
  const known = [readCore, readPids, readMemory, readCpu, readIo];
  return Object.assign({}, ...known.map((read) => read(cgroup))) as Rows;
}

/** The owner and the inode of a cgroup's directory. */
export function readDirectory(cgroup: KernelObject): string {
  const kn = cgroup.get("kn", "kernfs_node");
  const attributes = kn.follow("iattr", "kernfs_iattrs");
  return `${attributes?.number("ia_uid") ?? 0} ${attributes?.number("ia_gid") ?? 0} ${kn.long("id") & 0xffffffffn}`;
}

/** What {@link readIoStat} must find. */
export function saidIoStat(facts: Facts, file: string): Rows {
  const rows = facts
    .lines(file)
    .map((line) => [line.split(" ", 1)[0] ?? "", line.replace(/^\S+ */, "")] as const);
  return Object.fromEntries(rows.filter(([, words]) => words !== ""));
}

/** What {@link readPressure} must find. */
export function saidPressure(facts: Facts, file: string): Rows {
  const rows = Object.entries(facts.table(file));
  return Object.fromEntries(rows.map(([kind, words]) => [kind, /total=(\d+)/.exec(words)?.[1] ?? ""]));
}

/** What {@link readCgroup} must find. */
export function saidCgroup(facts: Facts, path: string, files: readonly string[]): Rows {
  return Object.fromEntries(
    files.map((file) => [file, facts.lines(`/sys/fs/cgroup/${path}/${file}`).join(" ")]),
  );
}
