import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deferred, type Deferred } from "../../src/base/index.ts";
import { History } from "./history.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A machine whose time is that of the fake timers, less what it went back. */
function makeHistory(checkpoint?: () => Promise<number>): {
  readonly history: History;
  readonly kept: Set<number>;
  readonly machine: { running: boolean; back: number };
} {
  let next = 1;
  const kept = new Set<number>();
  const machine = { running: true, back: 0 };
  const start = Date.now();
  const history = new History({
    checkpoint:
      checkpoint ??
      (async () => {
        kept.add(next);
        return next++;
      }),
    forget: (id) => kept.delete(id),
    running: () => machine.running,
    guestMs: () => Date.now() - start - machine.back,
  });
  return { history, kept, machine };
}

test("keeps the latest moments and forgets the rest", async () => {
  const { history, kept } = makeHistory();
  history.keep({ everyMs: 1000, keep: 3 });
  await vi.advanceTimersByTimeAsync(5500);
  expect(history.moments()).toEqual([
    { id: 3, agoMs: 2500 },
    { id: 4, agoMs: 1500 },
    { id: 5, agoMs: 500 },
  ]);
  expect([...kept]).toEqual([3, 4, 5]);
  history.keep({ everyMs: 1000, keep: 1 });
  expect([...kept]).toEqual([5]);
  history.keep({ everyMs: 0, keep: 0 });
  expect(kept.size).toBe(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(history.moments()).toEqual([]);
});

test("a machine that stands still adds nothing", async () => {
  const { history, machine } = makeHistory();
  history.keep({ everyMs: 1000, keep: 3 });
  machine.running = false;
  await vi.advanceTimersByTimeAsync(3000);
  expect(history.moments()).toEqual([]);
});

test("after going back, what lay ahead is gone", async () => {
  const { history, kept, machine } = makeHistory();
  history.keep({ everyMs: 1000, keep: 5 });
  await vi.advanceTimersByTimeAsync(4100);
  machine.back = 2000;
  history.wentBack();
  expect(history.moments()).toEqual([
    { id: 1, agoMs: 1100 },
    { id: 2, agoMs: 100 },
  ]);
  expect([...kept]).toEqual([1, 2]);
});

test("a checkpoint that was under way when the machine went back is dropped, and one that fails is left out", async () => {
  const pending: Deferred<number>[] = [];
  const failing = vi.fn<() => Promise<number>>();
  failing.mockImplementationOnce(async () => {
    const late = deferred<number>();
    pending.push(late);
    return late.promise;
  });
  failing.mockRejectedValueOnce(new Error("the file system is busy"));
  failing.mockResolvedValue(9);
  const { history } = makeHistory(failing);
  history.keep({ everyMs: 1000, keep: 5 });
  await vi.advanceTimersByTimeAsync(1000);
  history.wentBack();
  pending[0]?.resolve(8);
  await vi.advanceTimersByTimeAsync(1000);
  expect(history.moments()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(history.moments()).toEqual([{ id: 9, agoMs: 0 }]);
});

test("another machine's state has another past", async () => {
  const { history, kept } = makeHistory();
  history.keep({ everyMs: 1000, keep: 5 });
  await vi.advanceTimersByTimeAsync(2100);
  history.begin();
  expect(history.moments()).toEqual([]);
  expect(kept.size).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(history.moments()).toHaveLength(1);
});

test("refuses what makes no sense", () => {
  const { history } = makeHistory();
  for (const spec of [
    { everyMs: 10, keep: 3 },
    { everyMs: Number.NaN, keep: 3 },
    { everyMs: 1000, keep: 101 },
    { everyMs: 1000, keep: -1 },
    { everyMs: 1000, keep: 1.5 },
  ]) {
    expect(() => history.keep(spec)).toThrow(expect.objectContaining({ code: "bad-argument" }));
  }
});
