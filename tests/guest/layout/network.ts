import type { KernelMemory, KernelObject } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";

/** `net/core/rtnetlink.c`, RFC 2863. */
const OPER_STATES = ["UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"];
const ARPHRD = new Map([
  [1, "ether"],
  [772, "loopback"],
]);
/** `uapi/linux/if.h`: the flags that a device keeps; others are derived when asked. */
const FLAGS = new Map([
  [0x1, "UP"],
  [0x2, "BROADCAST"],
  [0x8, "LOOPBACK"],
  [0x80, "NOARP"],
  [0x1000, "MULTICAST"],
]);
const SCOPES = new Map([
  [0, "global"],
  [0x20, "link"],
  [253, "link"],
  [254, "host"],
  [0x10, "host"],
]);

interface Address {
  readonly family: string;
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  readonly broadcast?: string;
  readonly label?: string;
}

function bytesAt(memory: KernelMemory, address: number, length: number): number[] {
  return [...new Uint8Array(memory.bytes(address, length).buffer)];
}

const hex2 = (byte: number): string => byte.toString(16).padStart(2, "0");

function ipv4(device: KernelObject): Address[] {
  const { memory } = device;
  const first = device.follow("ip_ptr", "in_device");
  const all = first?.chain("ifa_list", "in_ifaddr", "ifa_next") ?? [];
  return all.map((one) => {
    const dotted = (field: string): string => bytesAt(memory, one.addressOf(field), 4).join(".");
    return {
      family: "inet",
      local: dotted("ifa_local"),
      prefixlen: one.number("ifa_prefixlen"),
      scope: SCOPES.get(one.number("ifa_scope")) ?? "?",
      ...(one.number("ifa_broadcast") === 0 ? {} : { broadcast: dotted("ifa_broadcast") }),
      label: one.text("ifa_label"),
    };
  });
}

/** Sixteen bytes as groups, the longest run of zeros left out; as `URL` writes an address. */
function colons(bytes: readonly number[]): string {
  const groups = bytes.flatMap((byte, i) => (i % 2 === 0 ? [hex2(byte) + hex2(bytes[i + 1] ?? 0)] : []));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function ipv6(device: KernelObject): Address[] {
  const list = device.follow("ip6_ptr", "inet6_dev")?.list("addr_list", "inet6_ifaddr", "if_list") ?? [];
  return list.map((one) => ({
    family: "inet6",
    local: colons(bytesAt(device.memory, one.addressOf("addr"), 16)),
    prefixlen: one.number("prefix_len"),
    scope: SCOPES.get(one.number("scope")) ?? "?",
  }));
}

/** The private part that a driver has behind the device itself. */
function privateOf(device: KernelObject, struct: string): KernelObject {
  const { memory } = device;
  const align = memory.constant("NETDEV_ALIGN");
  return memory.at(struct, device.address + Math.ceil(memory.size("net_device") / align) * align);
}

/** The device at the other end of a pair, or below. */
function linkOf(device: KernelObject, kind: string): KernelObject | undefined {
  if (kind === "veth") return privateOf(device, "veth_priv").get("peer", "net_device");
  if (kind === "macvlan") return privateOf(device, "macvlan_dev").get("lowerdev", "net_device");
  return undefined;
}

function masterOf(device: KernelObject): string | undefined {
  const upper = device.list("adj_list.upper", "netdev_adjacent", "list");
  return upper
    .find((one) => one.number("master") === 1)
    ?.get("dev", "net_device")
    .text("name");
}

function readDevice(device: KernelObject): Record<string, unknown> {
  const kind = device.follow("rtnl_link_ops", "rtnl_link_ops")?.textAt("kind") ?? "";
  const flags = device.number("flags");
  const bytes = bytesAt(device.memory, device.number("dev_addr"), device.number("addr_len"));
  const type = ARPHRD.get(device.number("type"));
  return {
    ifindex: device.number("ifindex"),
    ifname: device.text("name"),
    flags: [...FLAGS].filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
    mtu: device.number("mtu"),
    // A device that is not up shows no state of its own.
    operstate: (flags & 1) === 0 ? "DOWN" : OPER_STATES[device.number("operstate")],
    link_type: type,
    address: bytes.map(hex2).join(":"),
    kind,
    link_index: linkOf(device, kind)?.number("ifindex"),
    master: masterOf(device),
    addresses: [...ipv4(device), ...ipv6(device)],
  };
}

/** The devices of a network namespace, in their order. */
export function readDevices(net: KernelObject): Record<string, unknown>[] {
  const devices = net.list("dev_base_head", "net_device", "dev_list");
  for (const device of devices) {
    if (device.number("nd_net.net") !== net.address) throw new Error("a device in another's list");
  }
  return devices.map(readDevice);
}

/** The names of a bridge's ports, with their numbers. */
export function readPorts(device: KernelObject): string[] {
  const ports = privateOf(device, "net_bridge").list("port_list", "net_bridge_port", "list");
  return ports.map((port) => `${port.get("dev", "net_device").text("name")} ${port.number("port_no")}`);
}

/** Every network namespace, with or without processes. */
export function networks(kernel: KernelMemory): KernelObject[] {
  return [...kernel.list(kernel.symbol("net_namespace_list"), "net", "list")];
}

interface Shown {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly Address[];
  readonly [key: string]: unknown;
}

/** What {@link readDevices} must find, from `ip -j -d addr`. */
export function saidDevices(facts: Facts, file: string): Record<string, unknown>[] {
  const all = JSON.parse(facts.text(file)) as Shown[];
  return all.map((shown) => ({
    ifindex: shown["ifindex"],
    ifname: shown.ifname,
    flags: [...FLAGS.values()].filter((name) => shown.flags.includes(name)),
    mtu: shown["mtu"],
    operstate: shown["operstate"],
    link_type: shown["link_type"],
    address: shown["address"],
    kind: shown.linkinfo?.info_kind ?? "",
    // A device in the same namespace is named, one in another is numbered.
    link_index: shown["link_index"] ?? all.find(({ ifname }) => ifname === shown["link"])?.["ifindex"],
    master: shown["master"],
    addresses: shown.addr_info.map(({ family, local, prefixlen, scope, broadcast, label }) => ({
      family,
      local,
      prefixlen,
      scope,
      ...(broadcast === undefined ? {} : { broadcast }),
      ...(label === undefined ? {} : { label }),
    })),
  }));
}
