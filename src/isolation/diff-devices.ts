import type { Change } from "./change.ts";
import { namespaceRef } from "./diff-namespaces.ts";
import type { DeviceRef, NamespaceEvent } from "./events.ts";
import { namespaceKey, type NamespaceRef } from "./ids.ts";
import type { Namespace } from "./namespace.ts";
import type { NetAddress, NetDevice } from "./network.ts";

interface Placed {
  readonly namespace: NamespaceRef;
  readonly device: NetDevice;
}

function deviceRef({ index, name, kind }: NetDevice): DeviceRef {
  return { index, name, kind };
}

/** The devices of these, but for `lo`, which every network namespace has. */
function devicesIn(namespaces: readonly Namespace[]): Placed[] {
  return namespaces.flatMap((one) =>
    one.kind === "net"
      ? one.devices
          .filter((device) => !device.loopback)
          .map((device) => ({ namespace: namespaceRef(one), device }))
      : [],
  );
}

/** Within a namespace: its number there. */
function placeKey({ namespace, device }: Placed): string {
  return `${namespaceKey(namespace)} ${device.index}`;
}

/** A device keeps kind and hardware address when it moves, but not always its number, and its name may be changed. */
function movesTo(was: Placed, is: Placed): boolean {
  if (namespaceKey(was.namespace) === namespaceKey(is.namespace)) return false;
  if (was.device.kind !== is.device.kind || was.device.mac !== is.device.mac) return false;
  return was.device.mac !== "" || was.device.name === is.device.name;
}

function addressKey({ family, local, prefixLength }: NetAddress): string {
  return `${family} ${local}/${prefixLength}`;
}

function stateEvents(namespace: NamespaceRef, was: NetDevice, is: NetDevice): NamespaceEvent[] {
  const device = deviceRef(is);
  const old = new Set(was.addresses.map(addressKey));
  const now = new Set(is.addresses.map(addressKey));
  return [
    ...(was.up === is.up
      ? []
      : [{ kind: is.up ? ("device-up" as const) : ("device-down" as const), namespace, device }]),
    ...is.addresses
      .filter((address) => !old.has(addressKey(address)))
      .map((address): NamespaceEvent => ({ kind: "address-added", namespace, device, address })),
    ...was.addresses
      .filter((address) => !now.has(addressKey(address)))
      .map((address): NamespaceEvent => ({ kind: "address-removed", namespace, device, address })),
  ];
}

/** Devices that came, went, moved to another network namespace, or changed. */
export function diffDevices({ namespaces: { kept, made, gone }, before, after }: Change): NamespaceEvent[] {
  // Every network namespace has `lo`, so an empty list was not read yet.
  const known = (one: Namespace): boolean => one.kind === "net" && one.devices.length > 0;
  const both = kept.filter(({ was, is }) => known(was) && known(is));
  const was = devicesIn([...both.map((one) => one.was), ...gone]);
  const is = devicesIn([...both.map((one) => one.is), ...made]);
  const oldKeys = new Set(was.map(placeKey));
  const newKeys = new Set(is.map(placeKey));
  const added = before.missing.length > 0 ? [] : is.filter((one) => !oldKeys.has(placeKey(one)));
  const lost =
    before.missing.length + after.missing.length > 0 ? [] : was.filter((one) => !newKeys.has(placeKey(one)));

  const events: NamespaceEvent[] = [];
  const moved = new Set<Placed>();
  for (const here of added) {
    const there = lost.find((one) => !moved.has(one) && movesTo(one, here));
    if (there === undefined) {
      events.push({ kind: "device-added", namespace: here.namespace, device: deviceRef(here.device) });
    } else {
      moved.add(there);
      events.push({
        kind: "device-moved",
        device: deviceRef(here.device),
        from: there.namespace,
        to: here.namespace,
      });
    }
  }
  for (const { was: old, is: now } of both) {
    if (old.kind !== "net" || now.kind !== "net") continue;
    const firstOf = ({ devices }: typeof now, index: number): NetDevice | undefined =>
      devices.find((one) => one.index === index);
    for (const device of now.devices) {
      // A torn reading may hold a device twice.
      if (firstOf(now, device.index) !== device) continue;
      const earlier = firstOf(old, device.index);
      if (earlier !== undefined) events.push(...stateEvents(namespaceRef(now), earlier, device));
    }
  }
  for (const one of lost) {
    if (moved.has(one)) continue;
    events.push({ kind: "device-removed", namespace: one.namespace, device: deviceRef(one.device) });
  }
  return events;
}
