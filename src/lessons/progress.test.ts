import { describe, expect, it } from "vitest";
import {
  emptyProgress,
  hasChanged,
  type LessonProgress,
  mergeProgress,
  parseProgress,
  withAnswer,
  withCurrent,
  withDone,
} from "./progress.ts";

describe("progress", () => {
  const worked = withAnswer(withCurrent(withDone(emptyProgress("a/b", 1), "one"), "two"), "guess", 1);

  it("survives being stored", () => {
    expect(parseProgress(JSON.parse(JSON.stringify(worked)), "a/b", 1)).toEqual(worked);
  });

  it("knows of which version of the lesson it is", () => {
    const kept = parseProgress(worked, "a/b", 7);
    expect(kept.version).toBe(1);
    expect(hasChanged(kept, 7)).toBe(true);
    expect(hasChanged(kept, 1)).toBe(false);
    expect(hasChanged(emptyProgress("a/b", 1), 7)).toBe(false);
  });

  it("of the first schema is taken over", () => {
    expect(parseProgress({ ...worked, schema: 1 }, "a/b", 1)).toEqual(worked);
  });

  it.each([
    undefined,
    null,
    5,
    "x",
    [],
    { schema: 3 },
    { ...worked, done: [5] },
    { ...worked, lesson: "c/d" },
  ])("counts %j as nothing", (stored) => {
    expect(parseProgress(stored, "a/b", 1)).toEqual(emptyProgress("a/b", 1));
  });

  it("names a step once", () => {
    expect(withDone(withDone(worked, "one"), "two").done).toEqual(["one", "two"]);
  });
});

describe("two ways through a lesson", () => {
  const way = (more: Partial<LessonProgress>): LessonProgress => ({ ...emptyProgress("a/b", 1), ...more });

  it("have done what either has done", () => {
    const merged = mergeProgress(way({ done: ["one", "two"] }), way({ done: ["two", "three"] }));
    expect(merged.done).toEqual(["one", "two", "three"]);
  });

  it.each([
    ["a later version of the lesson", { version: 2, kept: 1 }, { version: 1, kept: 9 }],
    ["a later time", { kept: 9 }, { kept: 1 }],
    ["a time, where the other knows none", { kept: 9 }, {}],
  ])("have the open step and the answers of %s", (_what, later, earlier) => {
    const one = way({ ...later, current: "new", answers: { both: 1, late: 1 } });
    const other = way({ ...earlier, current: "old", answers: { both: 0, early: 0 } });
    const expected = { ...later, current: "new", answers: { both: 1, late: 1, early: 0 } };
    expect(mergeProgress(one, other)).toMatchObject(expected);
    expect(mergeProgress(other, one)).toMatchObject(expected);
  });

  it("are mine where neither is later, and with one's own nothing new", () => {
    const [mine, theirs] = [way({ answers: { both: 1 } }), way({ current: "two", answers: { both: 0 } })];
    expect(mergeProgress(mine, theirs)).toMatchObject({ current: "two", answers: { both: 1 } });
    expect(mergeProgress(mine, mine)).toEqual(mine);
  });
});
