/** The words of queries about network devices. */
import * as v from "valibot";
import type { NetNamespace } from "./namespace.ts";
import type { NetDevice } from "./network.ts";
import { type PlacePattern, placeName, placeWords } from "./query-place.ts";
import { ProcessPatternSchema } from "./process-pattern.ts";
import { MembershipSchema, pathFits } from "./query-values.ts";
import type { Subject } from "./query-words.ts";
import { code, list } from "./words.ts";

/** A description of a network device. All of it has to be so. */
export interface DevicePattern extends PlacePattern {
  /** `*` stands for anything. */
  readonly name?: string | undefined;
  /** `veth`, `bridge`; the empty string of a card and of `lo`. */
  readonly kind?: string | undefined;
  readonly up?: boolean | undefined;
  /** One of its addresses: `10.0.0.1`, or with the length of its prefix, `10.0.0.1/24`. */
  readonly address?: string | undefined;
  /** Whether the other end of a veth pair is in the same network namespace, or in another. */
  readonly peer?: "own" | "other" | undefined;
  /** The bridge that it is a port of. */
  readonly master?: string | undefined;
  readonly loopback?: boolean | undefined;
}

export const DevicePatternSchema: v.GenericSchema<DevicePattern> = v.strictObject({
  name: v.optional(v.string()),
  kind: v.optional(v.string()),
  namespace: v.optional(MembershipSchema),
  of: v.optional(ProcessPatternSchema),
  up: v.optional(v.boolean()),
  address: v.optional(v.string()),
  peer: v.optional(v.picklist(["own", "other"])),
  master: v.optional(v.string()),
  loopback: v.optional(v.boolean()),
} satisfies Record<keyof DevicePattern, unknown>);

interface PlacedDevice {
  readonly place: NetNamespace;
  readonly device: NetDevice;
}

function addressesOf({ addresses }: NetDevice): string[] {
  return addresses.map(({ local, prefixLength }) => `${local}/${prefixLength}`);
}

export const DEVICES: Subject<PlacedDevice, DevicePattern> = {
  words: {
    name: {
      holds: (wanted, { device }) => pathFits(wanted, device.name),
      miss: (wanted, { device }) => `its name is ${code(device.name)}, not ${code(wanted)}`,
    },
    kind: {
      holds: (wanted, { device }) => device.kind === wanted,
      miss: (wanted, { device }) =>
        device.kind === ""
          ? `it is no ${code(wanted)}`
          : `its kind is ${code(device.kind)}, not ${code(wanted)}`,
    },
    ...placeWords<PlacedDevice>(),
    address: {
      holds: (wanted, { device }) =>
        addressesOf(device).some((one) => one === wanted || one.replace(/\/.*/, "") === wanted),
      miss: (wanted, { device }) =>
        device.addresses.length === 0
          ? "it has no address"
          : `its address is ${list(addressesOf(device).map(code))}, not ${code(wanted)}`,
    },
    peer: {
      holds: (wanted, { place, device }) =>
        device.link !== undefined && (device.link.namespace === place.inode) === (wanted === "own"),
      miss: (wanted, { device }) => {
        if (device.link === undefined) return "it has no other end";
        return wanted === "own"
          ? "its other end is in another network namespace"
          : "its other end is in the same network namespace";
      },
    },
    up: {
      holds: (wanted, { device }) => device.up === wanted,
      miss: (wanted) => (wanted ? "it is down" : "it is up"),
    },
    master: {
      holds: (wanted, { device }) => device.master === wanted,
      miss: (wanted, { device }) =>
        device.master === undefined
          ? "it is no port of a bridge"
          : `it is a port of ${code(device.master)}, not ${code(wanted)}`,
    },
    loopback: {
      holds: (wanted, { device }) => device.loopback === wanted,
      miss: (wanted) => (wanted ? "it is no loopback device" : "it is the loopback device"),
    },
  },
  noun: ["device", "devices"],
  identity: ["name"],
  things: ({ namespaces }) =>
    namespaces.flatMap((place) =>
      place.kind === "net" ? place.devices.map((device) => ({ place, device })) : [],
    ),
  nameOf: ({ place, device }, observation) => `${code(device.name)} in ${placeName(place, observation)}`,
  none: ({ name }) =>
    name === undefined
      ? "No network device comes near to what is asked for."
      : `There is no network device ${code(name)}.`,
  but: (name, misses) => `There is ${name}, but ${misses}.`,
  unseen: ({ namespaces }) =>
    namespaces.some((one) => one.kind === "net" && one.devices.length > 0) ? undefined : "Network devices",
};
