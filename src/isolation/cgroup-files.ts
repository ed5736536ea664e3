import type { Cgroup, ControllerName, IoDevice, Limit } from "./cgroup.ts";

/** How a file's number is written for people. */
type Unit = "count" | "bytes";

interface CgroupFile {
  /** Undefined when it is not there, since its controller is off. */
  read(cgroup: Cgroup): Limit | undefined;
  readonly unit: Unit;
  readonly controller: ControllerName | undefined;
}

function file(
  controller: ControllerName | undefined,
  read: CgroupFile["read"],
  unit: Unit = "count",
): CgroupFile {
  return { read, unit, controller };
}

function bytesFile(read: CgroupFile["read"]): CgroupFile {
  return file("memory", read, "bytes");
}

/** The hardest limit of all disks. */
function ioLimit(which: keyof IoDevice["max"]): CgroupFile {
  return file("io", ({ io }) => {
    if (io === undefined) return undefined;
    const limits = io.map(({ max }) => max[which]).filter((limit) => limit !== "max");
    return limits.length === 0 ? "max" : Math.min(...limits);
  });
}

/** Of all disks together. */
function ioCount(which: keyof IoDevice["stat"]): CgroupFile {
  return file("io", ({ io }) => io?.reduce((sum, { stat }) => sum + stat[which], 0));
}

/**
 * The numbers in a cgroup's files, each by the file's name and, where a file has several, the row's behind it:
 * `Documentation/admin-guide/cgroup-v2.rst`. A yes is 1.
 */
export const CGROUP_FILES = {
  "pids.max": file("pids", ({ pids }) => pids?.max),
  "pids.current": file("pids", ({ pids }) => pids?.current),
  "pids.events.max": file("pids", ({ pids }) => pids?.refused),
  "memory.max": bytesFile(({ memory }) => memory?.max),
  "memory.high": bytesFile(({ memory }) => memory?.high),
  "memory.low": bytesFile(({ memory }) => memory?.low),
  "memory.min": bytesFile(({ memory }) => memory?.min),
  "memory.current": bytesFile(({ memory }) => memory?.current),
  "memory.peak": bytesFile(({ memory }) => memory?.peak),
  "memory.swap.max": bytesFile(({ memory }) => memory?.swap.max),
  "memory.swap.current": bytesFile(({ memory }) => memory?.swap.current),
  "memory.oom.group": file("memory", ({ memory }) =>
    memory === undefined ? undefined : Number(memory.oomGroup),
  ),
  "memory.events.low": file("memory", ({ memory }) => memory?.events.low),
  "memory.events.high": file("memory", ({ memory }) => memory?.events.high),
  "memory.events.max": file("memory", ({ memory }) => memory?.events.max),
  "memory.events.oom": file("memory", ({ memory }) => memory?.events.oom),
  "memory.events.oom_kill": file("memory", ({ memory }) => memory?.events.oomKill),
  "memory.events.oom_group_kill": file("memory", ({ memory }) => memory?.events.oomGroupKill),
  "memory.stat.anon": bytesFile(({ memory }) => memory?.stat.anon),
  "memory.stat.file": bytesFile(({ memory }) => memory?.stat.file),
  "memory.stat.kernel": bytesFile(({ memory }) => memory?.stat.kernel),
  "memory.stat.shmem": bytesFile(({ memory }) => memory?.stat.shmem),
  "memory.pressure.some.total": file(undefined, ({ pressure }) => pressure?.memory.some.total),
  "memory.pressure.full.total": file(undefined, ({ pressure }) => pressure?.memory.full.total),
  // Microseconds in each 100000, whatever the period is.
  "cpu.max": file("cpu", ({ cpu }) =>
    cpu === undefined || cpu.max === "max" ? cpu?.max : Math.round((cpu.max * 100_000) / cpu.period),
  ),
  "cpu.weight": file("cpu", ({ cpu }) => cpu?.weight),
  "cpu.stat.usage_usec": file(undefined, ({ usage }) => usage.usage),
  "cpu.stat.nr_periods": file("cpu", ({ cpu }) => cpu?.periods),
  "cpu.stat.nr_throttled": file("cpu", ({ cpu }) => cpu?.throttledPeriods),
  "cpu.stat.throttled_usec": file("cpu", ({ cpu }) => cpu?.throttled),
  "cpu.pressure.some.total": file(undefined, ({ pressure }) => pressure?.cpu.some.total),
  "io.max.rbps": ioLimit("rbps"),
  "io.max.wbps": ioLimit("wbps"),
  "io.max.riops": ioLimit("riops"),
  "io.max.wiops": ioLimit("wiops"),
  "io.stat.rbytes": ioCount("readBytes"),
  "io.stat.wbytes": ioCount("writtenBytes"),
  "io.pressure.some.total": file(undefined, ({ pressure }) => pressure?.io.some.total),
  "io.pressure.full.total": file(undefined, ({ pressure }) => pressure?.io.full.total),
  "cgroup.freeze": file(undefined, ({ freeze }) => Number(freeze)),
  "cgroup.events.frozen": file(undefined, ({ frozen }) => Number(frozen)),
  "cgroup.events.populated": file(undefined, ({ populated }) => Number(populated)),
  "cgroup.max.depth": file(undefined, ({ maxDepth }) => maxDepth),
  "cgroup.max.descendants": file(undefined, ({ maxDescendants }) => maxDescendants),
  "cgroup.stat.nr_descendants": file(undefined, ({ descendants }) => descendants),
  "cgroup.stat.nr_dying_descendants": file(undefined, ({ dyingDescendants }) => dyingDescendants),
} as const satisfies Readonly<Record<string, CgroupFile>>;
export type CgroupFileName = keyof typeof CGROUP_FILES;
export const CGROUP_FILE_NAMES = Object.keys(CGROUP_FILES) as CgroupFileName[];
