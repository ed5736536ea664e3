/**
 * Reads a saved machine without an emulator: which pages of memory it holds, and what else.
 *
 * v86 0.5.462 saves a header of four words (magic, version, length of all, length of the JSON), JSON, and buffers. Two of
 * the buffers are RAM: the pages that are not all zero, one after the other, and a bit for each page.
 */
const SNAPSHOT_FIXED = 12;
const STATE_MAGIC = 0x86768676;
const STATE_VERSION = 6;
const STATE_HEADER = 16;
/** Places in the state of v86's CPU. */
const PACKED_MEMORY = 77;
const BITMAP = 78;

export const PAGE = 4096;

export interface StateImage {
  /** Pages of the whole memory. */
  readonly pages: number;
  /** The pages that are not all zero, by page number, in order; views of the state. */
  readonly saved: ReadonlyMap<number, Uint8Array>;
  /** Where the saved pages lie in the state: the first byte, and the first after them. */
  readonly from: number;
  readonly to: number;
}

interface Info {
  readonly buffer_infos: readonly { readonly offset: number; readonly length: number }[];
  readonly state: readonly unknown[];
}

/** The emulator's state in a file as `encodeSnapshot` makes it. */
export function stateOf(snapshot: Uint8Array): Uint8Array {
  const view = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  return snapshot.subarray(SNAPSHOT_FIXED + view.getUint32(8, true));
}

/** @throws RangeError when it is not of the version that this was written for */
export function readStateImage(bytes: Uint8Array): StateImage {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (words.getUint32(0, true) !== STATE_MAGIC || words.getUint32(4, true) !== STATE_VERSION) {
    throw new RangeError("this is no state of v86 0.5.462");
  }
  const infoLength = words.getUint32(12, true);
  const json = bytes.subarray(STATE_HEADER, STATE_HEADER + infoLength);
  const { buffer_infos: infos, state } = JSON.parse(new TextDecoder().decode(json)) as Info;
  const buffers = (STATE_HEADER + infoLength + 3) & ~3;
  const extentOf = (place: number): readonly [number, number] => {
    const info = infos[(state[place] as { readonly buffer_id: number }).buffer_id];
    if (info === undefined) throw new RangeError(`the saved state has no buffer for place ${place}`);
    return [buffers + info.offset, buffers + info.offset + info.length];
  };
  const [from, to] = extentOf(PACKED_MEMORY);
  const bitmap = bytes.subarray(...extentOf(BITMAP));
  const saved = new Map<number, Uint8Array>();
  for (let page = 0, at = from; page < bitmap.length * 8; page++) {
    if ((((bitmap[page >> 3] ?? 0) >> (page & 7)) & 1) === 0) continue;
    saved.set(page, bytes.subarray(at, at + PAGE));
    at += PAGE;
  }
  if (saved.size * PAGE !== to - from) throw new RangeError("the saved pages are not those of the bitmap");
  return { pages: bitmap.length * 8, saved, from, to };
}

/** Everything but memory: devices, the tree of the root file system. */
export function withoutMemory(state: Uint8Array, { from, to }: StateImage): Uint8Array<ArrayBuffer> {
  const rest = new Uint8Array(state.length - (to - from));
  rest.set(state.subarray(0, from));
  rest.set(state.subarray(to), from);
  return rest;
}
