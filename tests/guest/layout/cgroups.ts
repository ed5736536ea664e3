import type { KernelMemory, KernelObject } from "../../support/kernel-objects.ts";
import type { Facts } from "./facts.ts";

const PAGE = 4096;
const NO_BYTES = 0xffff_ffff_ffff_ffffn;
const NO_OPERATIONS = 0xffff_ffffn;
const MICRO = 1000n;
const NS_PER_US = 1000n;
/** `cpu.weight` 100 is 1024 shares. */
const SHARES_OF_100 = 1024;

type Rows = Record<string, string>;

function child(parent: KernelObject, name: string): KernelObject {
  const children = parent.part("self", "cgroup_subsys_state").list("children", "cgroup_subsys_state", "sibling");
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
  const populated = ["nr_populated_csets", "nr_populated_domain_children", "nr_populated_threaded_children"];
  const frozen = (cgroup.number("flags") >> memory.constant("CGRP_FROZEN")) & 1;
  return {
    "cgroup.max.depth": String(cgroup.number("max_depth")),
    "cgroup.max.descendants": String(cgroup.number("max_descendants")),
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
    // The kernel's "no limit" is in pages of its own counting.
    return pages >= Math.floor(memory.constant("PAGE_COUNTER_MAX") / PAGE) ? "max" : String(pages * PAGE);
  };
  const [ram, swap] = [group.part("memory", "page_counter"), group.part("swap", "page_counter")];
  const bytes = (counter: KernelObject, field: string): string => String(counter.number(field) * PAGE);
  const counts = (field: string, names: readonly string[], drop = ""): string => {
    const events = group.numbers(field, 4);
    return names
      .map((name) => `${name.replace(drop, "")} ${events[memory.constant(`MEMCG_${name.toUpperCase()}`)] ?? ""}`)
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
    "cpu.max": `${quota === NO_BYTES ? "max" : quota / MICRO} ${limits.long("period") / MICRO}`,
    "cpu.max.burst": String(limits.long("burst") / MICRO),
  };
}

/** Of `cpu.stat`: flushed time, and what throttling counted. */
export function readCpuStat(cgroup: KernelObject): Rows {
  const limits = controlled(cgroup, "cpu_cgrp_id", "task_group")?.part("cfs_bandwidth", "cfs_bandwidth");
  const time = cgroup.part("bstat", "cgroup_base_stat").part("cputime", "task_cputime");
  const micro = (field: string): string => String((limits?.long(field) ?? 0n) / NS_PER_US);
  return {
    usage_usec: String(time.long("sum_exec_runtime") / NS_PER_US),
    nr_periods: String(limits?.number("nr_periods")),
    nr_throttled: String(limits?.number("nr_throttled")),
    throttled_usec: micro("throttled_time"),
    nr_bursts: String(limits?.number("nr_burst")),
    burst_usec: micro("burst_time"),
  };
}

/** The rows of `memory.stat` that the flushed numbers hold, in its own units. */
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
    file_mapped: pages("NR_FILE_MAPPED"),
    inactive_anon: pages("NR_INACTIVE_ANON"),
    active_file: pages("NR_ACTIVE_FILE"),
    slab_unreclaimable: String(count("NR_SLAB_UNRECLAIMABLE_B")),
    pgfault: String(event("PGFAULT")),
    pgmajfault: String(event("PGMAJFAULT")),
  };
}

function readIo(cgroup: KernelObject): Rows {
  const { memory } = cgroup;
  const blkcg = controlled(cgroup, "io_cgrp_id", "blkcg");
  if (blkcg === undefined) return {};
  const policy = memory.global("blkcg_policy", "blkcg_policy_throtl").number("plid");
  const max = memory.constant("LIMIT_MAX");
  const kinds = memory.constant("LIMIT_CNT");
  const lines: string[] = [];
  for (let node = memory.word(blkcg.addressOf("blkg_list")); node !== 0; node = memory.word(node)) {
    const gq = memory.at("hlist_node", node).outer("blkcg_gq", "blkcg_node");
    const data = memory.word(gq.addressOf("pd") + policy * 4);
    const group = memory.at("blkg_policy_data", data).outer("throtl_grp", "pd");
    const bytes = group.numbers("bps_conf", 8);
    const operations = group.numbers("iops_conf", 4);
    const shown = (all: readonly bigint[], direction: number, none: bigint): string => {
      const value = all[direction * kinds + max] ?? 0n;
      return value === none ? "max" : String(value);
    };
    const limits = [
      `rbps=${shown(bytes, 0, NO_BYTES)}`,
      `wbps=${shown(bytes, 1, NO_BYTES)}`,
      `riops=${shown(operations, 0, NO_OPERATIONS)}`,
      `wiops=${shown(operations, 1, NO_OPERATIONS)}`,
    ].join(" ");
    const disk = gq.get("q", "request_queue").get("disk", "gendisk");
    if (/\d/.test(limits)) lines.push(`${disk.number("major")}:${disk.number("first_minor")} ${limits}`);
  }
  return { "io.max": lines.join(" ") };
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

/** What {@link readCgroup} must find. */
export function saidCgroup(facts: Facts, path: string, files: readonly string[]): Rows {
  return Object.fromEntries(
    files.map((file) => [file, facts.lines(`/sys/fs/cgroup/${path}/${file}`).join(" ")]),
  );
}
