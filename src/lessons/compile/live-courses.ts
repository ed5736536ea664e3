/** Courses that are being written: compiled anew whenever a file of theirs has changed. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Disposable, Emitter } from "../../base/index.ts";
import { type CourseFiles, courseFiles } from "./course-files.ts";
import { CourseMemory } from "./course-memory.ts";
import { type CompiledCourse, isForeign, readCourses } from "./courses.ts";
import type { Problem } from "./problems.ts";

/** Between two looks at the files: soon enough to be at once, and next to no work for some hundred files. */
const LOOK_MS = 150;
/** A folder with more files is not one of courses. */
const MOST_FILES = 20_000;

export interface LiveState extends CourseFiles {
  readonly courses: readonly CompiledCourse[];
  readonly problems: readonly Problem[];
}

export interface LiveOptions {
  readonly folder: string;
  /** The name of the one course that is meant; all of them if not given. */
  readonly only?: string | undefined;
  /** What file names in messages are relative to. */
  readonly root: string;
  /** Milliseconds between two looks. */
  readonly lookMs?: number;
}

/** Names, sizes and times of the files in a folder: the same text as long as nothing has changed. */
function stateOf(folder: string): string {
  const seen: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      if (isForeign(name)) continue;
      const below = join(path, name);
      const info = statSync(below, { throwIfNoEntry: false });
      if (info?.isDirectory() === true && seen.length < MOST_FILES) visit(below);
      else if (info !== undefined) seen.push(`${below}\0${info.size}\0${info.mtimeMs}`);
    }
  };
  try {
    visit(folder);
  } catch (error) {
    seen.push(String(error));
  }
  return seen.join("\n");
}

/**
 * Looks at the files instead of being told by the system: that works on network drives and in containers too, and
 * whatever an editor does when it saves.
 */
export class LiveCourses implements Disposable {
  readonly #options: LiveOptions;
  readonly #changed = new Emitter<LiveState>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #memory = new CourseMemory();
  #compiled: string;
  #seen: string;
  #state: LiveState;

  /** Fires when what a page shows has changed, or what is wrong. */
  readonly onChange = this.#changed.event;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#seen = stateOf(options.folder);
    this.#compiled = this.#seen;
    this.#state = this.#compile();
    this.#timer = setInterval(() => this.#look(), options.lookMs ?? LOOK_MS);
  }

  get state(): LiveState {
    return this.#state;
  }

  #compile(): LiveState {
    const { folder, only, root } = this.#options;
    const { courses, problems } = readCourses(folder, { root, only, memory: this.#memory });
    return { courses, problems, ...courseFiles(courses, true) };
  }

  /** A file that is still being written is left alone until the next look. */
  #look(): void {
    const seen = stateOf(this.#options.folder);
    const isSettled = seen === this.#seen;
    this.#seen = seen;
    if (!isSettled || seen === this.#compiled) return;
    this.#compiled = seen;
    const before = this.#state;
    this.#state = this.#compile();
    const told = ({ index, problems }: LiveState): string => JSON.stringify([index, problems]);
    if (told(before) !== told(this.#state)) this.#changed.fire(this.#state);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#changed.dispose();
  }
}
