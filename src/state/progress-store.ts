import { delMany, entries, get, set } from "idb-keyval";
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
    all: async () => [...kept.values()],
    erase: async () => kept.clear(),
  };
}

/** What the browser keeps of all lessons, by their ids. */
async function inBrowser(): Promise<Map<string, unknown>> {
  const all = await entries<IDBValidKey, unknown>();
  return new Map(
    all.flatMap(([key, value]): [string, unknown][] =>
      typeof key === "string" && key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), value]] : [],
    ),
  );
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
  const write = async (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work).catch(unavailable);
    await writing;
  };
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
      await write(() => set(PREFIX + progress.lesson, progress));
    },
    async all() {
      await writing;
      const inMemory = await memory.all();
      try {
        // What could not be stored is in memory alone.
        return [...(await inBrowser()).values(), ...inMemory];
      } catch {
        unavailable();
        return inMemory;
      }
    },
    async erase() {
      await memory.erase();
      await write(async () => delMany([...(await inBrowser()).keys()].map((lesson) => PREFIX + lesson)));
    },
  };
}
