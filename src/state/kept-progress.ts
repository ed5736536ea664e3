import {
  type LessonProgress,
  mergeProgress,
  MOST_PROGRESS_FILE,
  type ProgressRefusal,
  type ProgressStore,
  readProgress,
  readProgressFile,
  writeProgressFile,
} from "../lessons/index.ts";

export type ImportOutcome =
  | { readonly kind: "imported"; readonly lessons: number }
  /** Nothing was changed. */
  | { readonly kind: "refused"; readonly reason: ProgressRefusal | "unreadable"; readonly detail: string };

export interface KeptProgressOptions {
  readonly store: ProgressStore;
  readonly now: () => number;
  /** What is kept is another one now: the open lesson shows it. */
  readonly onImported: () => Promise<void>;
  /** The open lesson forgets too; before what is kept is erased, since it may keep something on its way. */
  readonly beforeErase: () => Promise<void>;
}

function byLesson(all: readonly LessonProgress[]): Map<string, LessonProgress> {
  const merged = new Map<string, LessonProgress>();
  for (const one of all) {
    const before = merged.get(one.lesson);
    merged.set(one.lesson, before === undefined ? one : mergeProgress(before, one));
  }
  return merged;
}

/** All that is kept of a learner: goes out as a file, comes in from one, and is erased. */
export class KeptProgress {
  readonly #options: KeptProgressOptions;

  constructor(options: KeptProgressOptions) {
    this.#options = options;
  }

  /** By lesson. */
  async #all(): Promise<Map<string, LessonProgress>> {
    const stored = await this.#options.store.all();
    return byLesson(stored.flatMap((one) => readProgress(one) ?? []));
  }

  /** @returns The text of a file that {@link importFile} takes. */
  async exportFile(): Promise<string> {
    const lessons = [...(await this.#all()).values()].toSorted((a, b) => (a.lesson < b.lesson ? -1 : 1));
    return writeProgressFile(lessons, this.#options.now());
  }

  /** Puts what a file says together with what is kept. */
  async importFile(content: Blob): Promise<ImportOutcome> {
    if (content.size > MOST_PROGRESS_FILE) return { kind: "refused", reason: "too-large", detail: "" };
    let text;
    try {
      text = await content.text();
    } catch {
      return { kind: "refused", reason: "unreadable", detail: "" };
    }
    const file = readProgressFile(text);
    if (file.kind === "refused") return file;
    const theirs = byLesson(file.lessons);
    const mine = await this.#all();
    for (const [lesson, progress] of theirs) {
      const kept = mine.get(lesson);
      await this.#options.store.save(kept === undefined ? progress : mergeProgress(kept, progress));
    }
    await this.#options.onImported();
    return { kind: "imported", lessons: theirs.size };
  }

  async erase(): Promise<void> {
    await this.#options.beforeErase();
    await this.#options.store.erase();
  }
}
