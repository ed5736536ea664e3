/** What is remembered of a learner's way through a lesson. Plain data; every change gives a new value. */
import * as v from "valibot";

const PROGRESS_SCHEMA = 2;

/** Index of a choice, indexes of several, or what was typed. */
const AnswerSchema = v.union([v.number(), v.array(v.number()), v.string()]);
export type Answer = v.InferOutput<typeof AnswerSchema>;

const MeasuredSchema = v.object({
  /** Of the guest. */
  instructions: v.number(),
  /** Of its own; not there where it shares them with others. */
  memoryBytes: v.optional(v.number()),
  kernel: v.picklist(["own", "shared"]),
});
/** What something has cost when the learner did it. */
export type Measured = v.InferOutput<typeof MeasuredSchema>;

const ProgressSchema = v.object({
  // Of schema 1 every answer was the index of a choice, as it may be still.
  schema: v.pipe(
    v.picklist([1, PROGRESS_SCHEMA]),
    v.transform((): typeof PROGRESS_SCHEMA => PROGRESS_SCHEMA),
  ),
  lesson: v.string(),
  /** The lesson's version when it was last worked on. */
  version: v.number(),
  /** The step that was open. */
  current: v.optional(v.string()),
  /** Ids of the steps that are done. */
  done: v.array(v.string()),
  /** By the id of the question. */
  answers: v.record(v.string(), AnswerSchema),
  /** By the id of what is measured. */
  measures: v.optional(v.record(v.string(), MeasuredSchema), {}),
});
export type LessonProgress = v.InferOutput<typeof ProgressSchema>;

/** Where progress is kept, by the lesson's id. Whatever goes wrong, it must not keep anyone from learning. */
export interface ProgressStore {
  /** What was saved, unchecked; undefined when there is nothing or it cannot be read. */
  load(lesson: string): Promise<unknown>;
  save(progress: LessonProgress): Promise<void>;
}

export function emptyProgress(lesson: string, version: number): LessonProgress {
  return { schema: PROGRESS_SCHEMA, lesson, version, done: [], answers: {}, measures: {} };
}

/**
 * Reads what a store gave. Steps are known by their ids, so a changed lesson keeps what is still in it. What cannot be
 * understood, of a newer schema for one, counts as nothing.
 */
export function parseProgress(stored: unknown, lesson: string, version: number): LessonProgress {
  const parsed = v.safeParse(ProgressSchema, stored);
  if (!parsed.success || parsed.output.lesson !== lesson) return emptyProgress(lesson, version);
  return parsed.output;
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
