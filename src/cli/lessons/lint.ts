/** `vivarium lint`: what is wrong with lessons, and what could be better. */
import {
  formatProblem,
  LessonError,
  linksOf,
  lintLesson,
  lintProof,
  type LintWorld,
  type Problem,
} from "../../lessons/compile/index.ts";
import { type Ask, deadLinks } from "./links.ts";
import { manPages } from "./man-pages.ts";
import { meantBy, type ProvableLesson, readAllLessons } from "./read-lessons.ts";
import { hasBash, shellSyntax } from "./shell-syntax.ts";

export interface LintOptions {
  /** Where courses are looked for. */
  readonly folder: string;
  /** Ids of lessons or courses, or paths; all when empty. */
  readonly lessons: readonly string[];
  /** One JSON object for each problem instead of text. */
  readonly json: boolean;
  /** Asks for addresses; when not given, they are only read. */
  readonly ask?: Ask | undefined;
  readonly print: (line: string) => void;
  /** Told of what is not looked at, and why. */
  readonly note: (line: string) => void;
}

async function worldOf(all: readonly ProvableLesson[], note: LintOptions["note"]): Promise<LintWorld> {
  const pages = new Map<string, ReadonlySet<string> | undefined>();
  for (const { profile } of all.map(({ lesson }) => lesson))
    if (!pages.has(profile)) pages.set(profile, await manPages(profile));
  for (const [profile, found] of pages)
    if (found === undefined) note(`the files of ${profile} are not here, so manual pages are not looked for`);
  const bash = hasBash();
  if (!bash) note("there is no bash here, so commands are not read as a shell would");
  return {
    lessons: all.map(({ lesson }) => lesson),
    pages: (profile) => pages.get(profile),
    ...(bash ? { shell: shellSyntax() } : {}),
  };
}

/** What several lessons include is said once. */
function eachOnce(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((one) => [formatProblem(one), one])).values()];
}

async function problemsIn({ folder, lessons, ask, note }: LintOptions): Promise<readonly Problem[]> {
  try {
    const all = readAllLessons(folder);
    const meant = meantBy(all, lessons);
    const world = await worldOf(all, note);
    const found = meant.flatMap((one) => [
      ...lintLesson(one, world),
      ...(one.proofText === undefined ? [] : lintProof(one.proofText, one.proofFile, world)),
    ]);
    const dead = ask === undefined ? [] : await deadLinks(meant.flatMap(linksOf), ask);
    return eachOnce([...found, ...dead]);
  } catch (error) {
    if (error instanceof LessonError) return error.problems;
    throw error;
  }
}

/** @returns whether nothing was found @throws CodedError */
export async function lint(options: LintOptions): Promise<boolean> {
  const problems = await problemsIn(options);
  for (const problem of problems)
    options.print(options.json ? JSON.stringify(problem) : formatProblem(problem));
  return problems.length === 0;
}
