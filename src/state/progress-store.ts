import { get, set } from "idb-keyval";
import type { LessonProgress, ProgressStore } from "../lessons/index.ts";

const PREFIX = "progress/";

/** Keeps progress while the page is open. */
export function memoryProgress(): ProgressStore {
  const kept = new Map<string, LessonProgress>();
  return {
    load: async (lesson) => kept.get(lesson),
    save: async (progress) => {
      kept.set(progress.lesson, progress);
    },
  };
}

/**
 * Keeps progress in the browser's IndexedDB, and in memory beside it: where storage is forbidden or full, learning
 * goes on.
 * @param onUnavailable called once when the browser stores nothing
 */
export function browserProgress(onUnavailable: () => void): ProgressStore {
  const memory = memoryProgress();
  let told = false;
  const unavailable = (): void => {
    if (told) return;
    told = true;
    onUnavailable();
  };
  // Writes one after another: the last one is the newest.
  let writing: Promise<void> = Promise.resolve();
  return {
    async load(lesson) {
      try {
        return (await get<unknown>(PREFIX + lesson)) ?? (await memory.load(lesson));
      } catch {
        unavailable();
        return memory.load(lesson);
      }
    },
    async save(progress) {
      await memory.save(progress);
      writing = writing.then(() => set(PREFIX + progress.lesson, progress)).catch(unavailable);
      await writing;
    },
  };
}
