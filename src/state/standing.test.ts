import { describe, expect, it } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import { type Course, emptyProgress, type LessonProgress, type ListedLesson } from "../lessons/index.ts";
import { byLesson } from "./all-progress.ts";
import { standingOf } from "./standing.ts";

const lesson = (id: string, ...steps: readonly string[]): ListedLesson => ({
  ...LESSON_META,
  id,
  title: id,
  steps,
  file: `courses/${id}.0000000000000000.json`,
});

const COURSES: readonly Course[] = [
  {
    id: "a",
    title: "A",
    summary: "",
    lessons: [lesson("a/1", "x", "y"), lesson("a/2", "x"), lesson("a/3", "x")],
  },
  { id: "b", title: "B", summary: "", lessons: [lesson("b/1", "x", "y", "z"), lesson("b/empty")] },
];

const standing = (...all: readonly (Partial<LessonProgress> & { lesson: string })[]) =>
  standingOf(COURSES, byLesson(all.map((one) => ({ ...emptyProgress(one.lesson, 1), ...one }))));

describe("how far a learner is", () => {
  it("is nowhere without progress", () => {
    const { lessons, goOn } = standing();
    expect(lessons.get("a/1")).toEqual({ done: 0, of: 2, isBegun: false });
    expect([...lessons.keys()]).toEqual(["a/1", "a/2", "a/3", "b/1", "b/empty"]);
    expect(goOn).toBeUndefined();
  });

  it("counts the steps that a lesson still has, once each", () => {
    const { lessons } = standing(
      { lesson: "a/1", done: ["x", "gone", "x"] },
      { lesson: "no/such", done: ["x"] },
    );
    expect(lessons.get("a/1")).toEqual({ done: 1, of: 2, isBegun: true });
    expect(lessons.has("no/such")).toBe(false);
  });

  it("takes a lesson for begun when a question was answered or another step opened, not when it was only opened", () => {
    const begun = (more: Partial<LessonProgress>) =>
      standing({ lesson: "b/1", ...more }).lessons.get("b/1")?.isBegun;
    expect(begun({ current: "x" })).toBe(false);
    expect(begun({ current: "gone" })).toBe(false);
    expect(begun({ current: "y" })).toBe(true);
    expect(begun({ answers: { why: 1 } })).toBe(true);
  });

  it("goes on with the lesson that was worked on last", () => {
    const { goOn } = standing(
      { lesson: "a/1", done: ["x"], kept: 10 },
      { lesson: "b/1", done: ["x"], kept: 20 },
      { lesson: "a/2", kept: 30 },
    );
    expect(goOn).toMatchObject({ kind: "continue", lesson: { id: "b/1" } });
  });

  it("goes on with the next one in the course that is not done, when that one is", () => {
    const done = [
      { lesson: "a/1", done: ["y", "x"], kept: 20 },
      { lesson: "a/2", done: ["x"], kept: 10 },
    ];
    expect(standing(...done).goOn).toMatchObject({ kind: "next", lesson: { id: "a/3" } });
    expect(standing(...done, { lesson: "a/3", done: ["x"], kept: 30 }).goOn).toBeUndefined();
  });
});
