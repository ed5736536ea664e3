/** A place in a lesson's source; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a lesson, where, and what would be right. */
export interface Problem extends Place {
  readonly file: string;
  readonly what: string;
  readonly fix: string;
}

function formatProblem({ file, line, column, what, fix }: Problem): string {
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
  readonly #problems: Problem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  report(place: Place | undefined, what: string, fix: string): void {
    const { line, column } = place ?? { line: 1, column: 1 };
    this.#problems.push({ file: this.file, line, column, what, fix });
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
