import { type LessonProgress, mergeProgress, type ProgressStore, readProgress } from "../lessons/index.ts";

/** Ways through lessons, one for each lesson. */
export function byLesson(all: readonly LessonProgress[]): Map<string, LessonProgress> {
  const merged = new Map<string, LessonProgress>();
  for (const one of all) {
    const before = merged.get(one.lesson);
    merged.set(one.lesson, before === undefined ? one : mergeProgress(before, one));
  }
  return merged;
}

/** All that a store has and that can be understood, by lesson. */
export async function allProgress(store: ProgressStore): Promise<Map<string, LessonProgress>> {
  const stored = await store.all();
  return byLesson(stored.flatMap((one) => readProgress(one) ?? []));
}
