export { type Clock, systemClock } from "./clock.ts";
export { LessonRun, type LessonRunState, type StepState, type Verdict } from "./engine.ts";
export type { Guest, GuestCheckpoint } from "./guest.ts";
export { type LessonProgress, parseProgress, type ProgressStore } from "./progress.ts";
export {
  type Block,
  CheckSourceSchema,
  type Check,
  type Choice,
  type Course,
  type CourseMeta,
  CourseMetaSchema,
  IdSchema,
  type Inline,
  type Lesson,
  type LessonMeta,
  LessonMetaSchema,
  PredictSourceSchema,
  QuizSourceSchema,
  type Reason,
  type Step,
} from "./tree.ts";
