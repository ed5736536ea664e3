/** What compiles, and could be better all the same: terms, lengths, times, what leads nowhere, and what a step lacks. */
import type { Check, Lesson, LessonMeta, Step } from "../index.ts";
import type { CompiledLesson } from "./lesson.ts";
import { estimatedMinutes, wordsOf } from "./lint/minutes.ts";
import { placesOf } from "./lint/places.ts";
import { proseOf } from "./lint/prose.ts";
import { deadLink, linkReferences, manReferences, nearestPage } from "./lint/references.ts";
import { type Script, scriptsInYaml, scriptsOf } from "./lint/scripts.ts";
import { misspelt } from "./lint/terms.ts";
import { nearestWord } from "./nearest-word.ts";
import type { Problem } from "./problems.ts";
import type { SourceText } from "./source-text.ts";

/** What a shell says of a script that it cannot read. */
export interface ShellError {
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

/** What is known of the world outside of a lesson. Whatever is left out is not looked at. */
export interface LintWorld {
  /** The manual pages of a profile's guest: "unshare(1)". */
  readonly pages?: (profile: string) => ReadonlySet<string> | undefined;
  /** Undefined when the script can be read. */
  readonly shell?: (script: string) => ShellError | undefined;
  /** All lessons that there are. */
  readonly lessons?: readonly Pick<LessonMeta, "id" | "aliases" | "prerequisites">[];
}

/** An address in a lesson, to be asked for by who may. */
export interface LinkPlace {
  readonly url: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A step of more is two. */
const MOST_WORDS = 200;
const SHORTEST_ALTERNATIVE = 12;

function hasWords({ otherwise, notYet, needs }: Check): boolean {
  return otherwise !== undefined || notYet.length > 0 || needs.every((need) => "command" in need);
}

function lintStep(step: Step): [string, string][] {
  const found: [string, string][] = [];
  const words = wordsOf(step.body);
  if (words > MOST_WORDS)
    found.push([
      `the step "${step.title}" has ${words} words`,
      `Make it two, or leave words out; ${MOST_WORDS} are much`,
    ]);
  if (step.check !== undefined && step.hints.length === 0)
    found.push([`the step "${step.title}" has no hint`, "Write one for who is stuck"]);
  if (step.check !== undefined && step.done === undefined)
    found.push([`the step "${step.title}" says nothing when it is done`, "Add a :::done"]);
  if (step.check !== undefined && !hasWords(step.check))
    found.push([
      `the step "${step.title}" has no words of its own for *not yet*`,
      "Add `otherwise:` or `notYet:`",
    ]);
  return found;
}

type Report = (offset: number, what: string, fix: string) => void;

function reporter(text: SourceText, into: Problem[]): Report {
  const placeOf = placesOf(text);
  return (offset, what, fix) => void into.push({ ...placeOf(offset), what, fix });
}

function lintScripts(
  scripts: readonly Script[],
  source: string,
  shell: NonNullable<LintWorld["shell"]>,
  report: Report,
): void {
  for (const { text, offset, isVerbatim } of scripts) {
    const error = shell(text);
    if (error === undefined) continue;
    let at = offset;
    for (let line = 1; isVerbatim && line < error.line; line++) {
      const next = source.indexOf("\n", at) + 1;
      if (next > 0) at = next;
    }
    report(at, `the shell cannot read this: ${error.what}`, "Write a whole command, as bash reads it");
  }
}

function lintReferences(lesson: Lesson, source: string, world: LintWorld, report: Report): void {
  const pages = world.pages?.(lesson.profile);
  for (const { target, offset } of pages === undefined ? [] : manReferences(source)) {
    if (pages === undefined || pages.has(target)) continue;
    const near = nearestPage(target, pages);
    report(
      offset,
      `the guest of \`${lesson.profile}\` has no manual page ${target}`,
      near === undefined
        ? `Name a page that \`man\` has there, or write \`${target}\` between backticks`
        : `Write :man[${near}], or \`${target}\` between backticks`,
    );
  }
  const known = world.lessons?.flatMap(({ id, aliases }) => [id, ...aliases]);
  for (const { target, offset } of linkReferences(source)) {
    // Without a list of lessons a link to one cannot be judged.
    if (known === undefined && target.includes("?lesson=")) continue;
    const dead = deadLink(target, known ?? []);
    if (dead !== undefined) report(offset, dead.what, dead.fix);
  }
}

/** Which lessons a lesson names as done before it, where that cannot be. */
function lintPrerequisites(
  lesson: Lesson,
  lessons: NonNullable<LintWorld["lessons"]>,
): [id: string, what: string, fix: string][] {
  if (lessons.length === 0) return [];
  const byId = new Map(lessons.map((one) => [one.id, one]));
  const owners = new Map(lessons.flatMap((one) => one.aliases.map((alias) => [alias, one.id] as const)));
  const leadsBack = (id: string, seen: Set<string>): boolean =>
    id === lesson.id ||
    (!seen.has(id) && (byId.get(id)?.prerequisites ?? []).some((next) => leadsBack(next, seen.add(id))));
  return lesson.prerequisites.flatMap((id): [string, string, string][] => {
    const now = owners.get(id);
    if (now !== undefined) return [[id, `\`${id}\` is an old id of \`${now}\``, `Write \`${now}\``]];
    if (!byId.has(id)) {
      const near = nearestWord(id, [...byId.keys()]);
      return [
        [
          id,
          `there is no lesson \`${id}\``,
          near === undefined ? "Name one of these courses, or leave it out" : `Write \`${near}\``,
        ],
      ];
    }
    return leadsBack(id, new Set())
      ? [[id, `\`${id}\` itself wants \`${lesson.id}\` done before`, "Leave one of the two out"]]
      : [];
  });
}

/** Where each problem of a lesson stands, and what would be better. */
export function lintLesson({ lesson, written, filled }: CompiledLesson, world: LintWorld = {}): Problem[] {
  const problems: Problem[] = [];
  const report = reporter(written, problems);
  const source = written.text;
  const find = (pattern: RegExp): number => Math.max(0, source.search(pattern));
  for (const { offset, found, fix } of misspelt(source, proseOf(source)))
    report(offset, `"${found}" is not how the kernel writes it`, fix);
  for (const step of lesson.steps)
    for (const [what, fix] of lintStep(step))
      report(find(new RegExp(String.raw`^:{3,}step\{[^}\n]*#${step.id}[ }]`, "m")), what, fix);
  const minutes = estimatedMinutes(lesson);
  if (lesson.minutes > 2 * minutes + 1 || lesson.minutes < minutes / 2)
    report(
      find(/^minutes:/m),
      `\`minutes: ${lesson.minutes}\` is far from what reading and running take`,
      `Write about ${Math.max(1, Math.round(minutes))}`,
    );
  for (const [id, what, fix] of lintPrerequisites(lesson, world.lessons ?? []))
    report(Math.max(0, source.indexOf(id, find(/^prerequisites:/m))), what, fix);
  for (const hit of source.matchAll(/^[ \t>]*(?:`{3,}|~{3,})drawing\b[^\n]*\balt="([^"\n]*)"/gm))
    if ((hit[1] ?? "").trim().length < SHORTEST_ALTERNATIVE)
      report(
        hit.index,
        `"${hit[1]}" does not tell somebody who cannot see it what the drawing shows`,
        "Say in a sentence what one would learn from it",
      );
  lintReferences(lesson, source, world, report);
  if (world.shell !== undefined)
    lintScripts(scriptsOf(filled.text), filled.text, world.shell, reporter(filled, problems));
  return problems.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

/** The scripts of a `proof.yaml` that the shell cannot read. */
export function lintProof(text: string, file: string, { shell }: LintWorld): Problem[] {
  const problems: Problem[] = [];
  const origins = text.split("\n").map((_, i) => ({ file, line: i + 1 }));
  if (shell !== undefined)
    lintScripts(scriptsInYaml(text), text, shell, reporter({ text, origins }, problems));
  return problems;
}

/** The addresses of the outside that a lesson names. */
export function linksOf({ written }: Pick<CompiledLesson, "written">): LinkPlace[] {
  const placeOf = placesOf(written);
  return linkReferences(written.text)
    .filter(({ target }) => target.startsWith("https://"))
    .map(({ target, offset }) => ({ ...placeOf(offset), url: target }));
}
