export { type Clock, systemClock } from "./clock.ts";
export { type Guest, LessonRun, type LessonRunState, type StepState, type Verdict } from "./engine.ts";
export {
  emptyProgress,
  type LessonProgress,
  parseProgress,
  type ProgressStore,
  withAnswer,
  withCurrent,
  withDone,
} from "./progress.ts";
export {
  type Block,
  CheckSourceSchema,
  type Check,
  type Choice,
  ChoiceSourceSchema,
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
