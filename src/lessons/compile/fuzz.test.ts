import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { brokenLessons } from "../../../tests/support/broken-lessons.ts";
import { compileCourses } from "./courses.ts";
import { compileLesson } from "./lesson.ts";
import { LessonError, type Problem } from "./problems.ts";

const root = new URL("../../..", import.meta.url).pathname;

/** `npm run soak -- lessons` does it for longer. */
it("a broken lesson compiles, or is refused with places and remedies", { timeout: 60_000 }, () => {
  const whole = compileCourses(`${root}courses`, root).flatMap(({ lessons }) =>
    lessons.map(({ file }) => readFileSync(file, "utf8")),
  );
  let refused = 0;
  const astray: Problem[] = [];
  for (const text of brokenLessons(whole, 20_261_125, 150)) {
    try {
      compileLesson(text, "lesson.md");
    } catch (error) {
      if (!(error instanceof LessonError)) throw new Error(`it broke on:\n${text}`, { cause: error });
      refused++;
      const lines = text.split("\n").length;
      astray.push(
        ...error.problems.filter(
          ({ line, column, what, fix }) =>
            line < 1 || line > lines + 1 || column < 1 || what === "" || fix === "",
        ),
      );
    }
  }
  expect(astray).toEqual([]);
  expect(refused).toBeGreaterThan(50);
});
