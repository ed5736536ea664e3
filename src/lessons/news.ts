import type { ErrorCode } from "../base/index.ts";
import type { Answer } from "./progress.ts";
import type { Activity, LessonRunState } from "./engine.ts";
import type { Block, Lesson, Step } from "./tree.ts";
import { questionsOf, textOf } from "./walk.ts";

/** Something that happened in a lesson, as it is told afterwards. Steps count from 1. */
export type LessonNews =
  | { readonly kind: "opened"; readonly lesson: string }
  | { readonly kind: "step"; readonly number: number; readonly title: string }
  | { readonly kind: "done"; readonly number: number; readonly title: string }
  | { readonly kind: "not-yet" | "broken"; readonly reason: string }
  | { readonly kind: "resetting" | "showing" }
  | { readonly kind: "going"; readonly to: number }
  | { readonly kind: "answer"; readonly question: string; readonly answer: string }
  | { readonly kind: "trouble"; readonly code: ErrorCode };

/** All that a step may ask in. */
function textsOf(step: Step): Block[] {
  return [...step.body, ...step.afterwards, ...step.hints.flatMap(({ blocks }) => blocks)];
}

function answerNews(lesson: Lesson, id: string, answer: Answer): LessonNews[] {
  const blocks = [...lesson.intro, ...lesson.steps.flatMap(textsOf), ...lesson.proven];
  const asked = questionsOf(blocks).find((one) => one.id === id);
  if (asked === undefined) return [];
  const quiz = asked.type === "quiz" ? asked.answer : asked;
  const choices = "choices" in quiz ? quiz.choices : [];
  const word = (index: number): string => textOf(choices[index]?.text ?? []);
  const said = typeof answer === "string" ? answer : [answer].flat().map(word).join("; ");
  return [{ kind: "answer", question: textOf(asked.question), answer: said }];
}

function activityNews(activity: Activity): LessonNews[] {
  switch (activity.kind) {
    case "resetting":
    case "showing":
      return [{ kind: activity.kind }];
    case "going":
      return [{ kind: "going", to: activity.to + 1 }];
    case "none":
    case "preparing":
    default:
      return [];
  }
}

/** What is to be told of the open step's verdict; of one that is done, only that something went wrong. */
function verdictNews({ current, steps }: LessonRunState): LessonNews | undefined {
  const { done = false, verdict } = steps[current] ?? {};
  if (verdict?.kind !== "broken" && (verdict?.kind !== "not-yet" || done)) return undefined;
  return { kind: verdict.kind, reason: [textOf(verdict.reason), textOf(verdict.detail)].join(" ").trim() };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What happened in a lesson between two moments, in an order in which it can be read.
 * @param before undefined when the lesson was not open yet: what was done and answered before is no news
 */
export function newsOf(
  lesson: Lesson,
  before: LessonRunState | undefined,
  now: LessonRunState,
): LessonNews[] {
  const news: LessonNews[] = [];
  if (before === undefined) news.push({ kind: "opened", lesson: lesson.title });
  else {
    for (const [id, answer] of Object.entries(now.answers))
      if (!isSame(before.answers[id], answer)) news.push(...answerNews(lesson, id, answer));
    for (const [i, { id, title }] of lesson.steps.entries())
      if (now.steps[id]?.done === true && before.steps[id]?.done !== true)
        news.push({ kind: "done", number: i + 1, title });
    if (before.activity.kind !== now.activity.kind) news.push(...activityNews(now.activity));
    if (now.trouble !== undefined && before.trouble !== now.trouble)
      news.push({ kind: "trouble", code: now.trouble.code });
  }
  if (before?.current !== now.current) {
    const at = lesson.steps.findIndex(({ id }) => id === now.current);
    const step = lesson.steps[at];
    if (step !== undefined) news.push({ kind: "step", number: at + 1, title: step.title });
  }
  const verdict = verdictNews(now);
  if (verdict !== undefined && (before === undefined || !isSame(verdict, verdictNews(before))))
    news.push(verdict);
  return news;
}
