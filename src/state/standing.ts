/** How far a learner is in all courses, as the catalogue tells it. */
import type { Course, LessonProgress, ListedLesson } from "../lessons/index.ts";

/** How far a learner is in one lesson. */
export interface LessonStanding {
  /** Steps that are done and are in the lesson still. */
  readonly done: number;
  readonly of: number;
  /** Something of it was done, though it may be no step. */
  readonly isBegun: boolean;
}

/** The lesson to go on with. */
export interface GoOn {
  readonly lesson: ListedLesson;
  /** `continue`: it was worked on last. `next`: the one that was is done, and this follows it in its course. */
  readonly kind: "continue" | "next";
}

export interface Standing {
  /** By id; of each lesson in the courses. */
  readonly lessons: ReadonlyMap<string, LessonStanding>;
  /** Undefined where nothing was begun, or what was is done with all that follows. */
  readonly goOn: GoOn | undefined;
}

function standingIn({ steps }: ListedLesson, progress: LessonProgress | undefined): LessonStanding {
  const of = steps.length;
  if (progress === undefined) return { done: 0, of, isBegun: false };
  const { done, current = steps[0], answers } = progress;
  const isElsewhere = current !== steps[0] && steps.includes(current ?? "");
  return {
    done: steps.filter((step) => done.includes(step)).length,
    of,
    isBegun: done.length > 0 || isElsewhere || Object.keys(answers).length > 0,
  };
}

export function isDone({ done, of }: LessonStanding): boolean {
  return of > 0 && done === of;
}

/** @param progress By lesson; there may be some of lessons that are in no course. */
export function standingOf(
  courses: readonly Course[],
  progress: ReadonlyMap<string, LessonProgress>,
): Standing {
  const all = courses.flatMap(({ lessons }) => lessons);
  const lessons = new Map(all.map((lesson) => [lesson.id, standingIn(lesson, progress.get(lesson.id))]));
  const [latest] = all
    .filter(({ id }) => lessons.get(id)?.isBegun === true)
    .toSorted((a, b) => (progress.get(b.id)?.kept ?? 0) - (progress.get(a.id)?.kept ?? 0));
  return { lessons, goOn: latest && goOnFrom(latest, courses, lessons) };
}

function goOnFrom(
  latest: ListedLesson,
  courses: readonly Course[],
  standings: ReadonlyMap<string, LessonStanding>,
): GoOn | undefined {
  const isOver = ({ id }: ListedLesson): boolean =>
    isDone(standings.get(id) ?? { done: 0, of: 0, isBegun: false });
  if (!isOver(latest)) return { lesson: latest, kind: "continue" };
  const course = courses.find(({ lessons }) => lessons.includes(latest))?.lessons ?? [];
  const lesson = course.slice(course.indexOf(latest) + 1).find((one) => !isOver(one));
  return lesson && { lesson, kind: "next" };
}
