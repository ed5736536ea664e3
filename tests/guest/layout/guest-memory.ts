import { type MemoryImage, PAGE, pagesOf } from "../../../workers/machine/memory-image.ts";

const PRESENT = 1;
const LARGE = 1 << 7;

/** The RAM of a saved machine, by physical address. */
export class GuestMemory {
  readonly size: number;
  readonly #saved: ReadonlyMap<number, Uint8Array>;

  constructor(memory: MemoryImage) {
    this.size = memory.total * PAGE;
    this.#saved = new Map(pagesOf(memory));
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
      const page = this.#saved.get((address + at - inPage) / PAGE);
      if (page !== undefined) bytes.set(page.subarray(inPage, inPage + count), at);
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
