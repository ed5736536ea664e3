import { type Box, type MachineBox, walkBoxes } from "./box.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

const LONGEST_MS = 30_000;

/** Under which key the cost of a box of a machine is found. */
export function costKey(machine: string, box: string): string {
  return `${machine} ${box}`;
}

/**
 * What it took to start a container, in ms: from the start of who made its namespaces (`unshare`, `conmon`) to that of its
 * first process.
 */
function startMs(box: Box): number | undefined {
  const maker = box.launchers[0]?.process ?? box.bornOf;
  const [first, made] = [box.processes[0]?.process.details?.startedAt, maker?.details?.startedAt];
  if (first === undefined || made === undefined) return undefined;
  const ms = first - made;
  // Whoever was there long before, as a shell is, did not begin with this.
  return ms >= 0 && ms < LONGEST_MS ? ms : undefined;
}

/** By {@link costKey}: what the containers of a machine took to start, as far as that can be seen. */
export function containerStarts(machine: string, boxes: MachineBox): Map<string, number> {
  const starts = new Map<string, number>();
  for (const box of walkBoxes(boxes)) {
    const ms = box.role === "container" ? startMs(box) : undefined;
    if (ms !== undefined) starts.set(costKey(machine, box.key), ms);
  }
  return starts;
}

/**
 * Bytes that the cgroup of a box holds; undefined when others live in it too, whose memory that would be as well.
 * @param process One who lives in the box.
 */
export function ownMemory(process: Process, { processes, cgroups }: Observation): number | undefined {
  const isAlone = processes.every(
    (other) => other.cgroup !== process.cgroup || other.namespaces.mnt === process.namespaces.mnt,
  );
  return isAlone ? cgroups.find(({ path }) => path === process.cgroup)?.memory?.current : undefined;
}
