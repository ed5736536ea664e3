import type { Limit, MemoryController, MemoryEvents, MemoryStat } from "../isolation/index.ts";
import { listOf } from "./lists.ts";
import type { Reading } from "./reading.ts";

const PAGE = 4096;
const WORD = 4;
const MOST = 4096;
const DEEPEST = 64;

/** What a group counts, by number of the item: pages, bytes or KiB, as the kernel counts each. */
interface Counts {
  readonly state: Float64Array;
  readonly events: Float64Array;
}

/** How many of each there are; from the layout, which knows the arrays' sizes. */
export interface CountSizes {
  readonly state: number;
  readonly events: number;
}

/**
 * Statistics of all memory groups by address, with what has not been added up yet: what the group has itself, what came up
 * to it, and the same of those below (`mem_cgroup_css_rstat_flush` of mm/memcontrol.c). Those that are gone but still hold
 * memory count for their parents.
 */
export class MemoryCounts {
  readonly #reading: Reading;
  readonly #sizes: CountSizes;
  readonly #known = new Map<number, Counts>();

  constructor(reading: Reading, sizes: CountSizes) {
    this.#reading = reading;
    this.#sizes = sizes;
  }

  of(group: number, depth = 0): Counts {
    const known = this.#known.get(group);
    if (known !== undefined) return known;
    const { memory, kernel } = this.#reading;
    const { vmstats, vmstatsCpu } = kernel;
    const flushed = memory.u32(group + kernel.memoryGroup.vmstats);
    const own = memory.u32(group + kernel.memoryGroup.vmstats_percpu);
    const counts: Counts = {
      state: new Float64Array(this.#sizes.state),
      events: new Float64Array(this.#sizes.events),
    };
    this.#known.set(group, counts);
    if (flushed === 0 || own === 0) return counts;
    const sum = (into: Float64Array, address: number, sign: number): void => {
      for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + sign * memory.i32(address + i * WORD);
    };
    sum(counts.state, flushed + vmstats.state, 1);
    sum(counts.state, flushed + vmstats.state_pending, 1);
    sum(counts.state, own + vmstatsCpu.state, 1);
    sum(counts.state, own + vmstatsCpu.state_prev, -1);
    sum(counts.events, flushed + vmstats.events, 1);
    sum(counts.events, flushed + vmstats.events_pending, 1);
    sum(counts.events, own + vmstatsCpu.events, 1);
    sum(counts.events, own + vmstatsCpu.events_prev, -1);
    if (depth < DEEPEST)
      for (const child of this.#children(group)) this.#addPending(counts, child, depth + 1);
    return counts;
  }

  #addPending(counts: Counts, child: number, depth: number): void {
    const { memory, kernel } = this.#reading;
    const flushed = memory.u32(child + kernel.memoryGroup.vmstats);
    const whole = this.of(child, depth);
    const add = (into: Float64Array, all: Float64Array, told: number): void => {
      for (let i = 0; i < into.length; i++) {
        into[i] = (into[i] ?? 0) + (all[i] ?? 0) - memory.i32(told + i * WORD);
      }
    };
    add(counts.state, whole.state, flushed + kernel.vmstats.state);
    add(counts.events, whole.events, flushed + kernel.vmstats.events);
  }

  #children(group: number): number[] {
    const { kernel } = this.#reading;
    const css = group + kernel.memoryGroup.css;
    return listOf(this.#reading, css + kernel.css.children, {
      link: kernel.css.sibling,
      what: "memory groups",
      most: MOST,
    }).map((child) => child - kernel.memoryGroup.css);
  }
}

function statOf({ memory, kernel }: Reading, { state, events }: Counts): MemoryStat {
  const { memoryState, vmEvent, symbols } = kernel;
  const count = (item: number): number => Math.max(0, state[item] ?? 0);
  const pages = (item: number): number => count(item) * PAGE;
  // Events have numbers of their own here: one more than their place, so that 0 is none.
  const event = (item: number): number =>
    Math.max(0, events[memory.i32(symbols.memoryEvents + item * WORD) - 1] ?? 0);
  return {
    anon: pages(memoryState.anon),
    file: pages(memoryState.file),
    kernel: pages(memoryState.kernel),
    kernelStack: count(memoryState.kernelStack) * 1024,
    pageTables: pages(memoryState.pageTables),
    sock: pages(memoryState.sock),
    shmem: pages(memoryState.shmem),
    fileMapped: pages(memoryState.fileMapped),
    fileDirty: pages(memoryState.fileDirty),
    inactiveAnon: pages(memoryState.inactiveAnon),
    activeAnon: pages(memoryState.activeAnon),
    inactiveFile: pages(memoryState.inactiveFile),
    activeFile: pages(memoryState.activeFile),
    slabReclaimable: count(memoryState.slabReclaimable),
    slabUnreclaimable: count(memoryState.slabUnreclaimable),
    pageFaults: event(vmEvent.pageFaults),
    majorFaults: event(vmEvent.majorFaults),
  };
}

/** @param group Address of the `mem_cgroup`. */
export function readMemory(reading: Reading, group: number, counts: MemoryCounts): MemoryController {
  const { memory, kernel } = reading;
  const { counter, memoryGroup, memoryEvent } = kernel;
  const limit = (address: number): Limit => {
    const pages = memory.u32(address);
    return pages === kernel.unlimitedPages ? "max" : pages * PAGE;
  };
  const bytes = (address: number): number => Math.max(0, memory.i32(address)) * PAGE;
  const events = (array: number): MemoryEvents => {
    const count = (event: number): number => memory.u32(group + array + event * WORD);
    return {
      low: count(memoryEvent.low),
      high: count(memoryEvent.high),
      max: count(memoryEvent.max),
      oom: count(memoryEvent.oom),
      oomKill: count(memoryEvent.oomKill),
      oomGroupKill: count(memoryEvent.oomGroupKill),
    };
  };
  const ram = group + memoryGroup.memory;
  const swap = group + memoryGroup.swap;
  const swapEvent = (event: number): number => memory.u32(group + memoryGroup.memory_events + event * WORD);
  return {
    current: bytes(ram + counter.usage),
    peak: bytes(ram + counter.watermark),
    min: limit(ram + counter.min),
    low: limit(ram + counter.low),
    high: limit(ram + counter.high),
    max: limit(ram + counter.max),
    oomGroup: memory.u8(group + memoryGroup.oom_group) !== 0,
    events: events(memoryGroup.memory_events),
    localEvents: events(memoryGroup.memory_events_local),
    stat: statOf(reading, counts.of(group)),
    swap: {
      current: bytes(swap + counter.usage),
      high: limit(swap + counter.high),
      max: limit(swap + counter.max),
      events: {
        high: swapEvent(memoryEvent.swapHigh),
        max: swapEvent(memoryEvent.swapMax),
        fail: swapEvent(memoryEvent.swapFail),
      },
    },
  };
}
