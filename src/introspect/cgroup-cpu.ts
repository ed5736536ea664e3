import type { CpuController, CpuUsage } from "../isolation/index.ts";
import type { Reading } from "./reading.ts";

const NS_PER_US = 1000;
/** `cpu.weight` 100 is 1024 shares (kernel/sched/core.c). */
const SHARES_OF_100 = 1024;
const UNLIMITED = 0xffff_ffff;

interface Times {
  user: number;
  system: number;
  total: number;
}

function timesAt({ memory, kernel }: Reading, address: number): Times {
  return {
    user: memory.u64(address + kernel.cputime.utime),
    system: memory.u64(address + kernel.cputime.stime),
    total: memory.u64(address + kernel.cputime.sum_exec_runtime),
  };
}

function add(sum: Times, more: Times, less: Times): void {
  sum.user += more.user - less.user;
  sum.system += more.system - less.system;
  sum.total += more.total - less.total;
}

/**
 * CPU time of a cgroup and those below: what it was told, what it has itself and has not added, and the same of its children
 * (`cgroup_base_stat_flush` of kernel/cgroup/rstat.c).
 */
export function cpuTimes(
  reading: Reading,
  cgroup: number,
  children: readonly { address: number; times: Times }[],
): Times {
  const { memory, kernel } = reading;
  const sum = timesAt(reading, cgroup + kernel.cgroup.bstat);
  const own = memory.u32(cgroup + kernel.cgroup.rstat_cpu);
  if (own !== 0) {
    add(
      sum,
      timesAt(reading, own + kernel.rstatCpu.bstat),
      timesAt(reading, own + kernel.rstatCpu.last_bstat),
    );
  }
  for (const child of children) {
    add(sum, child.times, timesAt(reading, child.address + kernel.cgroup.last_bstat));
  }
  return sum;
}
export type CpuTimes = Times;

/** As `cpu.stat` shows it: user and system time are parts of the total by the ratio of ticks that hit them (`cputime_adjust`). */
export function usageOf({ user, system, total }: Times): CpuUsage {
  const ticks = user + system;
  const systemPart = system === 0 ? 0 : user === 0 ? total : (total * system) / ticks;
  const us = (ns: number): number => Math.max(0, Math.floor(ns / NS_PER_US));
  return { usage: us(total), user: us(total - systemPart), system: us(systemPart) };
}

/** Of the root: what the CPU did in all (`root_cgroup_cputime`). */
export function machineUsage({ memory, kernel }: Reading): CpuUsage {
  const { cpuTimes: kinds, symbols, kernelCpuStat } = kernel;
  const ns = (kind: number): number => memory.u64(symbols.cpuStat + kernelCpuStat.cpustat + kind * 8);
  const user = ns(kinds.user) + ns(kinds.nice);
  const system = ns(kinds.system) + ns(kinds.irq) + ns(kinds.softirq);
  return usageOf({ user, system, total: user + system });
}

/** @param group Address of the `task_group`. */
export function readCpu({ memory, kernel }: Reading, group: number): CpuController {
  const at = group + kernel.taskGroup.cfs_bandwidth;
  const { bandwidth } = kernel;
  const us = (field: number): number => Math.floor(memory.u64(at + field) / NS_PER_US);
  // RUNTIME_INF: all bits are set.
  const unlimited =
    memory.u32(at + bandwidth.quota) === UNLIMITED && memory.u32(at + bandwidth.quota + 4) === UNLIMITED;
  const queues = memory.u32(group + kernel.taskGroup.cfs_rq);
  const queue = queues === 0 ? 0 : memory.u32(queues);
  return {
    weight: Math.round((memory.u32(group + kernel.taskGroup.shares) * 100) / SHARES_OF_100),
    idle: memory.u32(group + kernel.taskGroup.idle) !== 0,
    max: unlimited ? "max" : us(bandwidth.quota),
    period: us(bandwidth.period),
    burst: us(bandwidth.burst),
    periods: memory.u32(at + bandwidth.nr_periods),
    throttledPeriods: memory.u32(at + bandwidth.nr_throttled),
    throttled: us(bandwidth.throttled_time),
    bursts: memory.u32(at + bandwidth.nr_burst),
    burstTime: us(bandwidth.burst_time),
    throttledNow: queue !== 0 && memory.u32(queue + kernel.cfsRq.throttled) !== 0,
  };
}
