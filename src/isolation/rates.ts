/** What only two observations together tell of cgroups: shares of the CPU, and limits that were just met. */
import type { Cgroup } from "./cgroup.ts";
import type { Observation } from "./observation.ts";

/** What has just happened to a cgroup at one of its limits. */
export type LimitHit = "throttled" | "memory-high" | "memory-max" | "oom-kill" | "fork-refused";

export interface CgroupRate {
  /** Of one CPU, 0 to 1; undefined when no time has passed or it was not there before. */
  readonly cpu: number | undefined;
  /** Of its periods, those in which it had to stop: 0 to 1. */
  readonly throttled: number;
  readonly hits: readonly LimitHit[];
}

const NOTHING: CgroupRate = { cpu: undefined, throttled: 0, hits: [] };
const MICROSECONDS = 1000;

function elapsed(before: Observation, after: Observation): number {
  // The guest's own time, since a paused guest uses no CPU.
  if (before.kernel !== undefined && after.kernel !== undefined)
    return after.kernel.uptime - before.kernel.uptime;
  return after.time - before.time;
}

function hitsOf(before: Cgroup, after: Cgroup): LimitHit[] {
  const hits: LimitHit[] = [];
  const rose = (was: number | undefined, is: number | undefined): boolean => (is ?? 0) > (was ?? 0);
  const was = before.memory?.localEvents;
  const is = after.memory?.localEvents;
  if (rose(was?.oomKill, is?.oomKill)) hits.push("oom-kill");
  if (rose(was?.max, is?.max)) hits.push("memory-max");
  if (rose(was?.high, is?.high)) hits.push("memory-high");
  if (rose(before.pids?.refused, after.pids?.refused)) hits.push("fork-refused");
  if (rose(before.cpu?.throttledPeriods, after.cpu?.throttledPeriods)) hits.push("throttled");
  return hits;
}

/** By path; nothing for a cgroup that was not there before, or was another one of that name. */
export function cgroupRates(before: Observation | undefined, after: Observation): Map<string, CgroupRate> {
  const earlier = new Map(before?.cgroups.map((one) => [one.path, one]));
  const time = before === undefined ? 0 : elapsed(before, after);
  const rates = new Map<string, CgroupRate>();
  for (const one of after.cgroups) {
    const was = earlier.get(one.path);
    if (was === undefined || was.inode !== one.inode) {
      rates.set(one.path, NOTHING);
      continue;
    }
    const used = one.usage.usage - was.usage.usage;
    const periods = (one.cpu?.periods ?? 0) - (was.cpu?.periods ?? 0);
    const stopped = (one.cpu?.throttledPeriods ?? 0) - (was.cpu?.throttledPeriods ?? 0);
    rates.set(one.path, {
      cpu: time > 0 ? Math.min(1, Math.max(0, used / (time * MICROSECONDS))) : undefined,
      throttled: periods > 0 ? Math.min(1, Math.max(0, stopped / periods)) : 0,
      hits: hitsOf(was, one),
    });
  }
  return rates;
}
