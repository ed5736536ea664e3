import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CodedError } from "../../base/index.ts";
import { isCourse } from "../../lessons/compile/index.ts";

/** Where courses lie. */
export interface CoursePlace {
  /** A folder of courses. */
  readonly folder: string;
  /** The one course in it that is meant; all of them if not given. */
  readonly only: string | undefined;
}

const BEGIN = "vivarium new course FOLDER ID begins one";
const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no folder",
  ENOTDIR: "this is no folder:",
  EACCES: "this folder may not be read:",
  EPERM: "this folder may not be read:",
};

function namesIn(folder: string, said: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = WHY[code] ?? `this cannot be read (${code}):`;
    throw new CodedError("bad-argument", `${why} ${said}`, { cause: error });
  }
}

/**
 * The courses that a path means: a course, a folder of courses, or one in which such a folder is called `courses`.
 * @throws CodedError `bad-argument` when there are none
 */
export function findCourses(said: string): CoursePlace {
  const folder = resolve(said);
  const names = namesIn(folder, said);
  const below = (name: string): string => join(folder, name);
  if (existsSync(below("course.yaml"))) return { folder: dirname(folder), only: basename(folder) };
  if (existsSync(below("lesson.md")))
    throw new CodedError("bad-argument", `${said} is a lesson; name its course: ${dirname(said)}`);
  if (names.some((name) => existsSync(join(below(name), "course.yaml")))) return { folder, only: undefined };
  if (names.some((name) => existsSync(join(below(name), "lesson.md")))) {
    const fix = "add it with `id:`, `title:` and `summary:`";
    throw new CodedError("bad-argument", `${said} has lessons and no course.yaml; ${fix}`);
  }
  const courses = below("courses");
  if (existsSync(courses) && namesIn(courses, courses).some((name) => isCourse(join(courses, name))))
    return { folder: courses, only: undefined };
  throw new CodedError("bad-argument", `${said} holds no course; ${BEGIN}`);
}
