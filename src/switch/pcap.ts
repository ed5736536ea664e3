/**
 * The classic capture file (draft-ietf-opsawg-pcap): a header, then a header and the bytes of each packet, all of it
 * little endian here, which the magic number tells.
 */
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const VERSION = [2, 4] as const;
const LINKTYPE_ETHERNET = 1;
const FILE_HEADER = 24;
const PACKET_HEADER = 16;

export interface PcapFrame {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly frame: Uint8Array;
  /** Bytes of the frame before it was shortened to `frame`. */
  readonly length: number;
}

/** @param snapLength Most bytes of one packet. */
export function pcapFile(frames: readonly PcapFrame[], snapLength: number): Uint8Array<ArrayBuffer> {
  const size = frames.reduce((sum, { frame }) => sum + PACKET_HEADER + frame.length, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC_MICROSECONDS, true);
  view.setUint16(4, VERSION[0], true);
  view.setUint16(6, VERSION[1], true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, LINKTYPE_ETHERNET, true);
  let at = FILE_HEADER;
  for (const { at: ms, frame, length } of frames) {
    const microseconds = Math.round(ms * 1000);
    view.setUint32(at, Math.floor(microseconds / 1_000_000), true);
    view.setUint32(at + 4, microseconds % 1_000_000, true);
    view.setUint32(at + 8, frame.length, true);
    view.setUint32(at + 12, length, true);
    file.set(frame, at + PACKET_HEADER);
    at += PACKET_HEADER + frame.length;
  }
  return file;
}
