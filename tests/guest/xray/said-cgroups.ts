import type { Facts } from "./facts.ts";

type Rows = Readonly<Record<string, string>>;

const limit = (text: string | undefined): number | "max" => (text === "max" ? "max" : Number(text));

function events(rows: Rows): Record<string, number> {
  return {
    low: Number(rows["low"]),
    high: Number(rows["high"]),
    max: Number(rows["max"]),
    oom: Number(rows["oom"]),
    oomKill: Number(rows["oom_kill"]),
    oomGroupKill: Number(rows["oom_group_kill"]),
  };
}

/** What an observation must say of a cgroup exactly: all that its files say but for what is added up when they are read. */
export function saidCgroup(facts: Facts, path: string): Record<string, unknown> {
  const file = (name: string): string => facts.text(`/sys/fs/cgroup${path}/${name}`);
  const table = (name: string): Rows => facts.table(`/sys/fs/cgroup${path}/${name}`);
  const [, uid, gid, inode] =
    /^(\d+) (\d+) (\d+)$/.exec(facts.table("cgroups")[`/sys/fs/cgroup${path}`] ?? "") ?? [];
  return {
    path,
    inode: Number(inode),
    owner: { uid: Number(uid), gid: Number(gid) },
    controllers: file("cgroup.controllers").split(" ").filter(Boolean),
    subtreeControl: file("cgroup.subtree_control").split(" ").filter(Boolean),
    populated: table("cgroup.events")["populated"] === "1",
    frozen: table("cgroup.events")["frozen"] === "1",
    freeze: file("cgroup.freeze") === "1",
    maxDepth: limit(file("cgroup.max.depth")),
    maxDescendants: limit(file("cgroup.max.descendants")),
    descendants: Number(table("cgroup.stat")["nr_descendants"]),
    dyingDescendants: Number(table("cgroup.stat")["nr_dying_descendants"]),
    ...(facts.has(`/sys/fs/cgroup${path}/cpu.max`) ? saidControllers(file, table) : {}),
  };
}

type ReadFile = (name: string) => string;
type ReadTable = (name: string) => Rows;

/** Of a cgroup for which all controllers are switched on. */
function saidControllers(file: ReadFile, table: ReadTable): Record<string, unknown> {
  const [quota, period] = file("cpu.max").split(" ");
  const cpu = table("cpu.stat");
  const swap = table("memory.swap.events");
  return {
    cpu: {
      weight: Number(file("cpu.weight")),
      idle: file("cpu.idle") === "1",
      max: limit(quota),
      period: Number(period),
      burst: Number(file("cpu.max.burst")),
      periods: Number(cpu["nr_periods"]),
      throttledPeriods: Number(cpu["nr_throttled"]),
      throttled: Number(cpu["throttled_usec"]),
      bursts: Number(cpu["nr_bursts"]),
      burstTime: Number(cpu["burst_usec"]),
      throttledNow: false,
    },
    memory: {
      current: Number(file("memory.current")),
      peak: Number(file("memory.peak")),
      min: limit(file("memory.min")),
      low: limit(file("memory.low")),
      high: limit(file("memory.high")),
      max: limit(file("memory.max")),
      oomGroup: file("memory.oom.group") === "1",
      events: events(table("memory.events")),
      localEvents: events(table("memory.events.local")),
      swap: {
        current: Number(file("memory.swap.current")),
        high: limit(file("memory.swap.high")),
        max: limit(file("memory.swap.max")),
        events: { high: Number(swap["high"]), max: Number(swap["max"]), fail: Number(swap["fail"]) },
      },
    },
    pids: {
      current: Number(file("pids.current")),
      peak: Number(file("pids.peak")),
      max: limit(file("pids.max")),
      refused: Number(table("pids.events")["max"]),
    },
  };
}

/** `memory.stat`, in the words of an observation: bytes, and how often a page was not there. */
export function saidMemoryStat(facts: Facts, path: string): Record<string, number> | undefined {
  if (!facts.has(`/sys/fs/cgroup${path}/memory.stat`)) return undefined;
  const rows = facts.table(`/sys/fs/cgroup${path}/memory.stat`);
  const names = {
    anon: "anon",
    file: "file",
    kernel: "kernel",
    kernelStack: "kernel_stack",
    pageTables: "pagetables",
    sock: "sock",
    shmem: "shmem",
    fileMapped: "file_mapped",
    fileDirty: "file_dirty",
    inactiveAnon: "inactive_anon",
    activeAnon: "active_anon",
    inactiveFile: "inactive_file",
    activeFile: "active_file",
    slabReclaimable: "slab_reclaimable",
    slabUnreclaimable: "slab_unreclaimable",
    pageFaults: "pgfault",
    majorFaults: "pgmajfault",
  };
  return Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, Number(rows[theirs])]));
}

/** Microseconds of `cpu.stat`. */
export function saidUsage(facts: Facts, path: string): Record<"usage" | "user" | "system", number> {
  const rows = facts.table(`/sys/fs/cgroup${path}/cpu.stat`);
  return {
    usage: Number(rows["usage_usec"]),
    user: Number(rows["user_usec"]),
    system: Number(rows["system_usec"]),
  };
}

/** `io.stat` by device. */
export function saidIoStat(facts: Facts, path: string): Record<string, Record<string, number>> {
  if (!facts.has(`/sys/fs/cgroup${path}/io.stat`)) return {};
  const names: Readonly<Record<string, string>> = {
    rbytes: "readBytes",
    wbytes: "writtenBytes",
    dbytes: "discardedBytes",
    rios: "reads",
    wios: "writes",
    dios: "discards",
  };
  const rows = facts.lines(`/sys/fs/cgroup${path}/io.stat`).flatMap((line) => {
    const [device = "", ...words] = line.split(" ");
    if (words.length === 0) return [];
    const counts = words
      .map((word) => word.split("="))
      .map(([name = "", value]) => [names[name] ?? name, Number(value)]);
    return [[device, Object.fromEntries(counts) as Record<string, number>] as const];
  });
  return Object.fromEntries(rows);
}

/** Microseconds in all, of `RESOURCE.pressure`. */
export function saidStalls(facts: Facts, path: string, resource: string): Record<"some" | "full", number> {
  const rows = facts.table(`/sys/fs/cgroup${path}/${resource}.pressure`);
  const total = (row = ""): number => Number(/total=(\d+)/.exec(row)?.[1]);
  return { some: total(rows["some"]), full: total(rows["full"]) };
}
