/** Where a machine of a lab is found. */

/** Locally administered, of one station (IEEE 802, 8.4). */
const LOCAL = 0x02;
const NETWORK = [10, 10] as const;

/** Segments and machines are numbered so that both fit into an address: 1 to 254. */
export const NUMBER_MAX = 254;

/** A card's address that no other card is likely to have. */
export function randomMac(): Uint8Array<ArrayBuffer> {
  const mac = crypto.getRandomValues(new Uint8Array(6));
  mac[0] = LOCAL;
  return mac;
}

/** `10.10.SEGMENT.NUMBER`; all of a segment are in one /24. */
export function labAddress(segment: number, number: number): string {
  return [...NETWORK, segment, number].join(".");
}

/** `02:00:` and the IPv4 address, so that a capture can be read by eye. */
export function labMac(segment: number, number: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(LOCAL, 0, ...NETWORK, segment, number);
}

export function macText(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
