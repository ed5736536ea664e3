/** The same facts as in the picture, as rows. Pure. */
import {
  boxesOf,
  type Keeper,
  type Namespace,
  NAMESPACE_KINDS,
  type NetDevice,
  type NamespaceId,
  type NamespaceKind,
  type Observation,
  processKey,
  uidInside,
  walkBoxes,
} from "../../isolation/index.ts";
import { byteLimit, bytes, duration } from "./format.ts";
import { namespaceFacts } from "./facts.ts";
import type { NamespaceNumbers } from "./numbers.ts";
import type { TableRow } from "./data-table.ts";
import type { Say } from "./words.ts";

export interface RowsScene {
  readonly observation: Observation;
  readonly numbers: NamespaceNumbers;
  readonly say: Say;
}

function short(kind: NamespaceKind, inode: NamespaceId | undefined, scene: RowsScene): string {
  if (inode === undefined) return "–";
  const { observation, numbers, say } = scene;
  const known = observation.namespaces.find((one) => one.kind === kind && one.inode === inode);
  const number = numbers.of({ kind, inode, generation: known?.generation ?? 0 });
  return number === 1 ? say("xray.table.inits") : `${kind} ${number}`;
}

export function processRows(scene: RowsScene): TableRow[] {
  const { observation } = scene;
  return observation.processes
    .filter(({ kernelThread }) => !kernelThread)
    .map((process) => {
      const inside = uidInside(observation, process);
      return {
        key: processKey(process),
        cells: [
          String(process.pid),
          process.pids.slice(1).join(" → ") || "–",
          process.comm,
          String(process.ppid),
          String(process.uid),
          inside === undefined ? "–" : String(inside),
          process.state,
          process.cgroup ?? "–",
          ...NAMESPACE_KINDS.map((kind) => short(kind, process.namespaces[kind], scene)),
        ],
      };
    });
}

function keeperText(keeper: Keeper, say: Say): string {
  switch (keeper.by) {
    case "mount":
      return say("xray.table.pin-mount", { path: keeper.path });
    case "file":
      return say("xray.table.pin-file", { pid: keeper.pid, fd: keeper.fd });
    case "next-child":
      return say("xray.table.pin-child", { pid: keeper.pid });
    case "owned":
      return say("xray.table.pin-owned", { count: keeper.count });
    default:
      return keeper satisfies never;
  }
}

function keptBy(observation: Observation): Map<string, readonly Keeper[]> {
  const kept = new Map<string, readonly Keeper[]>();
  for (const box of walkBoxes(boxesOf(observation)))
    for (const { kind, inode } of box.role === "kept" ? box.own : []) kept.set(`${kind}:${inode}`, box.kept);
  return kept;
}

export function namespaceRows(scene: RowsScene): TableRow[] {
  const { observation, numbers, say } = scene;
  const kept = keptBy(observation);
  return observation.namespaces.map((one) => {
    const members = observation.processes.filter(({ namespaces }) => namespaces[one.kind] === one.inode);
    const keepers = kept.get(`${one.kind}:${one.inode}`) ?? one.pins;
    const details = namespaceFacts(one, say).map(({ name, value }) => `${name}: ${value}`);
    return {
      key: `${one.kind}:${one.inode}.${one.generation}`,
      cells: [
        `${one.kind} ${numbers.of(one)}`,
        String(one.inode),
        one.owner === undefined ? "–" : short("user", one.owner, scene),
        String(members.length),
        keepers.length > 0
          ? keepers.map((keeper) => keeperText(keeper, say)).join("; ")
          : members.length > 0
            ? say("xray.table.members")
            : "–",
        details.join("; "),
      ],
    };
  });
}

export function cgroupRows({ observation }: RowsScene): TableRow[] {
  return observation.cgroups.map(({ path, inode, memory, cpu, pids, usage, frozen }) => ({
    key: `${path} ${inode}`,
    cells: [
      path,
      String(observation.processes.filter(({ cgroup }) => cgroup === path).length),
      memory === undefined ? "–" : bytes(memory.current),
      memory === undefined ? "–" : byteLimit(memory.high),
      memory === undefined ? "–" : byteLimit(memory.max),
      memory === undefined
        ? "–"
        : `high ${memory.localEvents.high}, max ${memory.localEvents.max}, oom_kill ${memory.localEvents.oomKill}`,
      duration(usage.usage / 1000),
      cpu === undefined ? "–" : cpu.max === "max" ? "max" : `${cpu.max} / ${cpu.period}`,
      cpu === undefined ? "–" : `${cpu.throttledPeriods} of ${cpu.periods}`,
      pids === undefined ? "–" : String(pids.current),
      pids === undefined ? "–" : String(pids.max),
      pids === undefined ? "–" : String(pids.refused),
      frozen ? "1" : "0",
    ],
  }));
}

function traffic(counted: NetDevice["received"]): string {
  return counted === undefined ? "–" : `${counted.packets} / ${bytes(counted.bytes)}`;
}

export function networkRows(scene: RowsScene): TableRow[] {
  const nets = scene.observation.namespaces.filter(
    (one): one is Extract<Namespace, { kind: "net" }> => one.kind === "net",
  );
  return nets.flatMap((net) =>
    net.devices.map((device) => ({
      key: `${net.inode} ${device.index}`,
      cells: [
        device.name,
        short("net", net.inode, scene),
        device.kind === "" ? "–" : device.kind,
        device.addresses.map(({ local, prefixLength }) => `${local}/${prefixLength}`).join(", ") || "–",
        device.up ? device.state : "down",
        device.link === undefined
          ? "–"
          : `${device.link.name} (${short("net", device.link.namespace, scene)})`,
        device.master ?? "–",
        traffic(device.received),
        traffic(device.sent),
      ],
    })),
  );
}

export function mountRows(mounts: Extract<Namespace, { kind: "mnt" }>["mounts"]): TableRow[] {
  return mounts.map((mount) => ({
    key: String(mount.id),
    cells: [
      mount.point,
      mount.type,
      mount.source,
      mount.root,
      mount.options.join(","),
      [
        ...(mount.propagation.shared === undefined ? [] : [`shared:${mount.propagation.shared}`]),
        ...(mount.propagation.master === undefined ? [] : [`master:${mount.propagation.master}`]),
        ...(mount.propagation.unbindable ? ["unbindable"] : []),
      ].join(" ") || "private",
      mount.layers === undefined
        ? "–"
        : [`upper ${mount.layers.upper ?? "–"}`, ...mount.layers.lower.map((path) => `lower ${path}`)].join(
            ", ",
          ),
    ],
  }));
}
