/** A place in a lesson's source; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a line of a text comes from that was put together of several files. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** What is wrong with a lesson, where, and what would be right. */
export interface Problem extends Place {
  readonly file: string;
  readonly what: string;
  readonly fix: string;
}

export function formatProblem({ file, line, column, what, fix }: Problem): string {
  return `${file}:${line}:${column}: ${what}. ${fix}.`;
}

/** Thrown when a lesson or course cannot be compiled; it names everything that was found. */
export class LessonError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "LessonError";
    this.problems = problems;
  }
}

/** Collects the problems of one file. */
export class ProblemList {
  readonly file: string;
  /** Of each line of the text, where it comes from; empty when all of it is the file's own. */
  readonly #origins: readonly Origin[];
  readonly #problems: Problem[] = [];

  constructor(file: string, origins: readonly Origin[] = []) {
    this.file = file;
    this.#origins = origins;
  }

  report(place: Place | undefined, what: string, fix: string): void {
    const { line, column } = place ?? { line: 1, column: 1 };
    this.#problems.push({ ...this.#originOf(line), column, what, fix });
  }

  /** The file from which the line of a place comes. */
  fileAt(place: Place | undefined): string {
    return this.#originOf(place?.line ?? 1).file;
  }

  #originOf(line: number): Origin {
    return this.#origins[line - 1] ?? { file: this.file, line };
  }

  /** Takes over what was found elsewhere. */
  add(problems: readonly Problem[]): void {
    this.#problems.push(...problems);
  }

  get count(): number {
    return this.#problems.length;
  }

  /** @throws LessonError when there are any. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    throw new LessonError(this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
}
