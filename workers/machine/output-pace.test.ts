import { expect, test } from "vitest";
import { OutputPace } from "./output-pace.ts";

/** Runs slices of a millisecond, in each of which so many bytes are written; tells when output was posted. */
function run(pace: OutputPace, from: number, ms: number, bytesInSlice: number): number[] {
  const posts: number[] = [];
  let bytes = 0;
  for (let now = from; now < from + ms; now++) {
    bytes += bytesInSlice;
    if (!pace.isDue(bytes, false, now)) continue;
    posts.push(now);
    bytes = 0;
  }
  return posts;
}

test("what a guest has written when it rests is posted at once, and nothing else", () => {
  const pace = new OutputPace();
  expect(pace.isDue(0, true, 1)).toBe(false);
  expect(pace.isDue(1, true, 2)).toBe(true);
  expect(pace.isDue(1, false, 3)).toBe(false);
  expect(pace.isDue(1, true, 3)).toBe(true);
});

test("a busy terminal is posted every few milliseconds, a flood thirty times a second", () => {
  const pace = new OutputPace();
  expect(run(pace, 0, 100, 160)).toHaveLength(25);
  run(pace, 100, 50, 160);
  const flood = run(pace, 150, 1000, 160);
  expect(flood.length).toBeGreaterThanOrEqual(29);
  expect(flood.length).toBeLessThanOrEqual(31);
});

test("a flood ends when the guest rests, or nothing is written for a while", () => {
  const pace = new OutputPace();
  run(pace, 0, 1000, 160);
  expect(pace.isDue(10, true, 1000)).toBe(true);
  expect(run(pace, 1001, 20, 160)).toHaveLength(5);
  run(pace, 1021, 1000, 160);
  expect(run(pace, 2100, 20, 160)).toHaveLength(5);
});

test("a few letters now and then are no flood, however long the guest works", () => {
  const pace = new OutputPace();
  for (let at = 0; at < 100_000; at += 80) expect(pace.isDue(30, false, at)).toBe(true);
});

test("much is posted sooner, in a flood more of it", () => {
  const pace = new OutputPace();
  expect(run(pace, 0, 1, 32 * 1024)).toEqual([0]);
  expect(run(pace, 1, 6, 32 * 1024)).toEqual([3, 6]);
});
