import type { NetAddress, NetDevice, NetLink, NetTraffic } from "../isolation/index.ts";
import { chainOf, listOf } from "./lists.ts";
import type { NamespaceTable } from "./namespaces.ts";
import type { Reading } from "./reading.ts";

const MOST_DEVICES = 1024;
const MOST_ADDRESSES = 256;
const LONGEST_NAME = 16;
const LONGEST_MAC = 32;
/** IFF_UP and IFF_LOOPBACK of uapi/linux/if.h. */
const UP = 1;
const LOOPBACK = 8;
/** RFC 2863, in the order of `net/core/rtnetlink.c`. */
const STATES = ["UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"];
/** uapi/linux/rtnetlink.h, and IFA_* of net/ipv6.h for what is not the world. */
const SCOPES4: Readonly<Record<number, NetAddress["scope"]>> = {
  0: "global",
  200: "site",
  253: "link",
  254: "host",
  255: "nowhere",
};
const SCOPES6: Readonly<Record<number, NetAddress["scope"]>> = {
  0: "global",
  0x10: "host",
  0x20: "link",
  0x40: "site",
};

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** The longest run of two zero groups or more is left out (RFC 5952). */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0));
  let [start, length] = [-1, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(":");
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** The devices of network namespaces; those that are joined across them are named with their namespaces. */
export class NetworkReader {
  readonly #reading: Reading;
  readonly #namespaces: NamespaceTable;

  constructor(reading: Reading, namespaces: NamespaceTable) {
    this.#reading = reading;
    this.#namespaces = namespaces;
  }

  /** Takes note of every network namespace: some are held by nothing that can be seen. */
  findNamespaces(): void {
    const { kernel } = this.#reading;
    const all = listOf(this.#reading, kernel.symbols.nets, {
      link: kernel.net.list,
      what: "network namespaces",
      most: MOST_DEVICES,
    });
    for (const net of all) this.#namespaces.inode("net", net);
  }

  /** @param net Address of the namespace. */
  devices(net: number): NetDevice[] {
    const { memory, kernel, trouble } = this.#reading;
    const all = listOf(this.#reading, net + kernel.net.dev_base_head, {
      link: kernel.device.dev_list,
      what: "network devices",
      most: MOST_DEVICES,
    });
    return all.flatMap((device) => {
      if (memory.u32(device + kernel.device["nd_net.net"]) === net) return [this.#device(device)];
      trouble.note("a network device in another's list");
      return [];
    });
  }

  #device(device: number): NetDevice {
    const { memory, kernel } = this.#reading;
    const { device: at } = kernel;
    const flags = memory.u32(device + at.flags);
    const up = (flags & UP) !== 0;
    const operations = memory.u32(device + at.rtnl_link_ops);
    const kind =
      operations === 0 ? "" : memory.text(memory.u32(operations + kernel.linkOps.kind), LONGEST_NAME);
    const mac = memory.bytes(
      memory.u32(device + at.dev_addr),
      Math.min(memory.u8(device + at.addr_len), LONGEST_MAC),
    );
    const link = this.#linkOf(device, kind);
    return {
      index: memory.u32(device + at.ifindex),
      name: memory.text(device + at.name, LONGEST_NAME),
      kind,
      up,
      // A device that is not up shows no state of its own.
      state: up ? (STATES[memory.u8(device + at.operstate)] ?? "UNKNOWN") : "DOWN",
      loopback: (flags & LOOPBACK) !== 0,
      mtu: memory.u32(device + at.mtu),
      mac: Array.from(mac, hex).join(":"),
      addresses: [...this.#ipv4(device), ...this.#ipv6(device)],
      link: link === undefined ? undefined : this.#named(link),
      master: this.#masterOf(device),
      ...this.#traffic(device, kind, link),
    };
  }

  /** The private part that a driver has behind the device itself. */
  #privateOf(device: number): number {
    const { kernel } = this.#reading;
    return device + Math.ceil(kernel.device.size / kernel.deviceAlign) * kernel.deviceAlign;
  }

  /** The device at the other end of a pair, or below. */
  #linkOf(device: number, kind: string): number | undefined {
    const { memory, kernel } = this.#reading;
    const field =
      kind === "veth" ? kernel.veth.peer : kind === "macvlan" ? kernel.macvlan.lowerdev : undefined;
    const link = field === undefined ? 0 : memory.u32(this.#privateOf(device) + field);
    return link === 0 ? undefined : link;
  }

  #named(device: number): NetLink | undefined {
    const { memory, kernel } = this.#reading;
    const namespace = this.#namespaces.inode("net", memory.u32(device + kernel.device["nd_net.net"]));
    if (namespace === undefined) return undefined;
    return {
      namespace,
      index: memory.u32(device + kernel.device.ifindex),
      name: memory.text(device + kernel.device.name, LONGEST_NAME),
    };
  }

  #masterOf(device: number): string | undefined {
    const { memory, kernel } = this.#reading;
    const upper = listOf(this.#reading, device + kernel.device["adj_list.upper"], {
      link: kernel.adjacent.list,
      what: "upper devices",
      most: MOST_ADDRESSES,
    }).find((one) => memory.u8(one + kernel.adjacent.master) === 1);
    if (upper === undefined) return undefined;
    return memory.text(memory.u32(upper + kernel.adjacent.dev) + kernel.device.name, LONGEST_NAME);
  }

  #ipv4(device: number): NetAddress[] {
    const { memory, kernel } = this.#reading;
    const first = memory.u32(device + kernel.device.ip_ptr);
    if (first === 0) return [];
    const all = chainOf(this.#reading, memory.u32(first + kernel.inDevice.ifa_list), {
      link: kernel.ipv4.ifa_next,
      what: "IPv4 addresses",
      most: MOST_ADDRESSES,
    });
    return all.map((one) => ({
      family: "inet",
      local: memory.bytes(one + kernel.ipv4.ifa_local, 4).join("."),
      prefixLength: memory.u8(one + kernel.ipv4.ifa_prefixlen),
      scope: SCOPES4[memory.u8(one + kernel.ipv4.ifa_scope)] ?? "global",
    }));
  }

  #ipv6(device: number): NetAddress[] {
    const { memory, kernel } = this.#reading;
    const first = memory.u32(device + kernel.device.ip6_ptr);
    if (first === 0) return [];
    const all = listOf(this.#reading, first + kernel.inet6Device.addr_list, {
      link: kernel.ipv6.if_list,
      what: "IPv6 addresses",
      most: MOST_ADDRESSES,
    });
    return all.map((one) => ({
      family: "inet6",
      local: ipv6Text(memory.bytes(one + kernel.ipv6.addr, 16)),
      prefixLength: memory.u32(one + kernel.ipv6.prefix_len),
      scope: SCOPES6[memory.u16(one + kernel.ipv6.scope)] ?? "global",
    }));
  }

  /** What went through a device, where the kernel itself counts it. */
  #traffic(device: number, kind: string, peer: number | undefined): Pick<NetDevice, "received" | "sent"> {
    const { memory, kernel } = this.#reading;
    const local = (of: number): NetTraffic | undefined => {
      const stats = memory.u32(of + kernel.device.lstats);
      return stats === 0
        ? undefined
        : {
            packets: memory.u64(stats + kernel.localStats.packets),
            bytes: memory.u64(stats + kernel.localStats.bytes),
          };
    };
    const loopback = (memory.u32(device + kernel.device.flags) & LOOPBACK) !== 0;
    if (loopback) return { received: local(device), sent: local(device) };
    // What one end sends the other receives.
    if (kind === "veth")
      return { received: peer === undefined ? undefined : local(peer), sent: local(device) };
    const stats = memory.u32(device + kernel.device.tstats);
    if (kind !== "bridge" || stats === 0) return { received: undefined, sent: undefined };
    const { tunnelStats } = kernel;
    return {
      received: {
        packets: memory.u64(stats + tunnelStats.rx_packets),
        bytes: memory.u64(stats + tunnelStats.rx_bytes),
      },
      sent: {
        packets: memory.u64(stats + tunnelStats.tx_packets),
        bytes: memory.u64(stats + tunnelStats.tx_bytes),
      },
    };
  }
}
