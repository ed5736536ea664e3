import { type Box, type MachineBox, walkBoxes, walkProcesses } from "./box.ts";
import { recordOf } from "./box-title.ts";
import { boxesOf } from "./boxes.ts";
import { namespaceOf } from "./ids.ts";
import { NAMESPACE_KINDS } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** In which box of its machine a process lives. */
export interface Placed {
  readonly process: Process;
  /** Undefined in the machine's own namespaces. */
  readonly box: { readonly box: Box; readonly machine: MachineBox } | undefined;
  /**
   * Who root of its user namespace is in the machine: a user, or `nobody` while none is mapped. Undefined where it has
   * the machine's own.
   */
  readonly root: number | "nobody" | undefined;
  /** What the machine calls itself. */
  readonly machineName: string;
}

function isOutermost(process: Process, observation: Observation): boolean {
  const outer = initProcess(observation)?.namespaces;
  return NAMESPACE_KINDS.every(
    (kind) => process.namespaces[kind] === undefined || process.namespaces[kind] === outer?.[kind],
  );
}

/** Whom root of a process's own user namespace is outside; undefined where it has the machine's. */
function rootOf(process: Process, observation: Observation): Placed["root"] {
  const user = namespaceOf(observation, "user", process.namespaces.user);
  if (user === undefined || user.initial) return undefined;
  const first = user.uidMap.find(({ inside }) => inside === 0);
  return user.uidMap.length === 0 ? "nobody" : first?.outside;
}

/** The smallest box that a process is in. */
export function placeOf(observation: Observation, process: Process): Placed {
  if (isOutermost(process, observation)) return { process, box: undefined, root: undefined, machineName: "" };
  const machine = boxesOf(observation);
  const found = [...walkBoxes(machine)].find((box) =>
    [...walkProcesses(box.processes), ...walkProcesses(box.launchers)].includes(process),
  );
  return {
    process,
    box: found === undefined || found.role === "machine" ? undefined : { box: found, machine },
    root: rootOf(process, observation),
    machineName: recordOf(machine.own, "uts")?.hostName ?? "",
  };
}
