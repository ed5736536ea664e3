import * as v from "valibot";
import { CodedError } from "../../src/base/index.ts";
import type { LinkState } from "./agent-link.ts";
import { EMULATOR_VERSION } from "./emulator.ts";

/**
 * A snapshot in bytes: the magic, the length of a JSON header (u32, little endian), the header, the emulator's state.
 * Bytes inside the header are base64.
 */
const MAGIC = new TextEncoder().encode("VIVSNAP1");
const FIXED = MAGIC.length + 4;
const MAX_HEADER = 16 * 1024 * 1024;

const Bytes = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
);
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const HeaderSchema = v.object({
  format: v.literal(1),
  emulator: v.string(),
  profile: v.string(),
  kernelBuildId: v.string(),
  /** Hash of the root file system's tree. */
  tree: v.string(),
  memoryBytes: Count,
  guestMs: v.number(),
  link: v.object({
    nextChannel: Count,
    inputWindow: Count,
    ready: v.boolean(),
    partial: Bytes,
    unsent: Bytes,
    channels: v.array(
      v.object({ id: Count, inputCredit: Count, waiting: v.array(Bytes), inputEnded: v.boolean() }),
    ),
  }),
  terminals: v.array(v.object({ channel: Count, user: v.string(), unshown: Count, scrollback: Bytes })),
});

/** A terminal as it is kept in a snapshot. */
export interface TerminalState {
  readonly channel: number;
  readonly user: string;
  /** Bytes of output that the guest has sent and was not granted again yet. */
  readonly unshown: number;
  /** The latest output, to be shown again. */
  readonly scrollback: Uint8Array;
}

export interface Snapshot {
  readonly profile: string;
  readonly kernelBuildId: string;
  readonly tree: string;
  readonly memoryBytes: number;
  readonly guestMs: number;
  readonly link: LinkState;
  readonly terminals: readonly TerminalState[];
  /** v86's own format. */
  readonly state: ArrayBuffer;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array<ArrayBuffer> {
  const { state, link, terminals, ...rest } = snapshot;
  const header = new TextEncoder().encode(
    JSON.stringify({
      format: 1,
      emulator: EMULATOR_VERSION,
      ...rest,
      link: {
        ...link,
        partial: base64(link.partial),
        unsent: base64(link.unsent),
        channels: link.channels.map((channel) => ({ ...channel, waiting: channel.waiting.map(base64) })),
      },
      terminals: terminals.map((terminal) => ({ ...terminal, scrollback: base64(terminal.scrollback) })),
    }),
  );
  const bytes = new Uint8Array(FIXED + header.length + state.byteLength);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, FIXED);
  bytes.set(new Uint8Array(state), FIXED + header.length);
  return bytes;
}

/** @throws CodedError `snapshot-invalid` for bytes that are no snapshot, `snapshot-mismatch` for another emulator's */
export function decodeSnapshot(bytes: Uint8Array<ArrayBuffer>): Snapshot {
  const invalid = (why: string, cause?: unknown): CodedError =>
    new CodedError("snapshot-invalid", `this is no snapshot of a machine: ${why}`, { cause });
  if (bytes.length < FIXED || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw invalid("it starts differently");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  if (length > MAX_HEADER || FIXED + length > bytes.length) throw invalid("it is cut short");
  let json: unknown;
  try {
    json = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(FIXED, FIXED + length)),
    );
  } catch (error) {
    throw invalid("its header cannot be read", error);
  }
  const parsed = v.safeParse(HeaderSchema, json);
  if (!parsed.success) throw invalid(parsed.issues[0].message);
  const { format: _, emulator, ...header } = parsed.output;
  if (emulator !== EMULATOR_VERSION) {
    throw new CodedError("snapshot-mismatch", `the snapshot is of ${emulator}, this is ${EMULATOR_VERSION}`);
  }
  const start = bytes.byteOffset + FIXED + length;
  return { ...header, state: bytes.buffer.slice(start, bytes.byteOffset + bytes.length) };
}
