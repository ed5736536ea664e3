import type { KernelFacts } from "../isolation/index.ts";
import { panicWords, readLog } from "./kernel-log.ts";
import { readPressure } from "./pressure.ts";
import type { Reading } from "./reading.ts";

const PAGE = 4096;
const WORD = 4;
const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;
/** PANIC_CPU_INVALID of linux/panic.h: nobody has panicked. */
const NO_CPU = 0xffff_ffff;
const LOG_LINES = 200;
const LONGEST_BANNER = 256;
const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** By the kernel's own clock, as of its last tick, in ms (`ktime_get_boottime` of kernel/time/timekeeping.c). */
function readUptime({ memory, kernel }: Reading): number {
  const at = kernel.symbols.timekeeper + kernel.tkCore.timekeeper;
  const { timekeeper, timespec } = kernel;
  // Both parts are signed: the kernel counts from the wall clock back to its start.
  const ms = (field: number): number =>
    memory.i64(at + field + timespec.tv_sec) * MS_PER_SECOND +
    memory.i32(at + field + timespec.tv_nsec) / NS_PER_MS;
  const shift = memory.u32(at + timekeeper["tkr_mono.shift"]);
  const fraction = memory.u64(at + timekeeper["tkr_mono.xtime_nsec"]) / 2 ** Math.min(shift, 32) / NS_PER_MS;
  const seconds = memory.u64(at + timekeeper.xtime_sec) * MS_PER_SECOND;
  return Math.max(
    0,
    seconds + ms(timekeeper.wall_to_monotonic) + ms(timekeeper.monotonic_to_boot) + fraction,
  );
}

function bootId({ memory, kernel }: Reading): string | undefined {
  const bytes = memory.bytes(kernel.symbols.bootId, 16);
  if (bytes.every((byte) => byte === 0)) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(UUID, "$1-$2-$3-$4-$5");
}

/** @param log The lines of an earlier reading; undefined reads them. */
export function readKernel(reading: Reading, log: readonly string[] | undefined): KernelFacts {
  const { memory, kernel } = reading;
  const { symbols, cpuTimes, nodeStat } = kernel;
  const cpu = (...kinds: readonly number[]): number =>
    Math.floor(
      kinds.reduce(
        (sum, kind) => sum + memory.u64(symbols.cpuStat + kernel.kernelCpuStat.cpustat + kind * 8),
        0,
      ) / NS_PER_MS,
    );
  const pages = (item: number): number => Math.max(0, memory.i32(symbols.nodeStat + item * WORD)) * PAGE;
  const zone = symbols.node + kernel.node.node_zones;
  const load = (window: number): number => memory.u32(symbols.load + window * WORD) / 2 ** kernel.loadShift;
  const pressure = (resource: "cpu" | "io" | "memory"): number =>
    readPressure(reading, symbols.pressure, resource).some.total;
  const panicked = memory.u32(symbols.panicCpu) !== NO_CPU;
  return {
    version: /^Linux version (\S+)/.exec(memory.text(symbols.banner, LONGEST_BANNER))?.[1] ?? "",
    bootId: bootId(reading),
    uptime: Math.floor(readUptime(reading)),
    load: [load(0), load(1), load(2)],
    threads: memory.u32(symbols.threads),
    running: memory.u32(symbols.runQueue + kernel.rq.nr_running),
    contextSwitches: memory.u64(symbols.runQueue + kernel.rq.nr_switches),
    cpu: {
      user: cpu(cpuTimes.user, cpuTimes.nice),
      system: cpu(cpuTimes.system, cpuTimes.softirq, cpuTimes.irq),
      idle: cpu(cpuTimes.idle),
      waiting: cpu(cpuTimes.iowait),
    },
    memory: {
      total: memory.u32(symbols.totalPages) * PAGE,
      free: Math.max(0, memory.i32(zone + kernel.zone.vm_stat + kernel.freePages * WORD)) * PAGE,
      file: pages(nodeStat.file),
      anonymous: pages(nodeStat.anonymous),
      shared: pages(nodeStat.shared),
      // In bytes for cgroups, in pages for all.
      slab: pages(nodeStat.slabReclaimable) + pages(nodeStat.slabUnreclaimable),
      swapTotal: memory.u32(symbols.swapTotal) * PAGE,
      swapFree: Math.max(0, memory.i32(symbols.swapFree)) * PAGE,
    },
    pressure: { cpu: pressure("cpu"), io: pressure("io"), memory: pressure("memory") },
    panic: panicked ? (panicWords(reading) ?? "") : undefined,
    tainted: memory.u32(symbols.tainted),
    log: log ?? readLog(reading, LOG_LINES),
  };
}
