/** Words for what lies in an IP packet. Callers have checked that each header is whole. */

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);

/** UDP ports whose use is sure enough to name a packet by (IANA, service-names-port-numbers). */
const UDP_PORTS: ReadonlyMap<number, string> = new Map([
  [53, "DNS"],
  [67, "DHCP"],
  [68, "DHCP"],
  [123, "NTP"],
  [5353, "mDNS"],
]);

export function portName(from: number, to: number): string | undefined {
  return UDP_PORTS.get(to) ?? UDP_PORTS.get(from);
}

/** Types of RFC 792. */
const ICMP_TYPES: ReadonlyMap<number, string> = new Map([
  [0, "echo reply"],
  [3, "destination unreachable"],
  [5, "redirect"],
  [8, "echo request"],
  [11, "time exceeded"],
  [12, "parameter problem"],
]);

/** Types of RFC 4443, 4861 and 3810. */
const ICMPV6_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "destination unreachable"],
  [2, "packet too big"],
  [3, "time exceeded"],
  [4, "parameter problem"],
  [128, "echo request"],
  [129, "echo reply"],
  [133, "router solicitation"],
  [134, "router advertisement"],
  [135, "neighbor solicitation"],
  [136, "neighbor advertisement"],
  [143, "multicast listener report"],
]);

function icmp(bytes: Uint8Array, types: ReadonlyMap<number, string>, echo: ReadonlySet<number>): string {
  const type = bytes[0] ?? 0;
  const words = types.get(type) ?? `type ${type} code ${bytes[1] ?? 0}`;
  return echo.has(type) ? `${words} ${u16(bytes, 4)}, number ${u16(bytes, 6)}` : words;
}

const ICMP_ECHO = new Set([0, 8]);
const ICMPV6_ECHO = new Set([128, 129]);

export const summarizeIcmp = (bytes: Uint8Array): string => icmp(bytes, ICMP_TYPES, ICMP_ECHO);
export const summarizeIcmpv6 = (bytes: Uint8Array): string => icmp(bytes, ICMPV6_TYPES, ICMPV6_ECHO);

/** The control bits, lowest first (RFC 9293, 3.1). */
const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
const ACK = 0x10;

/** RFC 9293. */
export function summarizeTcp(bytes: Uint8Array): { readonly protocol: string; readonly info: string } {
  const bits = bytes[13] ?? 0;
  const flags = FLAGS.filter((_, bit) => (bits >> bit) & 1).join(" ");
  const length = Math.max(0, bytes.length - ((bytes[12] ?? 0) >> 4) * 4);
  const words = [`${u16(bytes, 0)} → ${u16(bytes, 2)}`, `[${flags}]`, `seq ${u32(bytes, 4)}`];
  if ((bits & ACK) !== 0) words.push(`ack ${u32(bytes, 8)}`);
  words.push(`win ${u16(bytes, 14)}`, `len ${length}`);
  return { protocol: "TCP", info: words.join(" ") };
}

/** Colons and the longest run of zero groups as `::` (RFC 5952). */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => u16(bytes, at + i * 2));
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const words = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return words(groups);
  return `${words(groups.slice(0, best.from))}::${words(groups.slice(best.from + best.length))}`;
}
