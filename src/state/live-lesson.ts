import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable, DisposableStore } from "../base/index.ts";
import {
  type CourseIndex,
  type CourseNews,
  findLesson,
  type Lesson,
  type ListedLesson,
  parseCourseNews,
  type SourceProblem,
} from "../lessons/index.ts";

/** Told by whoever listens to the server. */
export interface NewsListener {
  onNews(text: string): void;
  /** Whether the server answers. */
  onConnected(connected: boolean): void;
}

export interface LiveLessonOptions {
  readonly listen: (listener: NewsListener) => Disposable;
  /** The lesson that the page was opened with, if there is one of this id. */
  readonly wanted: string;
  readonly opened: ListedLesson | undefined;
  readonly fetch: (lesson: ListedLesson, signal: AbortSignal) => Promise<Lesson>;
  /** Shows another form of the open lesson. */
  readonly replace: (lesson: Lesson, listed: ListedLesson) => void;
  /** Shows another list of courses. */
  readonly list: (index: CourseIndex) => void;
  readonly reload: () => void;
}

/** How the page and what is on its server's disk go together. */
export interface LiveState {
  readonly problems: readonly SourceProblem[];
  /** `stale`: the lesson wants other machines or terminals than the page has; `gone`: there is none of its id any more. */
  readonly lesson: "shown" | "stale" | "gone";
  /** The server answers. */
  readonly connected: boolean;
}

const places = ({ profile, machines, terminals }: ListedLesson): string =>
  JSON.stringify([profile, machines, terminals]);

/** Shows a lesson that is being written as it is now: the page keeps its machines and what was done. */
export class LiveLesson implements Disposable {
  readonly #options: LiveLessonOptions;
  readonly #owned = new DisposableStore();
  readonly #state = signal<LiveState>({ problems: [], lesson: "shown", connected: true });
  /** The form that is shown. */
  #file: string | undefined;
  #fetching: AbortController | undefined;

  constructor(options: LiveLessonOptions) {
    this.#options = options;
    this.#file = options.opened?.file;
    this.#owned.defer(() => this.#fetching?.abort());
    this.#owned.add(
      options.listen({
        onConnected: (connected) => this.#set({ connected }),
        onNews: (text) => {
          try {
            this.#take(parseCourseNews(text));
          } catch {
            // A server of another version: the next one that is understood counts.
          }
        },
      }),
    );
  }

  get state(): ReadonlySignal<LiveState> {
    return this.#state;
  }

  #set(changed: Partial<LiveState>): void {
    if (!this.#owned.disposed) this.#state.value = { ...this.#state.value, ...changed };
  }

  #take({ index, problems }: CourseNews): void {
    const { wanted, opened } = this.#options;
    const now = findLesson(index, opened?.id ?? wanted)?.lesson;
    if (opened === undefined && now !== undefined) {
      this.#options.reload();
      return;
    }
    const isStale = opened !== undefined && now !== undefined && places(now) !== places(opened);
    batch(() => {
      this.#set({
        problems,
        connected: true,
        lesson: opened !== undefined && now === undefined ? "gone" : isStale ? "stale" : "shown",
      });
      this.#options.list(index);
    });
    if (now !== undefined && !isStale) void this.#show(now);
  }

  /** The newest wins. One that cannot be fetched was changed once more, which will be told. */
  async #show(lesson: ListedLesson): Promise<void> {
    this.#fetching?.abort();
    this.#fetching = undefined;
    if (lesson.file === this.#file) return;
    const fetching = new AbortController();
    this.#fetching = fetching;
    try {
      const other = await this.#options.fetch(lesson, fetching.signal);
      if (this.#fetching !== fetching) return;
      this.#file = lesson.file;
      this.#options.replace(other, lesson);
    } catch {
      return;
    } finally {
      if (this.#fetching === fetching) this.#fetching = undefined;
    }
  }

  reload(): void {
    this.#options.reload();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
