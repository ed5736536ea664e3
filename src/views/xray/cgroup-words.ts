/** What a cgroup says of itself beside its gauges. Pure. */
import type { Cgroup, CgroupRate, Limit } from "../../isolation/index.ts";
import { duration, percent } from "./format.ts";
import type { Say } from "./words.ts";

export function cpuLimit({ cpu }: Cgroup): number | undefined {
  return cpu === undefined || cpu.max === "max" ? undefined : cpu.max / cpu.period;
}

export function isLimited(cgroup: Cgroup): boolean {
  const { cpu, memory, pids } = cgroup;
  return [cpu?.max, memory?.max, memory?.high, pids?.max].some(
    (limit: Limit | undefined) => limit !== undefined && limit !== "max",
  );
}

/** What is left in memory though nobody lives in it. */
function leftBehind({ memory, populated }: Cgroup): number {
  return populated || memory === undefined
    ? 0
    : memory.stat.file + memory.stat.shmem > 0
      ? memory.current
      : 0;
}

/** What has happened at its limits so far, and what stands still; each in a few words. */
export function cgroupFacts(cgroup: Cgroup, rate: CgroupRate | undefined, say: Say): string[] {
  const { cpu, memory, pids, pressure } = cgroup;
  const facts: string[] = [];
  if (cgroup.frozen) facts.push(say("xray.cgroup.frozen"));
  else if (cgroup.freeze) facts.push(say("xray.cgroup.freezing"));
  if (leftBehind(cgroup) > 0) facts.push(say("xray.cgroup.left"));
  if (cpu !== undefined && cpu.throttledPeriods > 0)
    facts.push(
      say("xray.cgroup.throttled", {
        share: percent(rate?.throttled ?? 0),
        periods: cpu.throttledPeriods,
        time: duration(cpu.throttled / 1000),
      }),
    );
  if (memory !== undefined) {
    const { high, max, oomKill } = memory.localEvents;
    if (high > 0) facts.push(say("xray.cgroup.high", { count: high }));
    if (max > 0) facts.push(say("xray.cgroup.max", { count: max }));
    if (oomKill > 0) facts.push(say("xray.cgroup.oom-kill", { count: oomKill }));
    const stalled = pressure?.memory.some.total ?? 0;
    if (stalled >= 1000) facts.push(say("xray.cgroup.stalled", { time: duration(stalled / 1000) }));
  }
  if (pids !== undefined && pids.refused > 0) facts.push(say("xray.cgroup.refused", { count: pids.refused }));
  for (const { name, max } of cgroup.io ?? []) {
    const limits = Object.entries(max).filter(([, limit]) => limit !== "max");
    if (limits.length > 0)
      facts.push(
        say("xray.cgroup.io", {
          device: name,
          limits: limits.map(([key, limit]) => `${key} ${limit}`).join(", "),
        }),
      );
  }
  if (cgroup.deviceFilter) facts.push(say("xray.cgroup.devices"));
  return facts;
}
