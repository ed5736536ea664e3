import type { Pressure, Stall } from "../isolation/index.ts";
import type { Reading } from "./reading.ts";

const NS_PER_US = 1000;
const NS_PER_MS = 1e6;
const WORD = 2 ** 32;

/** Clock of the scheduler, by which pressure is counted, in ns: as of its last update, a tick ago at most. */
function schedulerClock({ memory, kernel }: Reading): number {
  return memory.u64(kernel.symbols.runQueue + kernel.rq.clock);
}

type Resource = "cpu" | "io" | "memory";

/**
 * Pressure of a `struct psi_group`. The kernel adds up what was stalled when somebody asks (`collect_percpu_times` of
 * kernel/sched/psi.c); what it has not added yet is added here.
 */
export function readPressure(reading: Reading, group: number, resource: Resource): Pressure {
  const { memory, kernel } = reading;
  const { psi, psiCpu, psiStates, psiAggregator, loadShift } = kernel;
  const now = schedulerClock(reading);
  const cpu = memory.u32(group + psi.pcpu);
  const mask = memory.u32(cpu + psiCpu.state_mask);
  const since = Math.max(0, now - memory.u64(cpu + psiCpu.state_start));
  const stall = (state: number): Stall => {
    const times = memory.u32(cpu + psiCpu.times + state * 4) + ((mask & (1 << state)) === 0 ? 0 : since);
    const counted = memory.u32(cpu + psiCpu.times_prev + (psiAggregator * psiStates + state) * 4);
    // Both are counters of 32 bits that go round.
    const pending = (((times - counted) % WORD) + WORD) % WORD;
    const total = memory.u64(group + psi.total + (psiAggregator * (psiStates - 1) + state) * 8);
    const average = (window: number): number =>
      memory.u32(group + psi.avg + (state * 3 + window) * 4) / 2 ** loadShift;
    return {
      total: Math.floor((total + pending) / NS_PER_US),
      averages: [average(0), average(1), average(2)],
    };
  };
  const states = kernel.psiState[resource];
  return {
    some: stall(states.some),
    full: stall(states.full),
    averagesAge: Math.max(0, Math.floor((now - memory.u64(group + psi.avg_last_update)) / NS_PER_MS)),
  };
}
