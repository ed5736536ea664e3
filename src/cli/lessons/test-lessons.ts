/** `vivarium test`: proves lessons on the real guest. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { LessonError } from "../../lessons/compile/index.ts";
import { type ProofReport, proveLesson, systemClock, type Trial } from "../../lessons/index.ts";
import { junit } from "./junit.ts";
import { openBench } from "./lesson-bench.ts";
import { type ProvableLesson, readLessons } from "./read-lessons.ts";

export interface TestOptions {
  readonly folder: string;
  /** Ids of lessons or courses, or paths; all when empty. */
  readonly lessons: readonly string[];
  readonly mutate: boolean;
  /** One JSON object for each lesson instead of text. */
  readonly json: boolean;
  /** Where a JUnit report goes. */
  readonly junit: string | undefined;
  /** Tells of each trial as it ends. */
  readonly verbose: boolean;
  readonly jobs: number | undefined;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function printReport(
  { lesson, title, trials, milliseconds }: ProofReport,
  print: (line: string) => void,
): void {
  const failed = trials.filter(({ failure }) => failure !== undefined);
  const mark = failed.length === 0 ? "✓" : "✗";
  print(`${mark} ${lesson}  ${title}  (${trials.length} trials, ${seconds(milliseconds)})`);
  for (const { step, name, failure = "" } of failed) {
    print(`  ✗ ${step}: ${name}`);
    for (const line of failure.split("\n")) print(`      ${line}`);
  }
}

function printTrial(
  lesson: string,
  { step, name, failure, milliseconds }: Trial,
  print: (line: string) => void,
): void {
  print(`${failure === undefined ? "✓" : "✗"} ${lesson} ${step}: ${name} (${seconds(milliseconds)})`);
}

/** The lessons that are meant; undefined after saying what is wrong with them. */
function readable({ folder, lessons, print }: TestOptions): ProvableLesson[] | undefined {
  try {
    return readLessons(folder, lessons);
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    print(error.message);
    return undefined;
  }
}

/** @returns whether everything held @throws CodedError */
export async function testLessons(options: TestOptions): Promise<boolean> {
  const { print, signal, mutate } = options;
  const waiting = readable(options);
  if (waiting === undefined) return false;
  // The slow ones first, so that none of them is left alone at the end.
  waiting.sort((a, b) => b.lesson.profile.localeCompare(a.lesson.profile));
  const reports: ProofReport[] = [];
  const prove = async ({ lesson, proof }: ProvableLesson): Promise<void> => {
    const report = await proveLesson(lesson, proof, {
      open: (stop) => openBench(lesson, stop),
      clock: systemClock,
      signal,
      mutate,
      ...(options.verbose ? { onTrial: (trial) => printTrial(lesson.id, trial, print) } : {}),
    });
    reports.push(report);
    if (options.json) print(JSON.stringify(report));
    else printReport(report, print);
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await prove(next);
  };
  await Promise.all(Array.from({ length: options.jobs ?? availableParallelism() }, work));
  if (options.junit !== undefined) await writeFile(options.junit, junit(reports));
  const all = reports.flatMap(({ trials }) => trials);
  const failed = all.filter(({ failure }) => failure !== undefined).length;
  if (!options.json)
    print(`${reports.length} lessons, ${all.length - failed} trials passed, ${failed} failed`);
  return failed === 0;
}
