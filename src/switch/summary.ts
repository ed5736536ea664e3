import { FRAME_HEADER } from "../protocol/network.ts";
import { macText } from "./frame.ts";
import { ipv6Text, portName, summarizeIcmp, summarizeIcmpv6, summarizeTcp } from "./transport.ts";

/** What a frame is, in a line. */
export interface PacketSummary {
  /** The innermost address that is known: IP, or else Ethernet. */
  readonly from: string;
  readonly to: string;
  /** `ARP`, `TCP`, `DNS`, …; `ethertype 0x88cc` for what is not taken apart. */
  readonly protocol: string;
  readonly info: string;
}

/** EtherTypes (IANA, ieee-802-numbers). */
const ARP = 0x0806;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;

/** Protocol numbers (IANA, protocol-numbers). */
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
/** Extension headers that begin with the next one's number and their own length (RFC 8200, 4). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
const EXTENSIONS = new Set([HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS]);

const CUT_SHORT = "cut short";

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
const ipv4Text = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join(".");

/** Describes a frame. Any bytes are a frame to it: what is missing or wrong is said, and nothing is thrown. */
export function summarize(frame: Uint8Array): PacketSummary {
  if (frame.length < FRAME_HEADER) return { from: "", to: "", protocol: "Ethernet", info: CUT_SHORT };
  const link = { from: macText(frame, 6), to: macText(frame) };
  let type = u16(frame, 12);
  let at = FRAME_HEADER;
  let tag = "";
  if (type === VLAN && frame.length >= FRAME_HEADER + 4) {
    tag = `VLAN ${u16(frame, 14) & 0xfff} `;
    type = u16(frame, 16);
    at += 4;
  }
  const summary = { ...link, ...payload(type, frame.subarray(at)) };
  return tag === "" ? summary : { ...summary, info: `${tag}${summary.info}`.trimEnd() };
}

type Inner = Pick<PacketSummary, "protocol" | "info"> & Partial<PacketSummary>;

function payload(type: number, bytes: Uint8Array): Inner {
  switch (type) {
    case ARP:
      return arp(bytes);
    case IPV4:
      return ipv4(bytes);
    case IPV6:
      return ipv6(bytes);
    default:
      // Below 1536 it is a length (IEEE 802.3, 3.2.6).
      return { protocol: type < 1536 ? "802.3" : `ethertype ${hex(type)}`, info: `${bytes.length} bytes` };
  }
}

/** RFC 826, for IPv4 over Ethernet. */
function arp(bytes: Uint8Array): Inner {
  const protocol = "ARP";
  if (bytes.length < 28) return { protocol, info: CUT_SHORT };
  const sender = ipv4Text(bytes, 14);
  const target = ipv4Text(bytes, 24);
  switch (u16(bytes, 6)) {
    case 1:
      return { protocol, info: `who has ${target}? tell ${sender}` };
    case 2:
      return { protocol, info: `${sender} is at ${macText(bytes, 8)}` };
    default:
      return { protocol, info: `operation ${u16(bytes, 6)}` };
  }
}

/** RFC 791. */
function ipv4(bytes: Uint8Array): Inner {
  const headerLength = ((bytes[0] ?? 0) & 15) * 4;
  if (bytes.length < 20 || headerLength < 20 || bytes.length < headerLength) {
    return { protocol: "IPv4", info: CUT_SHORT };
  }
  const addresses = { from: ipv4Text(bytes, 12), to: ipv4Text(bytes, 16) };
  const fragment = (u16(bytes, 6) & 0x1fff) * 8;
  if (fragment > 0) return { ...addresses, protocol: "IPv4", info: `fragment at ${fragment}` };
  // A short frame may be padded behind the packet.
  const end = Math.max(headerLength, Math.min(bytes.length, u16(bytes, 2)));
  return { ...addresses, ...transport(bytes[9] ?? 0, bytes.subarray(headerLength, end)) };
}

/** RFC 8200. */
function ipv6(bytes: Uint8Array): Inner {
  if (bytes.length < 40) return { protocol: "IPv6", info: CUT_SHORT };
  const addresses = { from: ipv6Text(bytes, 8), to: ipv6Text(bytes, 24) };
  let next = bytes[6] ?? 0;
  let at = 40;
  while (EXTENSIONS.has(next) && at + 8 <= bytes.length) {
    next = bytes[at] ?? 0;
    at += ((bytes[at + 1] ?? 0) + 1) * 8;
  }
  if (next === FRAGMENT) return { ...addresses, protocol: "IPv6", info: "fragment" };
  const end = Math.min(bytes.length, 40 + u16(bytes, 4));
  return { ...addresses, ...transport(next, bytes.subarray(Math.min(at, end), end)) };
}

function transport(protocol: number, bytes: Uint8Array): Inner {
  switch (protocol) {
    case ICMP:
      return { protocol: "ICMP", info: bytes.length < 8 ? CUT_SHORT : summarizeIcmp(bytes) };
    case ICMPV6:
      return { protocol: "ICMPv6", info: bytes.length < 8 ? CUT_SHORT : summarizeIcmpv6(bytes) };
    case TCP:
      return bytes.length < 20 ? { protocol: "TCP", info: CUT_SHORT } : summarizeTcp(bytes);
    case UDP:
      return bytes.length < 8
        ? { protocol: "UDP", info: CUT_SHORT }
        : {
            protocol: portName(u16(bytes, 0), u16(bytes, 2)) ?? "UDP",
            info: `${u16(bytes, 0)} → ${u16(bytes, 2)}, ${bytes.length - 8} bytes`,
          };
    default:
      return { protocol: `IP protocol ${protocol}`, info: `${bytes.length} bytes` };
  }
}
