export { createMachine } from "./machine.ts";
export type {
  Checkpoint,
  ExecOptions,
  ExecOutcome,
  Machine,
  MachineNotice,
  MachineOptions,
  Terminal,
  TerminalOptions,
} from "./types.ts";
export { ownBrowserWorker, type WorkerHandle } from "./worker-handle.ts";
