/** What both faces of the library export beside their functions. */
export { CodedError, type Disposable, type ErrorCode, type Event, type WireError } from "../base/index.ts";
export {
  type Box,
  boxesOf,
  compare,
  diff,
  holds,
  type IsolationEvent,
  type Namespace,
  type Observation,
  type Process,
  type Query,
  tell,
  type ToldEvent,
  whyNot,
} from "../isolation/index.ts";
export type {
  Checkpoint,
  ExecOptions,
  ExecOutcome,
  FileStat,
  HistorySpec,
  Lab,
  LabEvent,
  LabMachine,
  LabMachineSpec,
  LabMemory,
  Machine,
  MachineFault,
  MachineNotice,
  PackFolderOptions,
  PastMoment,
  ReadFileOptions,
  Terminal,
  TerminalOptions,
  UnpackFolderOptions,
  WatchOptions,
  WriteFileOptions,
} from "../machine/index.ts";
export { labMemory, type MachineMemory, packTar, type TarEntry } from "../machine/index.ts";
export type { ExitStatus } from "../protocol/agent.ts";
export type { BootStage, MachinePhase, MachineStats } from "../protocol/machine.ts";
