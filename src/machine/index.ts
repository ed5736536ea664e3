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
  ReadFileOptions,
  Terminal,
  TerminalOptions,
  WriteFileOptions,
} from "./types.ts";
export { ownBrowserWorker, type WorkerHandle } from "./worker-handle.ts";
