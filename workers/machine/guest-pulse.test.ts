import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deferred, type Deferred } from "../../src/base/index.ts";
import { GuestPulse } from "./guest-pulse.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function makePulse(): {
  readonly pulse: GuestPulse;
  readonly asked: Deferred<void>[];
  readonly told: string[];
  readonly machine: { running: boolean };
} {
  const asked: Deferred<void>[] = [];
  const told: string[] = [];
  const machine = { running: true };
  const pulse = new GuestPulse({
    ask: () => {
      const answer = deferred<void>();
      asked.push(answer);
      return answer.promise;
    },
    running: () => machine.running,
    onChange: (state) => told.push(state),
  });
  pulse.begin();
  return { pulse, asked, told, machine };
}

test("a guest that answers, or refuses, is asked again after a while", async () => {
  const { pulse, asked, told } = makePulse();
  await vi.advanceTimersByTimeAsync(2000);
  asked[0]?.resolve();
  await vi.advanceTimersByTimeAsync(2000);
  asked[1]?.reject(new Error("no memory"));
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toHaveLength(3);
  pulse.dispose();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([told, asked.length, vi.getTimerCount()]).toEqual([[], 3, 0]);
});

test("silence is told once, and its end; time in which the machine stands still does not count", async () => {
  const { asked, told, machine } = makePulse();
  await vi.advanceTimersByTimeAsync(5000);
  machine.running = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
  machine.running = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect([told, asked.length]).toEqual([["silent"], 1]);
  asked[0]?.resolve();
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(["silent", "answers"]);
});

test("a machine that went back is asked anew, and what it was asked before counts no more", async () => {
  const { pulse, asked, told } = makePulse();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toEqual(["silent"]);
  pulse.begin();
  expect(told).toEqual(["silent", "answers"]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toHaveLength(2);
  asked[0]?.resolve();
  await vi.advanceTimersByTimeAsync(9000);
  expect(told).toEqual(["silent", "answers", "silent"]);
});
