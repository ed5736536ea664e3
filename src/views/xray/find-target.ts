/** What a target stands for in an observation. Pure. */
import {
  type Box,
  type Cgroup,
  type MachineBox,
  type Observation,
  type Process,
  processKey,
  walkBoxes,
} from "../../isolation/index.ts";
import type { XrayTarget } from "./frame.ts";

export type Found =
  | { readonly kind: "process"; readonly process: Process }
  | { readonly kind: "box"; readonly box: Box }
  | { readonly kind: "cgroup"; readonly cgroup: Cgroup };

export function findTarget(
  target: XrayTarget,
  observation: Observation,
  machine: MachineBox,
): Found | undefined {
  if (target.kind === "process") {
    const process = observation.processes.find((one) => processKey(one) === target.key);
    return process === undefined ? undefined : { kind: "process", process };
  }
  if (target.kind === "cgroup") {
    const cgroup = observation.cgroups.find(({ path }) => path === target.key);
    return cgroup === undefined ? undefined : { kind: "cgroup", cgroup };
  }
  for (const box of walkBoxes(machine)) if (box.key === target.key) return { kind: "box", box };
  return undefined;
}

/** The process that stands for what was chosen: itself, or the first one in a box or cgroup. */
export function speakerOf(found: Found, observation: Observation): Process | undefined {
  switch (found.kind) {
    case "process":
      return found.process;
    case "box":
      return found.box.processes[0]?.process ?? found.box.launchers[0]?.process;
    case "cgroup":
      return observation.processes.find(({ cgroup }) => cgroup === found.cgroup.path);
    default:
      return found satisfies never;
  }
}
