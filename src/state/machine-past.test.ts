import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { MachineStats } from "../protocol/machine.ts";
import { MachinePast } from "./machine-past.ts";

const MIB = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A machine whose checkpoints take `bytes`, and what it was told to keep. */
function machineWith(bytes: { now: number }) {
  const kept: number[] = [];
  const rewound: number[] = [];
  const machine = {
    keepHistory: async ({ keep }: { keep: number }) => void kept.push(keep),
    history: async () => [
      { id: 1, agoMs: 20_000 },
      { id: 2, agoMs: 10_000 },
    ],
    rewind: async ({ id }: { id: number }) => void rewound.push(id),
    stats: async () => ({ checkpointBytes: bytes.now }) as MachineStats,
  };
  return { machine, kept, rewound };
}

it("keeps fewer moments where they take much, and more again later", async () => {
  const bytes = { now: 10 * MIB };
  const { machine, kept } = machineWith(bytes);
  const past = new MachinePast(machine);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(kept).toEqual([12]);
  bytes.now = 500 * MIB;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(kept).toEqual([12, 6, 3, 2]);
  bytes.now = 80 * MIB;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(kept).toHaveLength(4);
  bytes.now = MIB;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(kept.slice(4)).toEqual([3, 4]);
  past.dispose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(kept).toHaveLength(6);
});

it("tells the latest moment first, and goes back to one", async () => {
  const { machine, rewound } = machineWith({ now: 0 });
  const past = new MachinePast(machine);
  expect(past.moments.value).toEqual([]);
  await past.look();
  expect(past.moments.value.map(({ id }) => id)).toEqual([2, 1]);
  await past.goBack({ id: 1 });
  expect(rewound).toEqual([1]);
  past.dispose();
});
