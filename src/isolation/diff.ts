/**
 * What happened between two observations of one machine. Only what both sides know is compared: where one of them
 * lacks facts, nothing is said to have come or gone, so no event is ever made up.
 */
import { diffCgroups } from "./diff-cgroups.ts";
import { diffDevices } from "./diff-devices.ts";
import { diffKernel } from "./diff-kernel.ts";
import { diffMounts } from "./diff-mounts.ts";
import { diffNamespaces } from "./diff-namespaces.ts";
import { diffProcesses } from "./diff-processes.ts";
import { type Change, changeBetween } from "./change.ts";
import type { IsolationEvent } from "./events.ts";
import type { Observation } from "./observation.ts";

/**
 * The events that lead from `before` to `after`, causes before their consequences: namespaces and cgroups, then who
 * lives in them. Kernel threads are left out.
 *
 * @param before An earlier observation of the same machine.
 */
export function diff(before: Observation, after: Observation): IsolationEvent[] {
  const kernel = diffKernel(before, after);
  // Of another kernel, or an earlier moment, every single thing differs: that is one event, not thousands.
  if (kernel.some(({ kind }) => kind !== "kernel-panicked")) return kernel;
  const change: Change = changeBetween(before, after);
  return [
    ...kernel,
    ...diffCgroups(change),
    ...diffNamespaces(change),
    ...diffMounts(change),
    ...diffDevices(change),
    ...diffProcesses(change),
  ];
}
