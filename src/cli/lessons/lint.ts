/** `vivarium lint`: what is wrong with lessons, and what could be better. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { formatProblem, LessonError, lintLesson, type Problem } from "../../lessons/compile/index.ts";
import { readLessons } from "./read-lessons.ts";

function problemsIn(folder: string, wanted: readonly string[]): readonly Problem[] {
  try {
    return readLessons(folder, wanted).flatMap(({ lesson, file }) =>
      lintLesson(lesson, readFileSync(file, "utf8"), relative(process.cwd(), file)),
    );
  } catch (error) {
    if (error instanceof LessonError) return error.problems;
    throw error;
  }
}

/** @returns whether nothing was found @throws CodedError */
export function lint(
  folder: string,
  wanted: readonly string[],
  isJson: boolean,
  print: (line: string) => void,
): boolean {
  const problems = problemsIn(folder, wanted);
  for (const problem of problems) print(isJson ? JSON.stringify(problem) : formatProblem(problem));
  return problems.length === 0;
}
