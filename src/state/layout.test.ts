import { expect, test } from "vitest";
import {
  arranged,
  boundsOf,
  keyMove,
  type Layout,
  PRESETS,
  presetOf,
  readLayout,
  USUAL_LAYOUT,
  within,
  writeLayout,
} from "./layout.ts";

const ROOM = { total: 1000, first: 300, second: 400 };

test("neighbours keep what they need, and share what is too little evenly", () => {
  expect(boundsOf(ROOM)).toEqual({ least: 0.3, most: 0.6 });
  expect(within(0.1, ROOM)).toBe(0.3);
  expect(within(0.45, ROOM)).toBe(0.45);
  expect(within(0.9, ROOM)).toBe(0.6);
  expect(boundsOf({ ...ROOM, total: 600 })).toEqual({ least: 0.5, most: 0.5 });
  expect(boundsOf({ ...ROOM, total: 0 })).toEqual({ least: 0.5, most: 0.5 });
});

test("arrows of the separator's own axis move it, Home and End to its ends, all others are left alone", () => {
  const press = (key: string, shiftKey = false) => ({ key, shiftKey });
  expect(keyMove(press("ArrowRight"), 0.4, ROOM, "x")).toBeCloseTo(0.42);
  expect(keyMove(press("ArrowLeft", true), 0.5, ROOM, "x")).toBeCloseTo(0.4);
  expect(keyMove(press("ArrowLeft"), 0.31, ROOM, "x")).toBe(0.3);
  expect(keyMove(press("ArrowDown"), 0.4, ROOM, "y")).toBeCloseTo(0.42);
  expect(keyMove(press("Home"), 0.4, ROOM, "y")).toBe(0.3);
  expect(keyMove(press("End"), 0.4, ROOM, "y")).toBe(0.6);
  expect(keyMove(press("ArrowDown"), 0.4, ROOM, "x")).toBeUndefined();
  expect(keyMove(press("a"), 0.4, ROOM, "x")).toBeUndefined();
  // It stands at its end, wherever it was put when there was more room.
  expect(keyMove(press("ArrowLeft"), 0.9, ROOM, "x")).toBeCloseTo(0.58);
});

test("each preset is known for what it is, until something that it says is changed", () => {
  expect(presetOf(USUAL_LAYOUT)).toBe("read");
  for (const preset of PRESETS) {
    const layout = arranged(USUAL_LAYOUT, preset);
    expect(presetOf(layout)).toBe(preset);
    expect(presetOf({ ...layout, shares: { ...layout.shares, split: 0.3 } })).toBe(preset);
    expect(presetOf({ ...layout, isLessonOpen: !layout.isLessonOpen })).toBeUndefined();
    expect(presetOf({ ...layout, isXrayOpen: !layout.isXrayOpen })).toBeUndefined();
  }
  // Whatever was before, a preset is the same.
  const moved = arranged({ ...USUAL_LAYOUT, place: "beside", isTerminalOpen: false }, "compare");
  expect(moved).toEqual(arranged(USUAL_LAYOUT, "compare"));
});

test("what was written is read again", () => {
  const layout: Layout = {
    ...arranged(USUAL_LAYOUT, "watch"),
    shares: { ...USUAL_LAYOUT.shares, lesson: 0.33, column: 0.7 },
    isTerminalOpen: false,
  };
  expect(readLayout(writeLayout(layout))).toEqual(layout);
});

test("what is missing or damaged in a layout is as usual, and the rest of it is kept", () => {
  const kept = JSON.stringify({
    schema: 1,
    shares: { lesson: 0.3, above: 7, beside: "wide" },
    place: "behind",
    isLessonOpen: false,
  });
  expect(readLayout(kept)).toEqual({
    ...USUAL_LAYOUT,
    shares: { ...USUAL_LAYOUT.shares, lesson: 0.3 },
    isLessonOpen: false,
  });
});

test("of a layout of a later version is read what can be", () => {
  const later = { schema: 7, isLessonOpen: false, tab: "film", shares: [1, 2], place: "beside", speed: 3 };
  expect(readLayout(JSON.stringify(later))).toEqual({
    ...USUAL_LAYOUT,
    isLessonOpen: false,
    place: "beside",
  });
});

test("what is no layout, or one without a version, is the usual one", () => {
  for (const text of [
    undefined,
    "",
    "{",
    "null",
    "[]",
    '{"isLessonOpen":false}',
    '{"schema":0,"tab":"table"}',
  ])
    expect(readLayout(text)).toEqual(USUAL_LAYOUT);
});
