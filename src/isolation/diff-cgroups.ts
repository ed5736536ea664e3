import type { Cgroup, Limit } from "./cgroup.ts";
import type { Change } from "./change.ts";
import type { CgroupEvent, CgroupRef } from "./events.ts";

function cgroupRef({ path, inode }: CgroupRef): CgroupRef {
  return { path, inode };
}

/** Itself and those above it, nearest first. */
function withAncestors(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.map((_, i) => `/${names.slice(0, names.length - i).join("/")}`).concat("/");
}

/**
 * What the files that set limits say; of a controller that is off they are not there. A file with a line for each disk
 * has the disk in its key.
 */
function limitFiles({ cpu, memory, pids, io, maxDepth, maxDescendants }: Cgroup): Map<string, string> {
  const files: [string, string][] = [];
  if (cpu !== undefined) {
    files.push(["cpu.max", `${cpu.max} ${cpu.period}`], ["cpu.weight", `${cpu.weight}`]);
  }
  for (const device of io ?? []) {
    const { rbps, wbps, riops, wiops } = device.max;
    const line = `${device.device} rbps=${rbps} wbps=${wbps} riops=${riops} wiops=${wiops}`;
    files.push([`io.max ${device.device}`, line]);
  }
  if (memory !== undefined) {
    const { min, low, high, max, swap } = memory;
    files.push(["memory.min", `${min}`], ["memory.low", `${low}`]);
    files.push(["memory.high", `${high}`], ["memory.max", `${max}`], ["memory.swap.max", `${swap.max}`]);
  }
  if (pids !== undefined) files.push(["pids.max", `${pids.max}`]);
  files.push(["cgroup.max.depth", `${maxDepth}`], ["cgroup.max.descendants", `${maxDescendants}`]);
  return new Map(files);
}

/** What the files say of a cgroup that nobody has set anything for. */
const UNLIMITED: Readonly<Record<string, string>> = {
  "cpu.max": "max 100000",
  "cpu.weight": "100",
  "memory.min": "0",
  "memory.low": "0",
  "memory.high": "max",
  "memory.max": "max",
  "memory.swap.max": "max",
  "pids.max": "max",
  "cgroup.max.depth": "max",
  "cgroup.max.descendants": "max",
};

function limitEvents(was: Cgroup | undefined, is: Cgroup): CgroupEvent[] {
  const old = was === undefined ? new Map<string, string>() : limitFiles(was);
  const events: CgroupEvent[] = [];
  for (const [key, to] of limitFiles(is)) {
    const from = old.get(key);
    const [file = key] = key.split(" ");
    if (to === from || (from === undefined && to === UNLIMITED[file])) continue;
    // A disk that is used for the first time is listed, without limits.
    if (from === undefined && file === "io.max" && !/=\d/.test(to)) continue;
    events.push({ kind: "cgroup-limit", cgroup: cgroupRef(is), file, from, to });
  }
  return events;
}

/** How far a counter has gone up; counters that went back belong to a controller that was off in between. */
function more(was: number | undefined, is: number | undefined): number {
  return was === undefined || is === undefined ? 0 : Math.max(0, is - was);
}

function memoryEvents(was: Cgroup, is: Cgroup, full: (path: string) => CgroupRef | undefined): CgroupEvent[] {
  if (was.memory === undefined || is.memory === undefined) return [];
  const cgroup = cgroupRef(is);
  const [old, now] = [was.memory.localEvents, is.memory.localEvents];
  const hit = (file: "memory.high" | "memory.max", count: number, limit: Limit): CgroupEvent[] =>
    count > 0 ? [{ kind: "cgroup-memory", cgroup, file, times: count, limit }] : [];
  const kills = more(old.oomKill, now.oomKill);
  return [
    ...hit("memory.high", more(old.high, now.high), is.memory.high),
    ...hit("memory.max", more(old.max, now.max), is.memory.max),
    ...(kills > 0 ? [{ kind: "cgroup-oom-kill" as const, cgroup, kills, full: full(is.path) }] : []),
  ];
}

function keptEvents(change: Change, was: Cgroup, is: Cgroup): CgroupEvent[] {
  const { kept } = change.cgroups;
  const cgroup = cgroupRef(is);
  const byPath = (path: string): Cgroup | undefined => change.after.cgroups.find((one) => one.path === path);
  // The kernel counts `oom` where the limit is, and `oom_kill` where the killed process was.
  const fullOf = (path: string): CgroupRef | undefined => {
    const full = withAncestors(path).flatMap((above) => {
      const pair = kept.find((one) => one.is.path === above);
      const count = more(pair?.was.memory?.localEvents.oom, pair?.is.memory?.localEvents.oom);
      return pair !== undefined && count > 0 ? [cgroupRef(pair.is)] : [];
    });
    return full[0];
  };
  const events = [...limitEvents(was, is)];

  const added = is.subtreeControl.filter((name) => !was.subtreeControl.includes(name));
  const removed = was.subtreeControl.filter((name) => !is.subtreeControl.includes(name));
  if (added.length + removed.length > 0) {
    events.push({ kind: "cgroup-controllers", cgroup, added, removed });
  }
  if (was.owner.uid !== is.owner.uid) {
    events.push({ kind: "cgroup-owner", cgroup, from: was.owner.uid, to: is.owner.uid });
  }
  const periods = more(was.cpu?.throttledPeriods, is.cpu?.throttledPeriods);
  if (periods > 0) {
    const microseconds = more(was.cpu?.throttled, is.cpu?.throttled);
    events.push({ kind: "cgroup-throttled", cgroup, periods, microseconds });
  }
  events.push(...memoryEvents(was, is, fullOf));
  const refused = more(was.pids?.refused, is.pids?.refused);
  if (refused > 0) {
    // Linux 6.1 counts where the one who forks lives, whichever limit above it was reached (kernel/cgroup/pids.c).
    const full = withAncestors(is.path).flatMap((path) => {
      const pids = byPath(path)?.pids;
      return pids !== undefined && pids.max !== "max" && pids.current >= pids.max
        ? [{ path, max: pids.max }]
        : [];
    });
    events.push({ kind: "cgroup-fork-refused", cgroup, times: refused, full: full[0] });
  }
  if (was.frozen !== is.frozen) {
    events.push({ kind: is.frozen ? "cgroup-frozen" : "cgroup-thawed", cgroup });
  }
  return events;
}

/** Cgroups that were made, set, used up, or removed. */
export function diffCgroups(change: Change): CgroupEvent[] {
  const { made, gone, kept } = change.cgroups;
  return [
    ...made.flatMap((is): CgroupEvent[] => [
      { kind: "cgroup-made", cgroup: cgroupRef(is) },
      ...limitEvents(undefined, is),
    ]),
    ...kept.flatMap(({ was, is }) => keptEvents(change, was, is)),
    // The deepest first, as they are removed.
    ...gone.toReversed().map((was): CgroupEvent => ({ kind: "cgroup-removed", cgroup: cgroupRef(was) })),
  ];
}
