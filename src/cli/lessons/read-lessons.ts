import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { CodedError } from "../../base/index.ts";
import { type CompiledCourse, compileCourses, readProof } from "../../lessons/compile/index.ts";
import type { Lesson, ProofSource } from "../../lessons/index.ts";

/** A lesson with what its `proof.yaml` says. */
export interface ProvableLesson {
  readonly lesson: Lesson;
  readonly proof: ProofSource | undefined;
  readonly file: string;
}

/** The folder of courses above or at a path: the one whose folders have a `course.yaml`. */
function coursesRoot(path: string): string {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(join(at, "course.yaml"))) return dirname(at);
    if (existsSync(join(at, "courses"))) return join(at, "courses");
    if (dirname(at) === at) throw new CodedError("bad-argument", `there are no courses at or above ${path}`);
  }
}

function isMeant({ lesson, file }: ProvableLesson, wanted: string): boolean {
  if (wanted.includes("/") && existsSync(wanted)) {
    const path = resolve(wanted);
    return file === path || file.startsWith(`${path}/`);
  }
  return lesson.id === wanted || lesson.id.startsWith(`${wanted}/`) || lesson.aliases.includes(wanted);
}

/**
 * The lessons that are meant, compiled: by id, by course, or by a path; all when none is named.
 * @param folder Where courses are looked for.
 * @throws LessonError with everything that is wrong in any of them; CodedError `bad-argument`
 */
export function readLessons(folder: string, wanted: readonly string[]): ProvableLesson[] {
  const courses = coursesRoot(folder);
  const root = dirname(courses);
  const all = compileCourses(courses, root).flatMap(({ lessons }: CompiledCourse) =>
    lessons.map(({ lesson, file }): ProvableLesson => {
      const beside = join(dirname(file), "proof.yaml");
      const text = existsSync(beside) ? readFileSync(beside, "utf8") : undefined;
      return { lesson, file, proof: readProof(text, relative(root, beside), lesson) };
    }),
  );
  for (const name of wanted)
    if (!all.some((one) => isMeant(one, name)))
      throw new CodedError(
        "bad-argument",
        `there is no lesson "${name}"; there is: ${all.map(({ lesson }) => lesson.id).join(", ")}`,
      );
  return wanted.length === 0 ? all : all.filter((one) => wanted.some((name) => isMeant(one, name)));
}
