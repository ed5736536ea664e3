import { describe, expect, it } from "vitest";
import { deferred, toDisposable } from "../base/index.ts";
import type { Clock } from "../lessons/index.ts";
import { watchForSilence } from "./watchdog.ts";

/** A clock on which the one thing that waits is called by hand. */
function handClock() {
  const due: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    after(_ms, work) {
      due.push(work);
      return toDisposable(() => {
        const at = due.indexOf(work);
        if (at !== -1) due.splice(at, 1);
      });
    },
  };
  return { clock, due, ring: () => due.shift()?.() };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

describe("the watch for silence", () => {
  it("is content with answers, good or bad", async () => {
    const { clock, due, ring } = handClock();
    let silent = 0;
    const answers = [Promise.resolve(), Promise.reject(new Error("no"))];
    const watch = watchForSilence(
      async () => answers.shift(),
      clock,
      () => silent++,
    );
    for (let i = 0; i < 2; i++) {
      ring();
      await settle();
      expect(due).toHaveLength(1);
    }
    watch.dispose();
    expect([silent, due.length]).toEqual([0, 0]);
  });

  it("gives a second chance, then tells once", () => {
    const { clock, due, ring } = handClock();
    let silent = 0;
    watchForSilence(
      async () => deferred<void>().promise,
      clock,
      () => silent++,
    );
    ring();
    ring();
    expect(silent).toBe(0);
    ring();
    expect([silent, due.length]).toEqual([1, 0]);
  });

  it("says nothing after it was disposed", async () => {
    const { clock, due, ring } = handClock();
    const answer = deferred<void>();
    let silent = 0;
    const watch = watchForSilence(
      async () => answer.promise,
      clock,
      () => silent++,
    );
    ring();
    watch.dispose();
    answer.resolve();
    await settle();
    expect([silent, due.length]).toEqual([0, 0]);
  });
});
