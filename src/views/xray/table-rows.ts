/** The same facts as in the picture, as rows. Pure. */
import {
  boxesOf,
  type Ghost,
  type GhostNode,
  type Keeper,
  type Namespace,
  NAMESPACE_KINDS,
  type NamespaceId,
  type NamespaceKind,
  type NamespaceNumbers,
  type NetDevice,
  type Observation,
  type Process,
  processKey,
  uidInside,
  walkBoxes,
} from "../../isolation/index.ts";
import { amount, byteLimit, bytes, duration, percent } from "./format.ts";
import { capabilityWords, namespaceFacts } from "./facts.ts";
import type { XrayMachine } from "./frame.ts";
import type { TableRow } from "./data-table.ts";
import type { Say } from "./words.ts";

/** "3 of 5 so" */
export function ghostSum({ isSo, so, all }: Ghost, say: Say): string {
  return isSo ? say("xray.ghost.all", { all }) : say("xray.ghost.sum", { so, all });
}

/** What is wanted, line by line, and what is missing. */
export function ghostRows({ nodes, commands }: Ghost, say: Say): TableRow[] {
  const rows: TableRow[] = [];
  const add = (key: string, thing: string, part: string, isSo: boolean | undefined, why = ""): void => {
    const state = isSo === undefined ? "–" : say(isSo ? "xray.ghost.so" : "xray.ghost.not-yet");
    const cells = [thing, part, state, why === "" ? "–" : why].map((text) => text.replaceAll("`", ""));
    rows.push({ key, cells });
  };
  const walk = (all: readonly GhostNode[], around: string): void => {
    for (const node of all) {
      if (node.node === "before") {
        add(node.key, say("xray.ghost.first", { what: node.words }), "–", node.isSo);
      } else if (node.node === "any") {
        add(node.key, `${around}${say("xray.ghost.any")}`, "–", node.isSo);
        walk(node.nodes, `${around}– `);
      } else {
        const { key, title, isAbsent, isSo, isThere, why, parts } = node;
        const thing = `${around}${isAbsent ? say("xray.ghost.no", { thing: title }) : title}`;
        if (isAbsent) add(key, thing, parts.map(({ words }) => words).join(", ") || "–", isSo, why);
        else {
          // It is said of the first that is missing.
          const missing = isThere ? parts.find((part) => part.isSo === false) : undefined;
          add(key, thing, say("xray.ghost.there"), isThere, missing === undefined ? why : "");
          for (const part of parts)
            add(`${key} ${part.words}`, thing, part.words, part.isSo, part === missing ? why : "");
        }
        walk(node.inner, around);
      }
    }
  };
  walk(nodes, "");
  if (commands > 0) add("commands", say("xray.ghost.command"), "–", undefined);
  return rows;
}

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

/** "pid 2", "init's; next child pid 2" */
function pidText({ namespaces, forChildren, state }: Process, scene: RowsScene): string {
  const own = short("pid", namespaces.pid, scene);
  const next = forChildren.pid;
  return next === undefined || next === namespaces.pid || state === "Z"
    ? own
    : scene.say("xray.table.next-child", { own, next: short("pid", next, scene) });
}

function panicText(panic: string | undefined, say: Say): string {
  return panic === "" ? say("xray.floor.panic-silent") : (panic ?? "");
}

/** One row for each machine: what the picture tells above its boxes and below them. */
export function machineRows(machines: readonly XrayMachine[], say: Say): TableRow[] {
  return machines.map(({ name, phase, terminal, observation: { kernel, machine, processes } }) => {
    const threads = processes.filter(({ kernelThread }) => kernelThread).length;
    const typed = processes.find((one) => processKey(one) === terminal);
    const known = (value: string | undefined): string => value ?? "–";
    return {
      key: name,
      cells: [
        name,
        [phase, panicText(kernel?.panic, say)].filter((word) => word !== "").join(": ") || "–",
        known(kernel?.version),
        known(kernel?.bootId),
        known(kernel && duration(kernel.uptime)),
        machine?.halted === undefined ? "–" : percent(1 - machine.halted),
        known(kernel?.load.map((one) => one.toFixed(2)).join(" ")),
        machine?.instructionsPerSecond === undefined ? "–" : `${amount(machine.instructionsPerSecond)}/s`,
        known(
          kernel &&
            say("xray.strip.ram-of", {
              used: bytes(kernel.memory.total - kernel.memory.free),
              total: bytes(kernel.memory.total),
            }),
        ),
        known(
          machine &&
            say("xray.strip.frames", {
              sent: amount(machine.frames.sent),
              received: amount(machine.frames.received),
            }),
        ),
        String(processes.length - threads),
        String(threads),
        known(typed && `${typed.comm} (${typed.pid})`),
      ],
    };
  });
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
          ...NAMESPACE_KINDS.map((kind) =>
            kind === "pid" ? pidText(process, scene) : short(kind, process.namespaces[kind], scene),
          ),
          short("pid", process.procMount, scene),
          process.details?.seccomp ?? "–",
          process.details === undefined
            ? "–"
            : capabilityWords(process.details.capabilities.effective, scene.say),
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
  return observation.cgroups.map(({ path, inode, memory, cpu, pids, usage, pressure, frozen }) => ({
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
      pressure === undefined ? "–" : duration(pressure.memory.some.total / 1000),
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
