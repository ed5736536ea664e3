/**
 * The wire between the worker (host) and the agent in the guest: frames over one raw virtio console.
 * The C side is `images/agent/wire.h`; a change here is a change there, and bumps {@link AGENT_PROTOCOL_VERSION}.
 *
 * A frame, little endian:
 *
 * | offset | size | what |
 * |---|---|---|
 * | 0 | 2 | magic 0x56 0x7e |
 * | 2 | 1 | type |
 * | 3 | 1 | flags, 0 |
 * | 4 | 2 | channel: 0 is the link itself, others are chosen by the host |
 * | 6 | 2 | payload length, at most {@link MAX_PAYLOAD} |
 * | 8 | 4 | CRC-32 (IEEE 802.3) of bytes 2–7 and the payload |
 * | 12 | n | payload |
 *
 * Data flows by credit: a side sends at most as many payload bytes on a channel as the other has granted.
 */
import { CodedError } from "../base/index.ts";

export const AGENT_PROTOCOL_VERSION = 2;
export const HEADER_SIZE = 12;
/** A whole frame fits a page, the unit in which the console driver takes bytes. */
export const MAX_PAYLOAD = 4084;

const MAGIC_0 = 0x56;
const MAGIC_1 = 0x7e;

/** Frames from the host to the guest. */
export const ToGuest = {
  hello: 0x01,
  open: 0x02,
  data: 0x03,
  eof: 0x04,
  credit: 0x05,
  resize: 0x06,
  signal: 0x07,
  close: 0x08,
  request: 0x09,
  openPart: 0x0a,
} as const;

/** Frames from the guest to the host. */
export const ToHost = {
  hello: 0x41,
  opened: 0x42,
  data: 0x43,
  dataError: 0x44,
  credit: 0x45,
  exit: 0x46,
  refused: 0x47,
  replyData: 0x48,
  replyEnd: 0x49,
} as const;

/** Verbs that the agent answers without a fork. */
export const Verb = {
  /** Replies with a line of text: uptime and load. */
  status: 1,
  /** Replies with the process table, see {@link parseProcessTable} of the machine worker. */
  processes: 2,
  /** Sets wall clock, host name and entropy; payload by {@link encodeSetup}. */
  setup: 3,
  /** kill(2); payload by {@link encodeKill}. */
  signal: 4,
  /** Opens a file; payload by {@link encodeFileOpen}, reply by {@link parseOpened}. This and the next are a process of their own. */
  open: 5,
  /** Replies with the bytes, fewer at the end of the file; payload by {@link encodeFileRead}. */
  read: 6,
  /** Writes all of it; payload by {@link encodeFileWrite}. */
  write: 7,
  close: 8,
  /** Payload by {@link encodeFileStat}, reply by {@link parseFileStat}. */
  stat: 9,
} as const;

export interface Frame {
  readonly type: number;
  readonly channel: number;
  /** Owned by the receiver. */
  readonly payload: Uint8Array;
}

const CRC_TABLE = (() => {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[n] = c >>> 0;
  }
  return table;
})();

function crcUpdate(crc: number, bytes: Uint8Array, from: number, to: number): number {
  let c = crc;
  // Indices are masked to 0–255 and bounded by the loop: both reads are inside their arrays.
  for (let i = from; i < to; i++) c = (CRC_TABLE[(c ^ (bytes[i] as number)) & 0xff] as number) ^ (c >>> 8);
  return c;
}

/** CRC-32 as in IEEE 802.3, over the parts of a frame that it covers. */
function frameCrc(frame: Uint8Array, start: number, payloadLength: number): number {
  let crc = crcUpdate(0xffffffff, frame, start + 2, start + 8);
  crc = crcUpdate(crc, frame, start + HEADER_SIZE, start + HEADER_SIZE + payloadLength);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @throws CodedError `bad-argument` when the payload is longer than a frame holds. */
export function encodeFrame(
  type: number,
  channel: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  if (payload.length > MAX_PAYLOAD) {
    throw new CodedError("bad-argument", `a frame holds ${MAX_PAYLOAD} bytes, not ${payload.length}`);
  }
  const frame = new Uint8Array(HEADER_SIZE + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = MAGIC_0;
  frame[1] = MAGIC_1;
  frame[2] = type;
  view.setUint16(4, channel, true);
  view.setUint16(6, payload.length, true);
  frame.set(payload, HEADER_SIZE);
  view.setUint32(8, frameCrc(frame, 0, payload.length), true);
  return frame;
}

/**
 * Takes bytes in any portions and gives whole frames. Bytes that belong to no valid frame are skipped and counted,
 * so the reader finds its way back after garbage on the line.
 */
export class FrameReader {
  #pending: Uint8Array = new Uint8Array(0);
  #skipped = 0;

  /** How many bytes were thrown away so far. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  /** Bytes of a frame that is not complete yet; part of a snapshot. */
  get pending(): Uint8Array {
    return this.#pending;
  }

  reset(pending: Uint8Array = new Uint8Array(0)): void {
    this.#pending = pending.slice();
  }

  push(bytes: Uint8Array): Frame[] {
    let buffer = bytes;
    if (this.#pending.length > 0) {
      buffer = new Uint8Array(this.#pending.length + bytes.length);
      buffer.set(this.#pending);
      buffer.set(bytes, this.#pending.length);
    }
    const frames: Frame[] = [];
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    let at = 0;
    while (at < buffer.length) {
      if (buffer[at] !== MAGIC_0 || (at + 1 < buffer.length && buffer[at + 1] !== MAGIC_1)) {
        at++;
        this.#skipped++;
        continue;
      }
      if (at + HEADER_SIZE > buffer.length) break;
      const length = view.getUint16(at + 6, true);
      if (length > MAX_PAYLOAD) {
        at++;
        this.#skipped++;
        continue;
      }
      if (at + HEADER_SIZE + length > buffer.length) break;
      if (view.getUint32(at + 8, true) !== frameCrc(buffer, at, length)) {
        at++;
        this.#skipped++;
        continue;
      }
      frames.push({
        type: buffer[at + 2] as number,
        channel: view.getUint16(at + 4, true),
        payload: buffer.slice(at + HEADER_SIZE, at + HEADER_SIZE + length),
      });
      at += HEADER_SIZE + length;
    }
    this.#pending = buffer.slice(at);
    return frames;
  }
}

/** Writes the little-endian fields of a payload. */
class PayloadWriter {
  #bytes: number[] = [];

  u8(value: number): this {
    this.#bytes.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value).u8(value >>> 8);
  }

  u32(value: number): this {
    return this.u16(value).u16(value >>> 16);
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** A string with its length in front; NUL cannot be part of it, since it ends strings in the guest. */
  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    if (bytes.includes(0))
      throw new CodedError("bad-argument", "a NUL character cannot be passed to a program");
    if (bytes.length > 0xffff)
      throw new CodedError("bad-argument", "an argument is longer than 65,535 bytes");
    return this.u16(bytes.length).raw(bytes);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** What is to run on a channel. */
export interface OpenSpec {
  /** `pty` is a terminal; `pipes` keeps stdin, stdout and stderr apart. */
  readonly kind: "pty" | "pipes";
  readonly cols: number;
  readonly rows: number;
  /** Milliseconds after which the process group is killed; 0 is never. */
  readonly timeoutMs: number;
  /** Bytes of output that the guest may send before it is granted more. */
  readonly credit: number;
  /** A name of the guest's `/etc/passwd`. */
  readonly user: string;
  /** Empty: the user's home. */
  readonly cwd: string;
  /** Empty: the user's login shell. */
  readonly argv: readonly string[];
  /** Added to the user's login environment, each `NAME=value`. */
  readonly env: readonly string[];
}

/** The agent gathers the parts of an `open` in a buffer of this size. */
const MAX_OPEN_SIZE = 65536;

/** The frames that open a channel: parts, if it is long, then the `open` itself. */
export function encodeOpen(channel: number, spec: OpenSpec): Uint8Array[] {
  const writer = new PayloadWriter()
    .u8(spec.kind === "pty" ? 1 : 0)
    .u16(spec.cols)
    .u16(spec.rows)
    .u32(spec.timeoutMs)
    .u32(spec.credit)
    .text(spec.user)
    .text(spec.cwd)
    .u16(spec.argv.length);
  for (const argument of spec.argv) writer.text(argument);
  writer.u16(spec.env.length);
  for (const variable of spec.env) writer.text(variable);
  const payload = writer.done();
  if (payload.length > MAX_OPEN_SIZE) {
    throw new CodedError(
      "bad-argument",
      `a command with its environment may be ${MAX_OPEN_SIZE} bytes long, this one has ${payload.length}; pass it as standard input`,
    );
  }
  const frames: Uint8Array[] = [];
  let at = 0;
  for (; payload.length - at > MAX_PAYLOAD; at += MAX_PAYLOAD) {
    frames.push(encodeFrame(ToGuest.openPart, channel, payload.subarray(at, at + MAX_PAYLOAD)));
  }
  frames.push(encodeFrame(ToGuest.open, channel, payload.subarray(at)));
  return frames;
}

export function encodeHello(nonce: number): Uint8Array {
  return encodeFrame(ToGuest.hello, 0, new PayloadWriter().u16(AGENT_PROTOCOL_VERSION).u32(nonce).done());
}

export function encodeCredit(channel: number, bytes: number): Uint8Array {
  return encodeFrame(ToGuest.credit, channel, new PayloadWriter().u32(bytes).done());
}

export function encodeResize(channel: number, cols: number, rows: number): Uint8Array {
  return encodeFrame(ToGuest.resize, channel, new PayloadWriter().u16(cols).u16(rows).done());
}

export function encodeSignal(channel: number, signal: number): Uint8Array {
  return encodeFrame(ToGuest.signal, channel, Uint8Array.of(signal));
}

export function encodeRequest(
  channel: number,
  verb: number,
  body: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return encodeFrame(ToGuest.request, channel, new PayloadWriter().u8(verb).raw(body).done());
}

/** Body of {@link Verb.setup}. */
export interface GuestSetup {
  /** Milliseconds since 1970. */
  readonly wallClockMs: number;
  /** Empty leaves it as it is. */
  readonly hostName: string;
  /** Credited to the guest's random number generator. */
  readonly entropy: Uint8Array;
}

export function encodeSetup(setup: GuestSetup): Uint8Array {
  const seconds = Math.floor(setup.wallClockMs / 1000);
  return new PayloadWriter()
    .u32(seconds)
    .u32(Math.round((setup.wallClockMs - seconds * 1000) * 1000))
    .text(setup.hostName)
    .u16(setup.entropy.length)
    .raw(setup.entropy)
    .done();
}

/** The most bytes of one {@link Verb.read}. */
export const MAX_READ = 65536;
const WRITE_HEAD = 11;
/** The most bytes of one {@link Verb.write}. */
export const MAX_WRITE = MAX_PAYLOAD - WRITE_HEAD;

/** @param pid Below 0 it is a process group. */
export function encodeKill(pid: number, signal: number): Uint8Array {
  return new PayloadWriter().u32(pid).u8(signal).done();
}

/** How a file is opened: to be read; to be written as it is; to be made, or emptied first. */
export const OpenHow = { read: 0, write: 1, replace: 2 } as const;

export interface FileOpen {
  readonly path: string;
  readonly how: keyof typeof OpenHow;
  /** Of a file that is made: permission bits, user and group. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export function encodeFileOpen({ path, how, mode, uid, gid }: FileOpen): Uint8Array {
  return new PayloadWriter().text(path).u8(OpenHow[how]).u16(mode).u32(uid).u32(gid).done();
}

/** Offsets are whole numbers below 2^53. */
function putOffset(writer: PayloadWriter, offset: number): PayloadWriter {
  return writer.u32(offset % 2 ** 32).u32(Math.floor(offset / 2 ** 32));
}

export function encodeFileRead(handle: number, offset: number, length: number): Uint8Array {
  return putOffset(new PayloadWriter().u16(handle), offset).u32(length).done();
}

export function encodeFileWrite(handle: number, offset: number, bytes: Uint8Array): Uint8Array {
  return putOffset(new PayloadWriter().u16(handle), offset).raw(bytes).done();
}

export function encodeFileClose(handle: number): Uint8Array {
  return new PayloadWriter().u16(handle).done();
}

export function encodeFileStat(path: string, followLinks: boolean): Uint8Array {
  return new PayloadWriter()
    .text(path)
    .u8(followLinks ? 1 : 0)
    .done();
}

export interface FileStat {
  /** Type and permission bits, as in inode(7). */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly inode: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

const STAT_SIZE = 40;

/** @returns undefined when it is too short: the guest is not trusted. */
export function parseFileStat(reply: Uint8Array): FileStat | undefined {
  if (reply.length < STAT_SIZE) return undefined;
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  const u64 = (at: number): number => u32(at) + u32(at + 4) * 2 ** 32;
  return {
    mode: u32(0),
    links: u32(4),
    uid: u32(8),
    gid: u32(12),
    size: u64(16),
    inode: u64(24),
    modifiedMs: u32(32) * 1000 + Math.floor(u32(36) / 1e6),
  };
}

/** @returns undefined when it is too short: the guest is not trusted. */
export function parseOpened(
  reply: Uint8Array,
): { readonly handle: number; readonly stat: FileStat } | undefined {
  const stat = parseFileStat(reply.subarray(2));
  if (stat === undefined) return undefined;
  return { handle: (reply[0] ?? 0) | ((reply[1] ?? 0) << 8), stat };
}

/** A parsed frame of the guest. */
export type GuestMessage =
  | {
      readonly kind: "hello";
      readonly version: number;
      readonly nonce: number;
      readonly generation: number;
      readonly inputWindow: number;
    }
  | { readonly kind: "opened"; readonly channel: number; readonly pid: number }
  | {
      readonly kind: "data";
      readonly channel: number;
      readonly stream: "stdout" | "stderr";
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "credit"; readonly channel: number; readonly bytes: number }
  | { readonly kind: "exit"; readonly channel: number; readonly status: ExitStatus }
  | { readonly kind: "refused"; readonly channel: number; readonly errno: number; readonly reason: string }
  | { readonly kind: "reply-data"; readonly channel: number; readonly bytes: Uint8Array }
  | { readonly kind: "reply-end"; readonly channel: number; readonly errno: number };

/** How a command or a terminal's shell ended. */
export type ExitStatus =
  | { readonly how: "exited"; readonly code: number }
  | { readonly how: "signalled"; readonly signal: number }
  | { readonly how: "timed-out" };

/** As a shell says it: 128 + the signal; 124 when the time was up, as timeout(1) does. */
export function exitCode(status: ExitStatus): number {
  if (status.how === "exited") return status.code;
  return status.how === "timed-out" ? 124 : 128 + status.signal;
}

const EXIT_HOW = ["exited", "signalled", "timed-out"] as const;

/** @returns the message, or undefined when the frame is of an unknown type or too short: the guest is not trusted. */
export function parseGuestFrame(frame: Frame): GuestMessage | undefined {
  const { type, channel, payload } = frame;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const has = (bytes: number): boolean => payload.length >= bytes;
  switch (type) {
    case ToHost.hello:
      if (!has(14)) return undefined;
      return {
        kind: "hello",
        version: view.getUint16(0, true),
        nonce: view.getUint32(2, true),
        generation: view.getUint32(6, true),
        inputWindow: view.getUint32(10, true),
      };
    case ToHost.opened:
      return has(4) ? { kind: "opened", channel, pid: view.getUint32(0, true) } : undefined;
    case ToHost.data:
      return { kind: "data", channel, stream: "stdout", bytes: payload };
    case ToHost.dataError:
      return { kind: "data", channel, stream: "stderr", bytes: payload };
    case ToHost.credit:
      return has(4) ? { kind: "credit", channel, bytes: view.getUint32(0, true) } : undefined;
    case ToHost.exit: {
      if (!has(2)) return undefined;
      const how = EXIT_HOW[payload[0] as number];
      const value = payload[1] as number;
      if (how === undefined) return undefined;
      if (how === "exited") return { kind: "exit", channel, status: { how, code: value } };
      if (how === "signalled") return { kind: "exit", channel, status: { how, signal: value } };
      return { kind: "exit", channel, status: { how } };
    }
    case ToHost.refused:
      if (!has(4)) return undefined;
      return {
        kind: "refused",
        channel,
        errno: view.getUint32(0, true),
        reason: new TextDecoder().decode(payload.subarray(4)),
      };
    case ToHost.replyData:
      return { kind: "reply-data", channel, bytes: payload };
    case ToHost.replyEnd:
      return has(4) ? { kind: "reply-end", channel, errno: view.getUint32(0, true) } : undefined;
    default:
      return undefined;
  }
}
