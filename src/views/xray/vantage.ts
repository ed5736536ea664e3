/** From where one looks when the picture is seen from inside. Pure. */
import {
  type MachineBox,
  type NamespaceId,
  type Process,
  processKey,
  walkBoxes,
  walkProcesses,
} from "../../isolation/index.ts";
import type { XrayTarget } from "./frame.ts";

export interface Vantage {
  readonly pid: NamespaceId;
  /** How many PID namespaces enclose it. */
  readonly level: number;
  /** Who has a number in it. */
  readonly seen: ReadonlySet<Process>;
  /** Keys of the boxes that it is. */
  readonly boxes: ReadonlySet<string>;
}

/** The PID namespace that is meant: of what is selected, else of the box that was made last. */
function chosen(machine: MachineBox, selection: readonly XrayTarget[]): NamespaceId | undefined {
  let latest: NamespaceId | undefined;
  let latestStart = -1;
  for (const box of walkBoxes(machine)) {
    for (const target of selection) {
      if (target.kind === "box" && target.key === box.key) return box.inside.pid;
      if (target.kind === "process")
        for (const process of walkProcesses(box.processes))
          if (processKey(process) === target.key) return process.namespaces.pid ?? box.inside.pid;
    }
    const started = box.processes[0]?.process.details?.startedAt ?? 0;
    if (box.inside.pid !== machine.inside.pid && box.processes.length > 0 && started >= latestStart) {
      latest = box.inside.pid;
      latestStart = started;
    }
  }
  return latest;
}

/** Undefined when there is nothing to look from but the machine itself. */
export function vantageOf(machine: MachineBox, selection: readonly XrayTarget[]): Vantage | undefined {
  const pid = chosen(machine, selection);
  if (pid === undefined || pid === machine.inside.pid) return undefined;
  const seen = new Set<Process>();
  const boxes = new Set<string>();
  let level = Infinity;
  for (const box of walkBoxes(machine)) {
    if (box.inside.pid !== pid || box.role === "kept") continue;
    boxes.add(box.key);
    for (const inner of walkBoxes(box))
      for (const process of walkProcesses(inner.processes)) {
        seen.add(process);
        // The least deep of those in it live in it itself.
        level = Math.min(level, process.pids.length - 1);
      }
  }
  return seen.size === 0 ? undefined : { pid, level, seen, boxes };
}
