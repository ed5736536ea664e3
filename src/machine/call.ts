import type { Remote } from "comlink";
import type { MachineWorkerWire, Reply } from "../protocol/machine.ts";

/** How a call reaches the worker: with an id that `abort` knows, and settled whatever becomes of the worker. */
export type CallWorker = <T>(
  work: (wire: Remote<MachineWorkerWire>, call: number) => Promise<Reply<T>>,
  signal?: AbortSignal,
) => Promise<T>;

/** Variables as the agent takes them. */
export function environment(variables: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(variables ?? {}).map(([name, value]) => `${name}=${value}`);
}
