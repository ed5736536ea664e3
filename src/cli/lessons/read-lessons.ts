import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { CodedError } from "../../base/index.ts";
import { type CompiledLesson, compileCourses, readProof } from "../../lessons/compile/index.ts";
import type { ProofSource } from "../../lessons/index.ts";

/** A lesson with what its `proof.yaml` says. */
export interface ProvableLesson extends CompiledLesson {
  readonly file: string;
  readonly proof: ProofSource | undefined;
  /** As it is written; undefined when there is none. */
  readonly proofText: string | undefined;
  /** As messages name it. */
  readonly proofFile: string;
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
 * All lessons of the courses at or above a folder, compiled. Messages name files from where the command runs.
 * @throws LessonError with everything that is wrong in any of them; CodedError `bad-argument`
 */
export function readAllLessons(folder: string): ProvableLesson[] {
  const here = process.cwd();
  return compileCourses(coursesRoot(folder), here).flatMap(({ lessons }) =>
    lessons.map((one): ProvableLesson => {
      const beside = join(dirname(one.file), "proof.yaml");
      const proofText = existsSync(beside) ? readFileSync(beside, "utf8") : undefined;
      const proofFile = relative(here, beside);
      return { ...one, proofText, proofFile, proof: readProof(proofText, proofFile, one.lesson) };
    }),
  );
}

/** Those that are meant: by id, by course, or by a path; all when none is named. @throws CodedError `bad-argument` */
export function meantBy(all: readonly ProvableLesson[], wanted: readonly string[]): ProvableLesson[] {
  for (const name of wanted)
    if (!all.some((one) => isMeant(one, name)))
      throw new CodedError(
        "bad-argument",
        `there is no lesson "${name}"; there is: ${all.map(({ lesson }) => lesson.id).join(", ")}`,
      );
  return all.filter((one) => wanted.length === 0 || wanted.some((name) => isMeant(one, name)));
}

/**
 * The lessons that are meant, compiled.
 * @param folder Where courses are looked for.
 * @throws LessonError with everything that is wrong in any of them; CodedError `bad-argument`
 */
export function readLessons(folder: string, wanted: readonly string[]): ProvableLesson[] {
  return meantBy(readAllLessons(folder), wanted);
}
