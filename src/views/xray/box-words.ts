/** What a box says of itself. Pure. */
import {
  type Box,
  type Keeper,
  type MachineBox,
  type Namespace,
  type NamespaceNumbers,
  type NetDevice,
  type Observation,
  type Process,
  recordOf,
} from "../../isolation/index.ts";
import { duration } from "./format.ts";
import type { Say } from "./words.ts";

/** Of a network namespace's devices no more than these are told. */
const MOST_DEVICES = 3;

export interface BoxWordsScene {
  readonly say: Say;
  readonly numbers: NamespaceNumbers;
  readonly observation: Observation;
  /** The host name in the namespaces that enclose the machine's boxes. */
  readonly machineName: string;
}

function keeperWords(keeper: Keeper, say: Say): string {
  switch (keeper.by) {
    case "mount":
      return say("xray.kept.mount", { path: keeper.path });
    case "file":
      return say("xray.kept.file", { pid: keeper.pid, fd: keeper.fd });
    case "next-child":
      return say("xray.kept.next-child", { name: keeper.comm, pid: keeper.pid });
    case "owned":
      return say("xray.kept.owned", { count: keeper.count });
    default:
      return keeper satisfies never;
  }
}

/** "eth0 10.88.0.2/16, joined to veth0 of the machine" */
function deviceWords(device: NetDevice, scene: BoxWordsScene): string {
  const { say, numbers, observation } = scene;
  const addresses = device.addresses
    .filter(({ scope }) => scope !== "link")
    .map(({ local, prefixLength }) => `${local}/${prefixLength}`);
  const named = [device.name, ...addresses].join(" ");
  const far = device.link;
  if (far === undefined || device.kind !== "veth")
    return device.up ? named : say("xray.net.down", { device: named });
  const net = observation.namespaces.find(({ kind, inode }) => kind === "net" && inode === far.namespace);
  const joined =
    net === undefined || net.initial
      ? say("xray.net.veth-machine", { device: named, far: far.name })
      : say("xray.net.veth", { device: named, far: far.name, number: numbers.of(net) });
  return device.up ? joined : say("xray.net.down", { device: joined });
}

/** The first few, and how many more there are. */
function deviceLines(devices: readonly NetDevice[], scene: BoxWordsScene): string[] {
  const lines = devices.slice(0, MOST_DEVICES).map((device) => deviceWords(device, scene));
  const more = devices.length - lines.length;
  return more > 0 ? [...lines, scene.say("xray.net.more", { count: more })] : lines;
}

function userWords({ uidMap }: Extract<Namespace, { kind: "user" }>, say: Say): string {
  const [first] = uidMap;
  if (first === undefined) return say("xray.user.unmapped");
  const last = uidMap.at(-1) ?? first;
  if (first.inside === 0 && first.count === 1 && uidMap.length === 1)
    return say("xray.user.root", { outside: first.outside });
  if (first.inside === 0 && first.count === 1)
    return say("xray.user.root-more", {
      outside: first.outside,
      from: last.inside,
      to: last.inside + last.count - 1,
      start: last.outside,
    });
  return say("xray.user.range", {
    from: first.inside,
    to: first.inside + first.count - 1,
    start: first.outside,
    end: first.outside + first.count - 1,
  });
}

/** Sentences on what is inside and where it comes from, each short. */
export function boxFacts(box: Box, scene: BoxWordsScene): string[] {
  const { say, numbers, observation } = scene;
  const facts = box.kept.map((keeper) => keeperWords(keeper, say));
  const from: Process | undefined = box.bornOf;
  if (from !== undefined && (box.role === "container" || box.role === "part"))
    facts.push(say("xray.box.born", { name: from.comm, pid: from.pid }));
  const [main] = box.own;
  const owner = main?.namespace?.owner;
  if (box.role === "part" && owner !== undefined && main?.kind !== "user") {
    const user = observation.namespaces.find(({ kind, inode }) => kind === "user" && inode === owner);
    if (user?.initial === true) facts.push(say("xray.box.owner-init"));
    else if (user !== undefined) facts.push(say("xray.box.owner", { number: numbers.of(user) }));
  }
  const user = recordOf(box.own, "user");
  if (user !== undefined) facts.push(userWords(user, say));
  const uts = recordOf(box.own, "uts");
  if (uts !== undefined && box.role !== "container") facts.push(say("xray.uts.name", { name: uts.hostName }));
  const net = recordOf(box.own, "net");
  if (net !== undefined) {
    const devices = net.devices.filter(({ loopback }) => !loopback);
    if (devices.length === 0) facts.push(say("xray.net.only-lo"));
    facts.push(...deviceLines(devices, scene));
  }
  const time = recordOf(box.own, "time");
  if (time !== undefined)
    facts.push(
      say("xray.time.offset", {
        sign: time.boottime.seconds < 0 ? "−" : "+",
        offset: duration(Math.abs(time.boottime.seconds) * 1000),
      }),
    );
  return facts;
}

/** Its host name, and the devices that lead out of it: what its boxes share where they have none of their own. */
export function machineFacts(machine: MachineBox, scene: BoxWordsScene): string[] {
  const uts = recordOf(machine.own, "uts");
  // The ends of pairs are told in the boxes that they lead to.
  const devices = (recordOf(machine.own, "net")?.devices ?? []).filter(
    ({ loopback, link }) => !loopback && link === undefined,
  );
  return [
    ...(uts === undefined ? [] : [scene.say("xray.uts.name", { name: uts.hostName })]),
    ...deviceLines(devices, scene),
  ];
}
