/** What is remembered of courses that are compiled again and again while they are being written. */
import { readFileSync } from "node:fs";
import type { CourseSource } from "../index.ts";
import { type CompiledLesson, compileSource } from "./lesson.ts";
import { LessonError, type Problem } from "./problems.ts";
import type { ReadBeside } from "./source-text.ts";

/** What became of a file: what it is now, or was when it was right the last time; and what is wrong with it. */
export interface Read<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** All that a lesson was compiled from. */
interface Source {
  readonly text: string;
  readonly included: readonly { readonly name: string; readonly beside: string; readonly text?: string }[];
}

/** What went wrong with a file. @throws what is something else */
function problemsOf(error: unknown, shown: string): readonly Problem[] {
  if (error instanceof LessonError) return error.problems;
  if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
  const what = `it cannot be read (${String(error.code)})`;
  return [
    { file: shown, line: 1, column: 1, what, fix: "It has to be something that this command may read" },
  ];
}

export class CourseMemory {
  readonly #courses = new Map<string, CourseSource>();
  readonly #lessons = new Map<string, { readonly source: Source; readonly read: Read<CompiledLesson> }>();

  /** Anything that may go wrong. */
  attempt<T>(shown: string, work: () => T): Read<T> {
    try {
      return { value: work(), problems: [] };
    } catch (error) {
      return { value: undefined, problems: problemsOf(error, shown) };
    }
  }

  /** A course's own file. */
  course(folder: string, shown: string, work: () => CourseSource): Read<CourseSource> {
    const { value, problems } = this.attempt(shown, work);
    if (value !== undefined) this.#courses.set(folder, value);
    return { value: this.#courses.get(folder), problems };
  }

  /** A lesson, compiled only if something that it is made of has changed. */
  lesson(file: string, shown: string, readBeside: ReadBeside): Read<CompiledLesson> {
    const known = this.#lessons.get(file);
    const text = this.attempt(shown, () => readFileSync(file, "utf8"));
    if (text.value === undefined) return { value: known?.read.value, problems: text.problems };
    const isSame =
      known?.source.text === text.value &&
      known.source.included.every((one) => readBeside(one.name, one.beside)?.text === one.text);
    if (isSame) return known.read;
    const source = { text: text.value, included: [] as Source["included"][number][] };
    const noted: ReadBeside = (name, beside) => {
      const found = readBeside(name, beside);
      source.included.push({ name, beside, ...(found === undefined ? {} : { text: found.text }) });
      return found;
    };
    const { value, problems } = this.attempt(shown, () => compileSource(source.text, shown, noted));
    const read = { value: value ?? known?.read.value, problems };
    this.#lessons.set(file, { source, read });
    return read;
  }
}
