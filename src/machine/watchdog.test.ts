import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred } from "../base/index.ts";
import { watchForSilence } from "./watchdog.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the watch for silence", () => {
  it("is content with answers, good or bad", async () => {
    const silent = vi.fn<() => void>();
    let asked = 0;
    const watch = watchForSilence(async () => {
      if (++asked % 2 === 0) throw new Error("no");
    }, silent);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(30);
    watch.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked, silent.mock.calls.length, vi.getTimerCount()]).toEqual([30, 0, 0]);
  });

  it("gives a second chance, then tells once", async () => {
    const silent = vi.fn<() => void>();
    watchForSilence(async () => deferred<void>().promise, silent);
    await vi.advanceTimersByTimeAsync(9900);
    expect(silent).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(silent).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says nothing after it was disposed", async () => {
    const silent = vi.fn<() => void>();
    const answer = deferred<void>();
    const watch = watchForSilence(async () => answer.promise, silent);
    await vi.advanceTimersByTimeAsync(2500);
    watch.dispose();
    answer.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([silent.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
