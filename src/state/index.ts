export type { CodedError } from "../base/index.ts";
export {
  type Activity,
  type Answer,
  type Block,
  type Choice,
  type FileBlock,
  type Inline,
  judgeQuiz,
  targetOf,
  type KeysBlock,
  type Lesson,
  type LessonRunState,
  type PredictBlock,
  type QuizBlock,
  type RunBlock,
  type SignalBlock,
  type Step,
  type StepState,
  type Verdict,
} from "../lessons/index.ts";
export { type About, type AboutSource, aboutSource, type Notice, type Part } from "./about.ts";
export { browserSetting } from "./browser-setting.ts";
export type { DiskQuestion } from "./disk-use.ts";
export { type GivenFile, INTAKE_COUNT, type IntakeState } from "./file-intake.ts";
export { Lab, type LabOptions, type LessonState } from "./lab.ts";
export { LessonGuest } from "./lesson-guest.ts";
export type { MachineState, StartMachine } from "./machine-control.ts";
export { browserPostcards, noPostcards, type Postcard } from "./postcard.ts";
export { browserProgress, memoryProgress } from "./progress-store.ts";
export type { ReplayState } from "./replay.ts";
export type { TerminalState } from "./terminal-control.ts";
export type { DeskTerminal } from "./terminal-desk.ts";
