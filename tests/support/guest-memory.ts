/** The first word of a state that v86 0.5.462 saves, and its version. */
const MAGIC = 0x86768676;
const VERSION = 6;
const HEADER = 16;
/** Places in the state of v86's CPU. */
const MEMORY_SIZE = 0;
const PACKED_MEMORY = 77;
const BITMAP = 78;

const PAGE = 4096;
const PRESENT = 1;
const LARGE = 1 << 7;

interface StateInfo {
  readonly buffer_infos: readonly { readonly offset: number; readonly length: number }[];
  readonly state: readonly unknown[];
}

/**
 * The RAM of a saved machine, by physical address. v86 saves a header of four words, JSON, and buffers; RAM is one of
 * these, with the pages that are not zero one after the other, and a bit for each page in another.
 */
export class GuestMemory {
  readonly size: number;
  readonly #packed: Uint8Array;
  /** Where each page is in what was saved; −1 for a page of zeros. */
  readonly #places: Int32Array;

  /** @param state v86's own, as a snapshot holds it. */
  constructor(state: ArrayBuffer) {
    const [magic, version, total, infoLength] = new Uint32Array(state, 0, HEADER / 4);
    if (magic !== MAGIC || version !== VERSION || total !== state.byteLength || infoLength === undefined) {
      throw new Error("this is no state of the emulator that the reader was written for");
    }
    const info = JSON.parse(new TextDecoder().decode(new Uint8Array(state, HEADER, infoLength))) as StateInfo;
    const buffers = (HEADER + infoLength + 3) & ~3;
    const bufferOf = (place: number): Uint8Array => {
      const { buffer_id: id } = info.state[place] as { buffer_id: number };
      const found = info.buffer_infos[id];
      if (found === undefined) throw new Error(`the saved state has no buffer ${id}`);
      return new Uint8Array(state, buffers + found.offset, found.length);
    };
    this.size = info.state[MEMORY_SIZE] as number;
    this.#packed = bufferOf(PACKED_MEMORY);
    const bitmap = bufferOf(BITMAP);
    let saved = 0;
    this.#places = Int32Array.from({ length: this.size / PAGE }, (_, page) =>
      ((bitmap[page >> 3] ?? 0) >> (page & 7)) & 1 ? saved++ * PAGE : -1,
    );
    if (saved * PAGE !== this.#packed.length) throw new Error("the saved pages are not those of the bitmap");
  }

  /** @returns a copy. @throws outside of RAM. */
  read(address: number, length: number): DataView<ArrayBuffer> {
    if (address < 0 || length < 0 || address + length > this.size) {
      throw new RangeError(`${length} bytes at ${address.toString(16)} are not in RAM`);
    }
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const inPage = (address + at) % PAGE;
      const count = Math.min(PAGE - inPage, length - at);
      const place = this.#places[(address + at - inPage) / PAGE] ?? -1;
      if (place >= 0) bytes.set(this.#packed.subarray(place + inPage, place + inPage + count), at);
      at += count;
    }
    return new DataView(bytes.buffer);
  }

  /** Bytes at a virtual address by page tables of two levels; undefined where a page is not there. */
  readVirtual(directory: number, address: number, length: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const page = this.#translate(directory, address + at);
      if (page === undefined) return undefined;
      const count = Math.min(PAGE - (page % PAGE), length - at);
      bytes.set(new Uint8Array(this.read(page, count).buffer), at);
      at += count;
    }
    return bytes;
  }

  #translate(directory: number, address: number): number | undefined {
    const upper = this.read(directory + (address >>> 22) * 4, 4).getUint32(0, true);
    if ((upper & PRESENT) === 0) return undefined;
    if ((upper & LARGE) !== 0) return (((upper >>> 22) << 22) | (address & 0x3fffff)) >>> 0;
    const lower = this.read((upper & ~0xfff) + ((address >>> 12) & 0x3ff) * 4, 4).getUint32(0, true);
    return (lower & PRESENT) === 0 ? undefined : ((lower & ~0xfff) | (address & 0xfff)) >>> 0;
  }
}
