/** What is remembered of a learner's way through a lesson. Plain data; every change gives a new value. */
import * as v from "valibot";

export const PROGRESS_SCHEMA = 2;
/** More of either no lesson has; a file that was not made by us could. */
const MOST_NAMES = 1000;
const MOST_TEXT = 10_000;

/** What JSON can say. */
const Finite = v.pipe(v.number(), v.finite());
const Name = v.pipe(v.string(), v.maxLength(200));

/** Index of a choice, indexes of several, or what was typed. */
const AnswerSchema = v.union([
  Finite,
  v.pipe(v.array(Finite), v.maxLength(MOST_NAMES)),
  v.pipe(v.string(), v.maxLength(MOST_TEXT)),
]);
export type Answer = v.InferOutput<typeof AnswerSchema>;

const MeasuredSchema = v.object({
  /** Of the guest. */
  instructions: Finite,
  /** Of its own; not there where it shares them with others. */
  memoryBytes: v.optional(Finite),
  kernel: v.picklist(["own", "shared"]),
});
/** What something has cost when the learner did it. */
export type Measured = v.InferOutput<typeof MeasuredSchema>;

export const ProgressSchema = v.object({
  // Of schema 1 every answer was the index of a choice, as it may be still.
  schema: v.pipe(
    v.picklist([1, PROGRESS_SCHEMA]),
    v.transform((): typeof PROGRESS_SCHEMA => PROGRESS_SCHEMA),
  ),
  lesson: Name,
  /** The lesson's version when it was last worked on. */
  version: Finite,
  /** The step that was open. */
  current: v.optional(Name),
  /** Ids of the steps that are done. */
  done: v.pipe(v.array(Name), v.maxLength(MOST_NAMES)),
  /** By the id of the question. */
  answers: v.pipe(v.record(Name, AnswerSchema), v.maxEntries(MOST_NAMES)),
  /** By the id of what is measured. */
  measures: v.optional(v.pipe(v.record(Name, MeasuredSchema), v.maxEntries(MOST_NAMES)), {}),
  /** When it was last kept, in milliseconds since 1970; missing where an older page kept it. */
  kept: v.optional(Finite),
});
export type LessonProgress = v.InferOutput<typeof ProgressSchema>;

/** Where progress is kept, by the lesson's id. Whatever goes wrong, it must not keep anyone from learning. */
export interface ProgressStore {
  /** What was saved, unchecked; undefined when there is nothing or it cannot be read. */
  load(lesson: string): Promise<unknown>;
  save(progress: LessonProgress): Promise<void>;
  /** What was saved of all lessons, unchecked; of one lesson there may be several, which count together. */
  all(): Promise<readonly unknown[]>;
  /** Forgets all lessons. */
  erase(): Promise<void>;
}

export function emptyProgress(lesson: string, version: number): LessonProgress {
  return { schema: PROGRESS_SCHEMA, lesson, version, done: [], answers: {}, measures: {} };
}

/** Reads what a store gave; undefined where it cannot be understood, of a newer schema for one. */
export function readProgress(stored: unknown): LessonProgress | undefined {
  const parsed = v.safeParse(ProgressSchema, stored);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Reads what a store gave of a lesson. Steps are known by their ids, so a changed lesson keeps what is still in it. What
 * cannot be understood counts as nothing.
 */
export function parseProgress(stored: unknown, lesson: string, version: number): LessonProgress {
  const read = readProgress(stored);
  return read?.lesson === lesson ? read : emptyProgress(lesson, version);
}

/** Whether the lesson is another one since it was last worked on. */
export function hasChanged(progress: LessonProgress, version: number): boolean {
  return (
    progress.version !== version && (progress.done.length > 0 || Object.keys(progress.answers).length > 0)
  );
}

export function withDone(progress: LessonProgress, step: string): LessonProgress {
  return progress.done.includes(step) ? progress : { ...progress, done: [...progress.done, step] };
}

export function withCurrent(progress: LessonProgress, step: string): LessonProgress {
  return { ...progress, current: step };
}

export function withAnswer(progress: LessonProgress, question: string, answer: Answer): LessonProgress {
  return { ...progress, answers: { ...progress.answers, [question]: answer } };
}

export function withMeasured(progress: LessonProgress, id: string, measured: Measured): LessonProgress {
  return { ...progress, measures: { ...progress.measures, [id]: measured } };
}

/** Of two ways through one lesson the one that was worked on later: in a later version of it, or at a later time. */
function isLater(one: LessonProgress, other: LessonProgress): boolean {
  return one.version === other.version ? (one.kept ?? 0) > (other.kept ?? 0) : one.version > other.version;
}

/**
 * Two ways through one lesson as one: a step that is done in either is done, and where both say something else, of an
 * answer or of the step that is open, the later one counts. Where neither is later, it is `mine`.
 */
export function mergeProgress(mine: LessonProgress, theirs: LessonProgress): LessonProgress {
  const [earlier, later] = isLater(theirs, mine) ? [mine, theirs] : [theirs, mine];
  const current = later.current ?? earlier.current;
  return {
    ...later,
    ...(current === undefined ? {} : { current }),
    done: [...new Set([...mine.done, ...theirs.done])],
    answers: { ...earlier.answers, ...later.answers },
    measures: { ...earlier.measures, ...later.measures },
  };
}
