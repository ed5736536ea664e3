import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileCourses } from "./courses.ts";
import { compileLesson } from "./lesson.ts";

const root = new URL("../../..", import.meta.url).pathname;

describe("the courses of this repository", () => {
  it("compile, and every step with a check has a solution and a sentence at its end", () => {
    const courses = compileCourses(`${root}courses`, root);
    const lessons = courses.flatMap((course) => course.lessons.map(({ lesson }) => lesson));
    expect(lessons.map(({ id }) => id)).toContain("namespaces/pid");
    for (const { steps, proven } of lessons) {
      expect(steps.length).toBeGreaterThan(1);
      expect(steps.filter(({ check }) => check).length).toBeGreaterThan(1);
      expect(proven).not.toHaveLength(0);
      const lacking = steps.filter(({ check, hints, done }) => check && (hints.length === 0 || !done));
      expect(lacking.map(({ id }) => id)).toEqual([]);
    }
  });
});

it("the lesson of the authoring guide compiles as it stands there", () => {
  const guide = readFileSync(`${root}docs/authoring.md`, "utf8");
  const [, lesson = ""] = /^````markdown\n([\s\S]*?)^````$/m.exec(guide) ?? [];
  expect(compileLesson(lesson, "lesson.md")).toMatchObject({
    id: "namespaces/uts",
    steps: [{ id: "own-name" }],
  });
});
