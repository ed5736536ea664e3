import { describe, expect, it } from "vitest";
import { BootClock } from "./boot-timeline.ts";

describe("a start", () => {
  it("is told in stages with their times and bytes, and stays as it was", () => {
    let now = 1000;
    const clock = new BootClock(() => now);
    now = 1010;
    clock.enter("fetching");
    clock.fetched(500);
    clock.fetched(2000);
    now = 1110;
    clock.enter("restoring");
    expect(clock.timeline.value.parts).toEqual([
      { stage: "fetching", at: 10, took: 100, bytes: 2000 },
      { stage: "restoring", at: 110, took: undefined, bytes: 0 },
    ]);
    now = 1150;
    clock.enter("ready");
    now = 1200;
    clock.prompted();
    const done = clock.timeline.value;
    expect(done.total).toBe(200);
    expect(done.parts.map(({ took }) => took)).toEqual([100, 40, 50]);
    // A machine that goes back in time tells nothing new of its start.
    now = 9000;
    clock.enter("ready");
    clock.fetched(9);
    clock.prompted();
    expect(clock.timeline.value).toBe(done);
  });

  it("begins anew with the next machine", () => {
    let now = 0;
    const clock = new BootClock(() => now);
    clock.enter("fetching");
    clock.prompted();
    now = 5000;
    clock.begin();
    expect(clock.timeline.value).toEqual({ parts: [], total: undefined });
    now = 5020;
    clock.enter("firmware");
    expect(clock.timeline.value.parts).toEqual([{ stage: "firmware", at: 20, took: undefined, bytes: 0 }]);
  });

  it("has no prompt before it has begun", () => {
    const clock = new BootClock(() => 0);
    clock.prompted();
    expect(clock.timeline.value.total).toBeUndefined();
  });
});
