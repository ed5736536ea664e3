/** Lessons are broken in many ways: each compiles, or is refused as it should be, and none takes long. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileCourses, compileLesson, LessonError } from "../../src/lessons/compile/index.ts";
import { brokenLessons } from "../support/broken-lessons.ts";

const ROUNDS = Number(process.env["VIVARIUM_ROUNDS"] ?? 20_000);
const SEED = Number(process.env["VIVARIUM_SEED"] ?? Date.now() % 1_000_000_000);
const ROOT = new URL("../..", import.meta.url).pathname;

test("broken lessons", { timeout: 60 * 60_000 }, () => {
  const whole = compileCourses(`${ROOT}courses`, ROOT).flatMap(({ lessons }) =>
    lessons.map(({ file }) => readFileSync(file, "utf8")),
  );
  let refused = 0;
  let longest = 0;
  for (const text of brokenLessons(whole, SEED, ROUNDS)) {
    const since = performance.now();
    try {
      compileLesson(text, "lesson.md");
    } catch (error) {
      if (!(error instanceof LessonError))
        throw new Error(`seed ${SEED}: it broke on:\n${text}`, { cause: error });
      refused++;
    }
    longest = Math.max(longest, performance.now() - since);
  }
  console.log(
    `lessons: ${ROUNDS} from seed ${SEED}; ${refused} refused; the longest took ${longest.toFixed(0)} ms`,
  );
  expect(refused).toBeGreaterThan(ROUNDS / 4);
});
