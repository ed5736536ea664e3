export { type Clock, pause, systemClock } from "./clock.ts";
export {
  type Course,
  type CourseIndex,
  type CourseNews,
  findLesson,
  INDEX_SCHEMA,
  type ListedLesson,
  LIVE_FILE,
  parseCourseIndex,
  parseCourseNews,
  parseLessonFile,
  type SourceProblem,
} from "./course-index.ts";
export {
  type Activity,
  LessonRun,
  type LessonRunState,
  type StepHeld,
  type StepState,
  type Verdict,
} from "./engine.ts";
export type {
  Guest,
  GuestAnswer,
  GuestCheckpoint,
  GuestCommand,
  GuestFile,
  GuestSignal,
  GuestTerminal,
  Looks,
} from "./guest.ts";
export {
  type Answer,
  emptyProgress,
  type LessonProgress,
  type Measured,
  mergeProgress,
  parseProgress,
  type ProgressStore,
  readProgress,
  withCurrent,
} from "./progress.ts";
export {
  MOST_PROGRESS_FILE,
  type ProgressFile,
  type ProgressRefusal,
  readProgressFile,
  writeProgressFile,
} from "./progress-file.ts";
export { type LessonNews, newsOf } from "./news.ts";
export { plainText } from "./plain-text.ts";
export { type ProofBench, proveLesson } from "./prove/prove.ts";
export type { ProofReport, Trial } from "./prove/report.ts";
export { type JudgedAnswer, judgeQuiz } from "./quiz.ts";
export {
  CheckSourceSchema,
  ChoiceQuizSchema,
  CourseMetaSchema,
  type CourseSource,
  FIRST_MACHINE,
  FIRST_TERMINAL,
  IdSchema,
  LessonMetaSchema,
  MeasureSourceSchema,
  PredictSourceSchema,
  type ProofSource,
  ProofSourceSchema,
  ShortQuizSchema,
  SignalSourceSchema,
  TargetSourceSchema,
  WhenSourceSchema,
} from "./source.ts";
export {
  type Block,
  type Check,
  type Choice,
  type CommandCheck,
  type CourseMeta,
  type Deed,
  type FileBlock,
  type Hint,
  type Inline,
  type KeyName,
  type KeysBlock,
  KEYS,
  type Lesson,
  type LessonMachine,
  type LessonMeta,
  type LessonTerminal,
  type MeasureBlock,
  type Need,
  type ObservationBlock,
  type PowerBlock,
  type PredictBlock,
  type QuizBlock,
  type Reason,
  type RunBlock,
  type Setup,
  type SignalBlock,
  type Step,
} from "./tree.ts";
export { lastLines } from "./typist.ts";
export { deedsOf, isDeed, measuresOf, targetOf, textOf } from "./walk.ts";
export { wantedOf } from "./wanted.ts";
