import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type CourseMeta, CourseMetaSchema, type Lesson } from "../index.ts";
import { type CompiledLesson, compileSource } from "./lesson.ts";
import { LessonError, type Problem, ProblemList } from "./problems.ts";
import type { ReadBeside } from "./source-text.ts";
import { readYaml } from "./yaml-data.ts";

/** A course as it lies on the disk. */
export interface CompiledCourse extends CourseMeta {
  readonly lessons: readonly (CompiledLesson & { readonly file: string })[];
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !/^\.|^node_modules$/.test(name) && statSync(join(folder, name)).isDirectory())
    .toSorted();
}

function readCourse(folder: string, shown: string): CourseMeta | undefined {
  const file = join(folder, "course.yaml");
  const problems = new ProblemList(join(shown, "course.yaml"));
  if (!existsSync(file)) {
    problems.report(undefined, "the course has no course.yaml", "Add it with `id:`, `title:` and `summary:`");
    problems.throwIfAny();
  }
  const start = { line: 1, column: 1 };
  const meta = readYaml(readFileSync(file, "utf8"), start, CourseMetaSchema, "the course", problems);
  problems.throwIfAny();
  return meta?.value;
}

/** Finds what a lesson includes; nothing outside of the courses is read. */
function readWithin(folder: string, root: string): ReadBeside {
  return (name, beside) => {
    const path = resolve(root, dirname(beside), name);
    if (!path.startsWith(resolve(folder) + sep) || !existsSync(path) || !statSync(path).isFile())
      return undefined;
    return { file: relative(root, path), text: readFileSync(path, "utf8") };
  };
}

/**
 * Compiles all courses below a folder: `COURSE/course.yaml` and `COURSE/NN-LESSON/lesson.md`, in the order of names.
 * @param root what file names in messages are relative to
 * @throws LessonError with everything that is wrong in any of them
 */
export function compileCourses(folder: string, root: string): CompiledCourse[] {
  const problems: Problem[] = [];
  const read = readWithin(folder, root);
  const owners = new Map<string, string>();
  const courses: CompiledCourse[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof LessonError)) throw error;
      problems.push(...error.problems);
    }
  };
  const claim = (lesson: Lesson, shown: string): void => {
    for (const id of [lesson.id, ...lesson.aliases]) {
      const other = owners.get(id);
      if (other === undefined) owners.set(id, shown);
      else {
        problems.push({
          file: shown,
          line: 1,
          column: 1,
          what: `the id \`${id}\` belongs to ${other}`,
          fix: "Give each lesson an id of its own; ids never change afterwards",
        });
      }
    }
  };
  for (const name of foldersIn(folder)) {
    const dir = join(folder, name);
    attempt(() => {
      const meta = readCourse(dir, relative(root, dir));
      const lessons: CompiledCourse["lessons"][number][] = [];
      for (const lessonName of foldersIn(dir)) {
        const file = join(dir, lessonName, "lesson.md");
        if (!existsSync(file)) continue;
        attempt(() => {
          const shown = relative(root, file);
          const compiled = compileSource(readFileSync(file, "utf8"), shown, read);
          claim(compiled.lesson, shown);
          lessons.push({ ...compiled, file });
        });
      }
      if (meta !== undefined) courses.push({ ...meta, lessons });
    });
  }
  if (problems.length > 0) throw new LessonError(problems);
  return courses;
}
