import * as v from "valibot";
import { CodedError, concatBytes } from "../../src/base/index.ts";
import type { LinkState } from "./agent-link.ts";
import { EMULATOR_VERSION } from "./emulator-version.ts";
import { findMac } from "./own-mac.ts";
import { fromBitmap, type MemoryImage, PAGE, toBitmap } from "./memory-image.ts";

/**
 * A snapshot in bytes: the magic, the length of a JSON header (u32, little endian), the header, a bit for each page of
 * memory, the pages whose bit is set, the emulator's state without memory. Bytes inside the header are base64.
 */
const MAGIC = new TextEncoder().encode("VIVSNAP2");
const FIXED = MAGIC.length + 4;
const MAX_HEADER = 16 * 1024 * 1024;

const Bytes = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
);
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const HeaderSchema = v.object({
  format: v.literal(2),
  emulator: v.string(),
  profile: v.string(),
  kernelBuildId: v.string(),
  /** Hash of the root file system's tree. */
  tree: v.string(),
  memoryBytes: v.pipe(Count, v.multipleOf(8 * PAGE)),
  guestMs: v.number(),
  mac: v.pipe(Bytes, v.length(6)),
  macAt: v.optional(v.array(Count)),
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
  readonly guestMs: number;
  /** The network card's address. */
  readonly mac: Uint8Array;
  /** Where in memory it stands, by physical address, if that is known: it need not be looked for then. */
  readonly macAt?: readonly number[] | undefined;
  readonly link: LinkState;
  readonly terminals: readonly TerminalState[];
  readonly memory: MemoryImage;
  /** All but memory, in v86's own format. */
  readonly devices: Uint8Array<ArrayBuffer>;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array<ArrayBuffer> {
  const { memory, devices, link, terminals, mac, ...rest } = snapshot;
  const header = new TextEncoder().encode(
    JSON.stringify({
      format: 2,
      emulator: EMULATOR_VERSION,
      ...rest,
      mac: base64(mac),
      macAt: findMac(memory, mac),
      memoryBytes: memory.total * PAGE,
      link: {
        ...link,
        partial: base64(link.partial),
        unsent: base64(link.unsent),
        channels: link.channels.map((channel) => ({ ...channel, waiting: channel.waiting.map(base64) })),
      },
      terminals: terminals.map((terminal) => ({ ...terminal, scrollback: base64(terminal.scrollback) })),
    }),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return concatBytes([MAGIC, length, header, toBitmap(memory), memory.content, devices]);
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
  const { format: _, emulator, memoryBytes, ...header } = parsed.output;
  if (emulator !== EMULATOR_VERSION) {
    throw new CodedError(
      "snapshot-mismatch",
      `the machine was saved by ${emulator}, and this is ${EMULATOR_VERSION}: open it with the version that saved it`,
    );
  }
  const total = memoryBytes / PAGE;
  const pagesFrom = FIXED + length + total / 8;
  const numbers = fromBitmap(bytes.subarray(FIXED + length, pagesFrom));
  const pagesTo = pagesFrom + numbers.length * PAGE;
  if (pagesTo > bytes.length) throw invalid("it is cut short");
  const memory = { total, numbers, content: bytes.subarray(pagesFrom, pagesTo) };
  return { ...header, memory, devices: bytes.slice(pagesTo) };
}
