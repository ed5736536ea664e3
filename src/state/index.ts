export { asCodedError, type CodedError, type ErrorCode } from "../base/index.ts";
export { boxTitle, type NamespaceKind, type NamespaceNumbers } from "../isolation/index.ts";
export type { PastMoment } from "../protocol/machine.ts";
export {
  type Activity,
  type Answer,
  type Block,
  type Choice,
  type Course,
  type FileBlock,
  type Inline,
  judgeQuiz,
  targetOf,
  type KeysBlock,
  type Lesson,
  type LessonRunState,
  type ListedLesson,
  type Measured,
  type MeasureBlock,
  measuresOf,
  type ObservationBlock,
  type PredictBlock,
  type QuizBlock,
  type RunBlock,
  type SignalBlock,
  type Step,
  type StepState,
  type Verdict,
} from "../lessons/index.ts";
export { allProgress } from "./all-progress.ts";
export { type About, type AboutSource, aboutSource, type Notice, type Part } from "./about.ts";
export { FaultLog, type NotedFault } from "./diagnostics/fault-log.ts";
export { type LabFacts, LabDiary, type MachineFacts } from "./diagnostics/lab-diary.ts";
export type { DiskQuestion } from "./disk-use.ts";
export { type GivenFile, INTAKE_COUNT, type IntakeState } from "./file-intake.ts";
export { exportProgress, type ImportOutcome, type KeptProgress } from "./kept-progress.ts";
export { Doorkeeper, pageOrigin } from "./embed/doorkeeper.ts";
export { EmbedPort } from "./embed/embed-port.ts";
export { EmbeddedLab } from "./embed/embedded-lab.ts";
export type { ExportState } from "./free/file-export.ts";
export { FreeDesk, type FreeDeskOptions, type ScriptState } from "./free/free-desk.ts";
export type { SavedState } from "./free/saved-machine.ts";
export {
  memoryChoices,
  MOST_MACHINES,
  type ProfileChoice,
  readTerminalSettings,
  scriptFault,
  type SettingRefusal,
  TERMINAL_USERS,
  type TerminalAsked,
  type TerminalSettings,
} from "./free/terminal-settings.ts";
export { Lab, type LabOptions } from "./lab.ts";
export {
  type Layout,
  PRESETS,
  type Place,
  type Preset,
  type Room,
  type Share,
  boundsOf,
  keyMove,
  within,
  XRAY_TABS,
  type XrayTab,
} from "./layout.ts";
export type { LessonState } from "./lesson-desk.ts";
export { fetchLesson } from "./lesson-files.ts";
export { LessonGuest } from "./lesson-guest.ts";
export { LiveLesson, type LiveLessonOptions, type LiveState, type NewsListener } from "./live-lesson.ts";
export type { BootPart, BootTimeline } from "./boot-timeline.ts";
export type { MachineState, StartMachine } from "./machine-control.ts";
export type { GoingBack, MachineDesk } from "./machine-desk.ts";
export type { MemoryUse, TerminalPlace } from "./terminal-places.ts";
export { userName } from "./users.ts";
export { fetchedManual, type ManName, type ManSource } from "./man/man-source.ts";
export type { ManContent, ManPlace, ManReader, ManView } from "./man/man-reader.ts";
export type { ManBlock, ManInline, ManPage, ManSection } from "./man/man-tree.ts";
export { parseManPage } from "./man/parse-man-page.ts";
export type { Panel, Panels } from "./panels.ts";
export { browserPostcards, noPostcards, type Postcard } from "./postcard.ts";
export { browserProgress, memoryProgress } from "./progress-store.ts";
export { KeptStore } from "./offline/kept-store.ts";
export {
  type KeptProfile,
  type KeptState,
  OfflineDesk,
  type OfflineState,
  type PageKeeper,
  type Possible,
  type Update,
} from "./offline/offline-desk.ts";
export { browserWantedProfiles } from "./offline/wanted-profiles.ts";
export { fetchSiteRelease, type SiteRelease } from "./offline/site-release.ts";
export type { ReplayState } from "./replay.ts";
export { isSandboxed } from "./sandboxed.ts";
export { KeptHere, type KeptKind, type KeptReport, type NamedTexts } from "./settings/kept-here.ts";
export {
  LINE_HEIGHTS,
  Settings,
  type SettingsValue,
  TERMINAL_SCHEMES,
  type TerminalScheme,
  type TextStore,
  type Theme,
  THEMES,
  USUAL_FONT,
} from "./settings/settings.ts";
export { isDone, type LessonStanding, type Standing, standingOf } from "./standing.ts";
export type { TerminalState } from "./terminal-control.ts";
export type { DeskTerminal } from "./terminal-desk.ts";
export type { SplitDirection, TerminalPanes } from "./terminal-panes.ts";
export { KEPT_LINES, type TranscriptEntry, type TranscriptNews, type TranscriptState } from "./transcript.ts";
