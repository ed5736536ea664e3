export type { MachineFault } from "./fault.ts";
export { createMachine } from "./machine.ts";
export { profileOf, USUAL_PROFILE } from "./release.ts";
export type { FileStat } from "../protocol/agent.ts";
export type { HistorySpec, PastMoment } from "../protocol/machine.ts";
export type {
  Checkpoint,
  ExecOptions,
  ExecOutcome,
  Machine,
  MachineNotice,
  MachineOptions,
  PackFolderOptions,
  ReadFileOptions,
  Terminal,
  TerminalOptions,
  UnpackFolderOptions,
  WriteFileOptions,
} from "./types.ts";
export { packTar, type TarEntry } from "./tar.ts";
export { ownBrowserWorker, type WorkerHandle } from "./worker-handle.ts";
