import { FRAME_HEADER, FRAME_MAX } from "../protocol/network.ts";

/** The lowest bit of an address's first byte: a group of stations (IEEE 802, 8.2.2). */
const GROUP = 0x01;
const ADDRESS = 6;

/** A 48 bit address as a number, which a double holds exactly. */
function addressAt(frame: Uint8Array, at: number): number {
  let address = 0;
  for (let i = at; i < at + ADDRESS; i++) address = address * 256 + (frame[i] ?? 0);
  return address;
}

export const destination = (frame: Uint8Array): number => addressAt(frame, 0);
export const source = (frame: Uint8Array): number => addressAt(frame, ADDRESS);

/** Broadcast and multicast: for everyone. */
export function isForGroup(frame: Uint8Array): boolean {
  return ((frame[0] ?? 0) & GROUP) !== 0;
}

/** A frame that no honest card sends: of a wrong length, or from a group of stations. */
export function isMalformed(frame: Uint8Array): boolean {
  if (frame.length < FRAME_HEADER || frame.length > FRAME_MAX) return true;
  return ((frame[ADDRESS] ?? 0) & GROUP) !== 0;
}

/** `02:00:0a:0a:01:01` */
export function macText(frame: Uint8Array, at = 0): string {
  return Array.from(frame.subarray(at, at + ADDRESS), (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
