/**
 * The wire between a machine's network card (in its worker) and a port of the switch: a MessagePort, alike both ways.
 * Who sends may be {@link NETWORK_WINDOW} frames ahead of who takes; a MessagePort itself would queue without an end.
 */
import { concatBytes } from "../base/index.ts";

/** Frames that may be on their way in one direction. */
export const NETWORK_WINDOW = 512;

/** Destination, source and EtherType (IEEE 802.3, 3.1.1). Shorter is no frame. */
export const FRAME_HEADER = 14;

/** A full frame with one VLAN tag, without its check sequence (IEEE 802.3, 3.2.7). */
export const FRAME_MAX = 1518;

export type NetworkMessage =
  /** Frames without preamble and check sequence, one after the other; `lengths` says where each ends. */
  | { readonly kind: "frames"; readonly bytes: Uint8Array<ArrayBuffer>; readonly lengths: readonly number[] }
  /** So many frames were taken, or thrown away; as many more may be sent. */
  | { readonly kind: "taken"; readonly frames: number };

/** The other end as each side uses it. */
export interface NetworkPort {
  postMessage(message: NetworkMessage, transfer: Transferable[]): void;
}

export function postFrames(port: NetworkPort, frames: readonly Uint8Array[]): void {
  const bytes = concatBytes(frames);
  port.postMessage({ kind: "frames", bytes, lengths: frames.map((frame) => frame.length) }, [bytes.buffer]);
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** What came off the wire, or undefined when it is none of ours. The frames are views of the message. */
export function readNetworkMessage(
  data: unknown,
): { readonly frames: readonly Uint8Array[] } | { readonly taken: number } | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { kind, bytes, lengths, frames: taken } = data as Record<string, unknown>;
  if (kind === "taken") return isCount(taken) ? { taken } : undefined;
  if (kind !== "frames" || !(bytes instanceof Uint8Array) || !Array.isArray(lengths)) return undefined;
  const frames: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths as unknown[]) {
    if (!isCount(length) || at + length > bytes.length) return undefined;
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return at === bytes.length ? { frames } : undefined;
}
