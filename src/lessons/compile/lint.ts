/** What compiles, and could be better all the same: terms, lengths, times, and what a step lacks. */
import { type Block, type Check, type Inline, isDeed, type Lesson, type Step, textOf } from "../index.ts";
import type { Problem } from "./problems.ts";

/** Words as the kernel and its manual pages write them, by what people write instead. */
const TERMS: readonly (readonly [RegExp, string])[] = [
  [/\bname space(s?)\b/gi, "namespace$1"],
  [/\bname-space(s?)\b/gi, "namespace$1"],
  [/\bc[ -]groups?\b/gi, "cgroup"],
  [/\bCgroups?\b(?! v2)/g, "cgroup"],
  [/\bcontrol-groups?\b/gi, "control group"],
  [/\bsig(kill|term|int|chld|stop|cont)\b/g, "SIGKILL, SIGTERM and so on, in capitals"],
  [/\bpids? name/g, "PID name"],
  [/\buts namespace/g, "UTS namespace"],
  [/\bipc namespace/g, "IPC namespace"],
  [/\bvmm? machine/gi, "virtual machine"],
  [/\bsys-?calls?\b/gi, "system call"],
  [/\bsymlinks?\b/gi, "symbolic link"],
  [/\bOver[lL]ayFS\b/g, "overlay"],
  [/\bkernel space\b/gi, "kernel"],
  [/\bpodman\b(?![` ]?(run|build|pull|push|ps|stop|exec|images|pod))(?=[ ,.])/g, "Podman"],
];

/** Words a minute of somebody who reads to understand. */
const READING = 160;
const MINUTES_A_COMMAND = 0.3;
const MINUTES_A_QUESTION = 0.4;
/** A step of more is two. */
const MOST_WORDS = 200;

interface Amount {
  words: number;
  commands: number;
  questions: number;
}

function count(blocks: readonly Block[], into: Amount): Amount {
  const read = (inlines: readonly Inline[]): void => {
    into.words += textOf(inlines)
      .split(/\s+/)
      .filter((word) => word !== "").length;
  };
  for (const block of blocks) {
    if (block.type === "paragraph" || block.type === "heading") read(block.children);
    else if (block.type === "note") count(block.children, into);
    else if (block.type === "list") for (const item of block.items) count(item, into);
    else if (isDeed(block)) into.commands++;
    else if (block.type === "predict" || block.type === "quiz") {
      into.questions++;
      read(block.question);
    }
  }
  return into;
}

const nothing = (): Amount => ({ words: 0, commands: 0, questions: 0 });

/** How long a lesson takes, by what there is to read, to run and to answer. */
export function estimatedMinutes({ intro, steps, proven }: Lesson): number {
  const all = count([...intro, ...proven], nothing());
  for (const { body, afterwards } of steps) count([...body, ...afterwards], all);
  return all.words / READING + all.commands * MINUTES_A_COMMAND + all.questions * MINUTES_A_QUESTION;
}

function hasWords({ otherwise, notYet, needs }: Check): boolean {
  return otherwise !== undefined || notYet.length > 0 || needs.every((need) => "command" in need);
}

function lintStep(step: Step): [string, string][] {
  const found: [string, string][] = [];
  const { words } = count(step.body, nothing());
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

/**
 * What could be better in a lesson that compiles.
 * @param source its text, for the places
 */
export function lintLesson(lesson: Lesson, source: string, file: string): Problem[] {
  const lines = source.split("\n");
  const lineOf = (start: string): number =>
    Math.max(1, lines.findIndex((line) => line.startsWith(start)) + 1);
  const problems: Problem[] = [];
  let isFenced = false;
  lines.forEach((line, i) => {
    if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
    if (isFenced) return;
    const prose = line.replaceAll(/`[^`]*`/g, (code) => "·".repeat(code.length));
    for (const [wrong, right] of TERMS) {
      for (const hit of prose.matchAll(wrong))
        problems.push({
          file,
          line: i + 1,
          column: hit.index + 1,
          what: `"${hit[0]}" is not how the kernel writes it`,
          fix: `Write ${right.replace("$1", hit[1] ?? "")}`,
        });
    }
  });
  for (const step of lesson.steps)
    for (const [what, fix] of lintStep(step))
      problems.push({ file, line: lineOf(`::::step{#${step.id}`), column: 1, what, fix });
  const minutes = estimatedMinutes(lesson);
  if (lesson.minutes > 2 * minutes + 1 || lesson.minutes < minutes / 2)
    problems.push({
      file,
      line: lineOf("minutes:"),
      column: 1,
      what: `\`minutes: ${lesson.minutes}\` is far from what reading and running take`,
      fix: `Write about ${Math.max(1, Math.round(minutes))}`,
    });
  return problems;
}
