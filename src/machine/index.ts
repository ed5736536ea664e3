export type { MachineFault } from "./fault.ts";
export { createLab } from "./lab.ts";
export { type LabMemory, labMemory, type MachineMemory } from "./lab-memory.ts";
export type { Lab, LabEvent, LabMachine, LabMachineSpec, LabOptions } from "./lab-types.ts";
export { createMachine } from "./machine.ts";
export { FIRST_SIZE } from "./types.ts";
export { profileOf, startsFrom, USUAL_PROFILE } from "./release.ts";
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
  WatchOptions,
  WriteFileOptions,
} from "./types.ts";
export { packTar, type TarEntry } from "./tar.ts";
export { ownBrowserWorker, type WorkerHandle } from "./worker-handle.ts";
