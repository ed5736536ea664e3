import type { DeviceRef, MountRef, NamespaceEvent } from "./events.ts";
import type { NamespaceRef } from "./ids.ts";
import type { NetDevice } from "./network.ts";
import type { Scene } from "./scene.ts";
import type { Sentences } from "./sentences.ts";
import { code, KIND_NAMES, mapped, namespacesOf, processName } from "./words.ts";

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function explainPinned(event: Extract<NamespaceEvent, { kind: "namespace-pinned" }>, scene: Scene): string {
  const name = capital(scene.nameOf(event.namespace));
  if (event.pin.by === "mount") {
    return `${name} is kept by a mount of its file at ${code(event.pin.path)}, even when nobody lives in it.`;
  }
  const holder = scene.process(event.pin.pid);
  const who = holder === undefined ? `process ${event.pin.pid}` : processName(holder);
  return `${name} is kept open by ${who}, descriptor ${event.pin.fd}, though nobody lives in it.`;
}

/** "`proc`", "`/srv` of `/dev/sda1`", "`net:[4026532300]`" */
export function mountedThing({ type, source, root }: MountRef): string {
  if (type === "nsfs") return code(root);
  if (root !== "/") return `${code(root)} of ${code(source)}`;
  return type === source || source === "none" ? code(type) : `${code(source)} (${type})`;
}

function theDevice({ name, kind }: DeviceRef): string {
  return kind === "" ? `device ${code(name)}` : `${kind} device ${code(name)}`;
}

function deviceNow(scene: Scene, namespace: NamespaceRef, index: number): NetDevice | undefined {
  const known = scene.namespace(namespace);
  return known?.kind === "net" ? known.devices.find((one) => one.index === index) : undefined;
}

/** "; its other end `veth0` is in init's network namespace" when the two ends are apart. */
function otherEnd(scene: Scene, namespace: NamespaceRef, device: DeviceRef): string {
  const link = deviceNow(scene, namespace, device.index)?.link;
  if (device.kind !== "veth" || link === undefined || link.namespace === namespace.inode) return "";
  const there: NamespaceRef = { kind: "net", inode: link.namespace, generation: 0 };
  const known = scene.after.namespaces.find((one) => one.kind === "net" && one.inode === link.namespace);
  return `; its other end ${code(link.name)} is in ${scene.nameOf(known ?? there)}`;
}

type Of<Kind extends NamespaceEvent["kind"]> = Extract<NamespaceEvent, { kind: Kind }>;

function explainMade({ namespace, by }: Of<"namespace-made">): string {
  const one = namespacesOf([namespace.kind]);
  return by === undefined ? `${capital(one)} was made.` : `${processName(by)} made ${one}.`;
}

function explainMap({ namespace, map, ranges }: Of<"namespace-mapped">, scene: Scene): string {
  const where = scene.nameOf(namespace);
  return ranges.length === 0
    ? `In ${where}, \`${map}\` is empty now.`
    : `In ${where}, ${mapped(map === "uid_map" ? "user" : "group", ranges)} (\`${map}\`).`;
}

function explainHostName({ namespace, from, to }: Of<"host-name-changed">, scene: Scene): string {
  const change = `is ${code(to)} now, not ${code(from)}`;
  return scene.isInitial(namespace)
    ? `The machine's host name ${change}.`
    : `The host name in ${scene.nameOf(namespace)} ${change}; elsewhere it stays.`;
}

function explainMount({ kind, namespace, mount }: Of<"mount-added" | "mount-removed">, scene: Scene): string {
  const done = kind === "mount-added" ? "mounted on" : "unmounted from";
  return `${mountedThing(mount)} was ${done} ${code(mount.point)} in ${scene.nameOf(namespace)}.`;
}

function explainDeviceState(
  { kind, namespace, device }: Of<"device-up" | "device-down">,
  scene: Scene,
): string {
  const state = kind === "device-up" ? "up" : "down";
  return `The ${theDevice(device)} is ${state} in ${scene.nameOf(namespace)}.`;
}

function explainDevice(
  { kind, namespace, device }: Of<"device-added" | "device-removed">,
  scene: Scene,
): string {
  const where = scene.nameOf(namespace);
  return kind === "device-added"
    ? `The ${theDevice(device)} is new in ${where}${otherEnd(scene, namespace, device)}.`
    : `The ${theDevice(device)} is gone from ${where}.`;
}

function explainAddress(
  { kind, namespace, device, address }: Of<"address-added" | "address-removed">,
  scene: Scene,
): string {
  const has = kind === "address-added" ? "has" : "has lost";
  const text = code(`${address.local}/${address.prefixLength}`);
  return `The ${theDevice(device)} ${has} the address ${text} in ${scene.nameOf(namespace)}.`;
}

/** What is said of namespaces and of what is in them. */
export const OF_NAMESPACES: Sentences<NamespaceEvent> = {
  "namespace-made": explainMade,
  "namespace-gone": ({ namespace }, scene) => `${capital(scene.nameOf(namespace))} is gone.`,
  "namespace-init-died": ({ namespace }, scene) =>
    `PID 1 of ${scene.nameOf(namespace)} died, so the kernel killed all in it, and nobody can be born there any more.`,
  "namespace-pinned": explainPinned,
  "namespace-unpinned": ({ namespace, pin }, scene) => {
    const where = scene.nameOf(namespace);
    return pin.by === "mount"
      ? `${code(pin.path)} does not keep ${where} any more.`
      : `Nobody holds ${where} open any more.`;
  },
  "namespace-mapped": explainMap,
  "namespace-setgroups": ({ namespace, to }, scene) => {
    const so = to === "deny" ? ": so `gid_map` may be written without privileges" : "";
    return `In ${scene.nameOf(namespace)}, \`setgroups\` is ${code(to)} now${so}.`;
  },
  "host-name-changed": explainHostName,
  "mount-added": explainMount,
  "mount-removed": explainMount,
  "device-added": explainDevice,
  "device-removed": explainDevice,
  "device-moved": ({ device, from, to }, scene) =>
    `The ${theDevice(device)} moved from ${scene.nameOf(from)} to ${scene.nameOf(to)}${otherEnd(scene, to, device)}.`,
  "device-up": explainDeviceState,
  "device-down": explainDeviceState,
  "address-added": explainAddress,
  "address-removed": explainAddress,
};

/** "its mount and PID namespaces are gone", of those that went with whom they belonged to. */
export function goneNamespaces(refs: readonly NamespaceRef[]): string {
  const names = refs.map(({ kind }) => kind);
  const [only] = names;
  return names.length === 1 && only !== undefined
    ? `its ${KIND_NAMES[only]} namespace is gone`
    : `its ${namespacesOf(names)} are gone`;
}
