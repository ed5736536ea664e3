import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CourseMetaSchema, type CourseSource, type Lesson } from "../index.ts";
import { CourseMemory, type Read } from "./course-memory.ts";
import type { CompiledLesson } from "./lesson.ts";
import { LessonError, type Problem, ProblemList } from "./problems.ts";
import type { ReadBeside } from "./source-text.ts";
import { readYaml } from "./yaml-data.ts";

/** A course as it lies on the disk. */
export interface CompiledCourse extends CourseSource {
  readonly lessons: readonly (CompiledLesson & { readonly file: string })[];
}

/** What is no part of any course: of tools, and of other programs. */
export function isForeign(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(
      (name) =>
        !isForeign(name) && statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true,
    )
    .toSorted();
}

function lessonsIn(folder: string): string[] {
  return foldersIn(folder).filter((name) => existsSync(join(folder, name, "lesson.md")));
}

/** Whether a folder is meant to be a course: one without both may be anything. */
export function isCourse(folder: string): boolean {
  return existsSync(join(folder, "course.yaml")) || lessonsIn(folder).length > 0;
}

function readCourse(folder: string, shown: string): CourseSource {
  const file = join(folder, "course.yaml");
  const problems = new ProblemList(join(shown, "course.yaml"));
  if (!existsSync(file)) {
    problems.report(undefined, "the course has no course.yaml", "Add it with `id:`, `title:` and `summary:`");
    problems.throwIfAny();
  }
  const start = { line: 1, column: 1 };
  const meta = readYaml(readFileSync(file, "utf8"), start, CourseMetaSchema, "the course", problems);
  problems.throwIfAny();
  if (meta === undefined) throw new Error("a course without data was not reported");
  return meta.value;
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

export interface ReadOptions {
  /** What file names in messages are relative to. */
  readonly root: string;
  /** The name of the one course that is meant; all of them if not given. */
  readonly only?: string | undefined;
  /** With one that is used again, what cannot be compiled is there as it was when it could. */
  readonly memory?: CourseMemory;
}

export interface ReadCourses {
  readonly courses: readonly CompiledCourse[];
  /** All that is wrong in any of them. */
  readonly problems: readonly Problem[];
}

/**
 * Compiles all courses below a folder: `COURSE/course.yaml` and `COURSE/NN-LESSON/lesson.md`, in the order of names.
 * What is wrong is told beside those that are right.
 */
export function readCourses(
  folder: string,
  { root, only, memory = new CourseMemory() }: ReadOptions,
): ReadCourses {
  const problems: Problem[] = [];
  const beside = readWithin(folder, root);
  const owners = new Map<string, string>();
  const take = <T>(read: Read<T>): T | undefined => {
    problems.push(...read.problems);
    return read.value;
  };
  const claim = (lesson: Lesson, shown: string): boolean => {
    for (const id of [lesson.id, ...lesson.aliases]) {
      const other = owners.get(id);
      if (other !== undefined) {
        const what = `the id \`${id}\` belongs to ${other}`;
        const fix = "Give each lesson an id of its own; ids never change afterwards";
        problems.push({ file: shown, line: 1, column: 1, what, fix });
        return false;
      }
      owners.set(id, shown);
    }
    return true;
  };
  const readLesson = (file: string): CompiledCourse["lessons"] => {
    const shown = relative(root, file);
    const compiled = take(memory.lesson(file, shown, beside));
    return compiled === undefined || !claim(compiled.lesson, shown) ? [] : [{ ...compiled, file }];
  };
  const names = take(memory.attempt(relative(root, folder), () => foldersIn(folder))) ?? [];
  const courses = names.flatMap((name): CompiledCourse[] => {
    const dir = join(folder, name);
    const shown = relative(root, dir);
    if (only !== undefined && name !== only) return [];
    if (take(memory.attempt(shown, () => isCourse(dir))) !== true) return [];
    const meta = take(memory.course(dir, shown, () => readCourse(dir, shown)));
    const lessons = lessonsIn(dir).flatMap((one) => readLesson(join(dir, one, "lesson.md")));
    return meta === undefined ? [] : [{ ...meta, lessons }];
  });
  return { courses: courses.toSorted((a, b) => a.order - b.order), problems };
}

/**
 * As `readCourses`, where nothing may be wrong.
 * @param root what file names in messages are relative to
 * @throws LessonError with everything that is wrong in any of them
 */
export function compileCourses(folder: string, root: string, only?: string): readonly CompiledCourse[] {
  const { courses, problems } = readCourses(folder, { root, only });
  if (problems.length > 0) throw new LessonError(problems);
  return courses;
}
