import {
  mergeProgress,
  MOST_PROGRESS_FILE,
  type ProgressRefusal,
  type ProgressStore,
  readProgressFile,
  writeProgressFile,
} from "../lessons/index.ts";
import { allProgress, byLesson } from "./all-progress.ts";

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

/** All that a store has, as the text of a file that can be imported again. */
export async function exportProgress(store: ProgressStore, now: number): Promise<string> {
  const lessons = [...(await allProgress(store)).values()].toSorted((a, b) => (a.lesson < b.lesson ? -1 : 1));
  return writeProgressFile(lessons, now);
}

/** All that is kept of a learner: goes out as a file, comes in from one, and is erased. */
export class KeptProgress {
  readonly #options: KeptProgressOptions;

  constructor(options: KeptProgressOptions) {
    this.#options = options;
  }

  /** @returns The text of a file that {@link importFile} takes. */
  async exportFile(): Promise<string> {
    return exportProgress(this.#options.store, this.#options.now());
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
    const mine = await allProgress(this.#options.store);
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
