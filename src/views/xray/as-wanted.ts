import {
  type Box,
  type Ghost,
  type GhostFound,
  type GhostNode,
  type GhostThing,
  type MachineBox,
  processKey,
  sameNamespace,
  walkBoxes,
  walkProcesses,
} from "../../isolation/index.ts";

/** What in the picture is as a ghost wants it: keys of processes and boxes, paths of cgroups. */
export interface AsWanted {
  readonly processes: ReadonlySet<string>;
  readonly boxes: ReadonlySet<string>;
  readonly cgroups: ReadonlySet<string>;
}

export const NOTHING_WANTED: AsWanted = {
  processes: new Set(),
  boxes: new Set(),
  cgroups: new Set(),
};

/** All things of a ghost, whatever they are part of. */
function* thingsOf(nodes: readonly GhostNode[]): Generator<GhostThing> {
  for (const node of nodes) {
    if (node.node === "before") continue;
    if (node.node === "thing") yield node;
    yield* thingsOf(node.node === "any" ? node.nodes : node.inner);
  }
}

/** The box that stands for a namespace; undefined for the machine's own. */
export function boxOfNamespace(
  machine: MachineBox,
  ref: Extract<GhostFound, { kind: "namespace" }>["of"],
): Box | undefined {
  for (const box of walkBoxes(machine))
    if (box !== machine && box.own.some((one) => sameNamespace(one, ref))) return box;
  return undefined;
}

function boxOfProcess(machine: MachineBox, key: string): Box | undefined {
  for (const box of walkBoxes(machine)) {
    if (box === machine) continue;
    for (const process of walkProcesses(box.processes)) if (processKey(process) === key) return box;
  }
  return undefined;
}

/** What the things that are so are in the picture. */
export function asWanted(ghost: Ghost, machine: MachineBox): AsWanted {
  const processes = new Set<string>();
  const boxes = new Set<string>();
  const cgroups = new Set<string>();
  for (const { form, isSo, isAbsent, found, parts } of thingsOf(ghost.nodes)) {
    if (!isSo || isAbsent || found === undefined) continue;
    if (found.kind === "cgroup") cgroups.add(found.key);
    else if (found.kind === "process") {
      processes.add(found.key);
      const isPlaced = parts.some(({ place }) => place?.membership === "not-init");
      const around = isPlaced ? boxOfProcess(machine, found.key) : undefined;
      if (around !== undefined) boxes.add(around.key);
    } else if (form === "namespace") {
      // A mount or a device is only part of what it is in.
      const box = boxOfNamespace(machine, found.of);
      if (box !== undefined) boxes.add(box.key);
    }
  }
  return { processes, boxes, cgroups };
}
