import type { NamespaceId } from "./namespace.ts";

export interface NetAddress {
  readonly family: "inet" | "inet6";
  readonly local: string;
  readonly prefixLength: number;
  readonly scope: "global" | "link" | "host" | "site" | "nowhere";
}

/** Another device, by its namespace and its number there. */
export interface NetLink {
  readonly namespace: NamespaceId;
  readonly index: number;
  readonly name: string;
}

export interface NetTraffic {
  readonly packets: number;
  readonly bytes: number;
}

export interface NetDevice {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge`, `macvlan`, `dummy`; the empty string of a card and of `lo`. */
  readonly kind: string;
  readonly up: boolean;
  /** RFC 2863: `UP`, `DOWN`, `LOWERLAYERDOWN`, `UNKNOWN` … */
  readonly state: string;
  readonly loopback: boolean;
  readonly mtu: number;
  /** The hardware's, `02:00:0a:0a:01:01`; the empty string of one that has none. */
  readonly mac: string;
  readonly addresses: readonly NetAddress[];
  /** The other end of a veth pair, or what a macvlan stands on. */
  readonly link: NetLink | undefined;
  /** The name of the bridge that it is a port of. */
  readonly master: string | undefined;
  /** Undefined where the driver keeps a count of its own, as that of the machine's card does. */
  readonly received: NetTraffic | undefined;
  readonly sent: NetTraffic | undefined;
}
