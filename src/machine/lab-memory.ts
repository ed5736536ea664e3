/** What a lab takes of a device's memory, and what it may take. */
import { CodedError } from "../base/index.ts";

const MIB = 1024 * 1024;

/**
 * What a machine takes besides its guest's memory: v86's own tables, the emulator's code, what its worker holds.
 * Measured in Node (`memory` of docs/figures.md), and rounded up. The first machine also decodes the snapshot.
 */
const FIRST_OVERHEAD = 80 * MIB;
const FURTHER_OVERHEAD = 32 * MIB;

/** Where a browser does not tell: half of a device with 4 GiB, which most have. */
const USUAL_BUDGET = 2048 * MIB;

export interface MachineMemory {
  /** The guest's. */
  readonly ramBytes: number;
  readonly overheadBytes: number;
}

export interface LabMemory {
  readonly totalBytes: number;
  readonly machines: readonly MachineMemory[];
}

/** What a lab will take, before it starts. @param ramMib Of each machine, in MiB. */
export function labMemory(ramMib: readonly number[]): LabMemory {
  const machines = ramMib.map((mib, index) => ({
    ramBytes: mib * MIB,
    overheadBytes: index === 0 ? FIRST_OVERHEAD : FURTHER_OVERHEAD,
  }));
  const totalBytes = machines.reduce((sum, { ramBytes, overheadBytes }) => sum + ramBytes + overheadBytes, 0);
  return { totalBytes, machines };
}

/** Node has no navigator, and not every browser tells. */
function toldMemory(): number | undefined {
  return (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory;
}

/**
 * Half of what the device has, since the page is not alone on it.
 *
 * @param deviceMemoryGib `navigator.deviceMemory`: GiB, rounded by the browser.
 */
export function browserBudget(deviceMemoryGib = toldMemory()): number {
  return deviceMemoryGib === undefined ? USUAL_BUDGET : (deviceMemoryGib * 1024 * MIB) / 2;
}

/** @throws CodedError `out-of-memory` in words when a lab does not fit. */
export function requireMemory(memory: LabMemory, budgetBytes: number): void {
  if (memory.totalBytes <= budgetBytes) return;
  const mib = (bytes: number): number => Math.round(bytes / MIB);
  const count = memory.machines.length;
  throw new CodedError(
    "out-of-memory",
    `${count === 1 ? "one machine needs" : `${count} machines need`} ${mib(memory.totalBytes)} MiB of memory, ` +
      `and this device has ${mib(budgetBytes)} MiB for them; start fewer machines`,
  );
}
