import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { toHex } from "../base/index.ts";
import { summarize } from "./summary.ts";

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const LINK = "02000a0a0102 02000a0a0101";
/** The header of an IPv4 packet without options, from 10.10.1.1 to 10.10.1.2. */
const ipv4 = (protocol: string, rest: string, fragment = "0000"): Uint8Array => {
  const length = (20 + bytes(rest).length).toString(16).padStart(4, "0");
  return bytes(`${LINK} 0800 4500 ${length} 0001 ${fragment} 40 ${protocol} 0000 0a0a0101 0a0a0102 ${rest}`);
};
const ipv6 = (next: string, rest: string): Uint8Array => {
  const length = bytes(rest).length.toString(16).padStart(4, "0");
  const from = "fe80 0000 0000 0000 0000 0aff fe0a 0101";
  const to = "ff02 0000 0000 0000 0000 0000 0000 0016";
  return bytes(`${LINK} 86dd 60000000 ${length} ${next} ff ${from} ${to} ${rest}`);
};
const line = (frame: Uint8Array): string => {
  const { from, to, protocol, info } = summarize(frame);
  return `${from} > ${to} ${protocol}: ${info}`;
};
const MACS = "02:00:0a:0a:01:01 > 02:00:0a:0a:01:02";
const IPS = "10.10.1.1 > 10.10.1.2";

test.each([
  [
    "ARP request",
    bytes(
      `ffffffffffff 02000a0a0101 0806 0001 0800 06 04 0001 02000a0a0101 0a0a0101 000000000000 0a0a0102 ${"00".repeat(18)}`,
    ),
    "02:00:0a:0a:01:01 > ff:ff:ff:ff:ff:ff ARP: who has 10.10.1.2? tell 10.10.1.1",
  ],
  [
    "ARP reply",
    bytes(`${LINK} 0806 0001 0800 06 04 0002 02000a0a0101 0a0a0101 02000a0a0102 0a0a0102`),
    `${MACS} ARP: 10.10.1.1 is at 02:00:0a:0a:01:01`,
  ],
  ["ping", ipv4("01", "0800 0000 0007 0003 6162"), `${IPS} ICMP: echo request 7, number 3`],
  ["pong", ipv4("01", "0000 0000 0007 0003 6162"), `${IPS} ICMP: echo reply 7, number 3`],
  ["ICMP of another type", ipv4("01", "2a01 0000 0000 0000"), `${IPS} ICMP: type 42 code 1`],
  [
    "SYN",
    ipv4("06", "9c40 0050 00000001 00000000 6002 faf0 0000 0000 02040000"),
    `${IPS} TCP: 40000 → 80 [SYN] seq 1 win 64240 len 0`,
  ],
  [
    "data",
    ipv4("06", "9c40 0050 fffffff0 00000005 5018 0100 0000 0000 616263"),
    `${IPS} TCP: 40000 → 80 [PSH ACK] seq 4294967280 ack 5 win 256 len 3`,
  ],
  ["UDP", ipv4("11", "9c40 9c41 000a 0000 6162"), `${IPS} UDP: 40000 → 40001, 2 bytes`],
  ["DNS", ipv4("11", "9c40 0035 000a 0000 6162"), `${IPS} DNS: 40000 → 53, 2 bytes`],
  ["DHCP", ipv4("11", "0044 0043 000a 0000 6162"), `${IPS} DHCP: 68 → 67, 2 bytes`],
  ["another protocol over IP", ipv4("84", "00000000"), `${IPS} IP protocol 132: 4 bytes`],
  ["a later fragment", ipv4("11", "00000000", "00b9"), `${IPS} IPv4: fragment at 1480`],
  [
    "padding is not counted",
    new Uint8Array([...ipv4("11", "9c40 9c41 000a 0000 6162"), 0, 0, 0, 0]),
    `${IPS} UDP: 40000 → 40001, 2 bytes`,
  ],
  [
    "neighbor solicitation",
    ipv6("3a", "8700 0000 00000000"),
    "fe80::aff:fe0a:101 > ff02::16 ICMPv6: neighbor solicitation",
  ],
  [
    "ICMPv6 behind a hop-by-hop header",
    ipv6("00", "3a00 050200000100 8f00 0000 00000000"),
    "fe80::aff:fe0a:101 > ff02::16 ICMPv6: multicast listener report",
  ],
  ["IPv6 fragment", ipv6("2c", "0600 0000 00000000"), "fe80::aff:fe0a:101 > ff02::16 IPv6: fragment"],
  ["LLDP", bytes(`${LINK} 88cc 0000`), `${MACS} ethertype 0x88cc: 2 bytes`],
  ["length instead of a type", bytes(`${LINK} 0002 0000`), `${MACS} 802.3: 2 bytes`],
  ["VLAN", bytes(`${LINK} 8100 2007 88cc 00`), `${MACS} ethertype 0x88cc: VLAN 7 1 bytes`],
  ["nothing", new Uint8Array(0), " >  Ethernet: cut short"],
  ["half a header", bytes(LINK), " >  Ethernet: cut short"],
  ["half an IPv4 header", bytes(`${LINK} 0800 4500`), `${MACS} IPv4: cut short`],
  ["an IPv4 header that says it is longer", ipv4("01", "").with(14, 0x4f), `${MACS} IPv4: cut short`],
  ["half an IPv6 header", bytes(`${LINK} 86dd 6000`), `${MACS} IPv6: cut short`],
  ["half a TCP header", ipv4("06", "9c40 0050 00000001"), `${IPS} TCP: cut short`],
  ["half a UDP header", ipv4("11", "9c40"), `${IPS} UDP: cut short`],
  ["half an ICMP header", ipv4("01", "08"), `${IPS} ICMP: cut short`],
  ["half an ARP packet", bytes(`${LINK} 0806 0001`), `${MACS} ARP: cut short`],
])("%s", (_, frame, words) => {
  expect(line(frame)).toBe(words);
});

test("any bytes give words: 20,000 frames of rubbish, many of them half right", () => {
  const random = seeded(20261124);
  const byte = (): number => Math.floor(random() * 256);
  const types = [0x0800, 0x86dd, 0x0806, 0x8100];
  const protocols = new Set<string>();
  const bad: string[] = [];
  for (let round = 0; round < 20_000; round++) {
    const frame = Uint8Array.from({ length: Math.floor(random() * 120) }, byte);
    if (round % 4 > 0 && frame.length > 24) {
      const type = types[byte() % types.length] ?? 0;
      frame.set([type >> 8, type & 255, type === 0x86dd ? 0x60 : 0x45], 12);
      // The next protocol of either version is one that is taken apart.
      const next = [0, 1, 6, 17, 43, 44, 58, 60][byte() % 8] ?? 0;
      frame[type === 0x86dd ? 20 : 23] = next;
    }
    const { from, to, protocol, info } = summarize(frame);
    protocols.add(protocol);
    // Printable, and short enough for a line.
    const good = [from, to, protocol, info].every((words) => /^[\x20-\x7e→]{0,120}$/.test(words));
    if (!good || protocol === "") bad.push(toHex(frame));
  }
  expect(bad).toEqual([]);
  // The rubbish was good enough to reach every part.
  expect([...protocols]).toEqual(
    expect.arrayContaining(["ARP", "IPv4", "IPv6", "ICMP", "ICMPv6", "TCP", "UDP", "Ethernet"]),
  );
});
