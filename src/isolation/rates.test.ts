import { expect, test } from "vitest";
import { aCgroup, aCpu, aKernel, aMemory, aPids, seen } from "./observation-builder.ts";
import { cgroupRates } from "./rates.ts";

const before = seen([], {
  kernel: aKernel({ uptime: 1000 }),
  cgroups: [
    aCgroup("/demo", {
      inode: 7,
      cpu: aCpu({ periods: 10, throttledPeriods: 2 }),
      memory: aMemory(),
      pids: aPids(),
    }),
  ],
});
const after = seen([], {
  // The page's clock went on for longer: the guest was paused.
  time: 60_000,
  kernel: aKernel({ uptime: 1500 }),
  cgroups: [
    aCgroup("/demo", {
      inode: 7,
      usage: { usage: 100_000, user: 100_000, system: 0 },
      cpu: aCpu({ periods: 15, throttledPeriods: 6 }),
      memory: aMemory({ events: { high: 3, oomKill: 1 } }),
      pids: aPids({ refused: 2 }),
    }),
    aCgroup("/new", { usage: { usage: 9, user: 9, system: 0 } }),
  ],
});

test("shares are of the guest's own time", () => {
  const rate = cgroupRates(before, after).get("/demo");
  expect(rate?.cpu).toBeCloseTo(0.2);
  expect(rate?.throttled).toBeCloseTo(0.8);
});

test("limits that were met in between are told", () => {
  expect(cgroupRates(before, after).get("/demo")?.hits).toEqual([
    "oom-kill",
    "memory-high",
    "fork-refused",
    "throttled",
  ]);
});

test("one that was not there before has no rate, nor has another of its name", () => {
  expect(cgroupRates(before, after).get("/new")?.cpu).toBeUndefined();
  const other = { ...before, cgroups: [aCgroup("/demo", { inode: 8 })] };
  expect(cgroupRates(other, after).get("/demo")).toEqual({ cpu: undefined, throttled: 0, hits: [] });
  expect(cgroupRates(undefined, after).get("/demo")?.hits).toEqual([]);
});
