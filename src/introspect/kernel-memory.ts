const TEXT = new TextDecoder();

/**
 * The guest's RAM by the kernel's virtual addresses, little-endian. Nothing in it is trusted: what lies outside of RAM reads
 * as 0 and is counted.
 */
export class KernelMemory {
  readonly ram: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  readonly #size: number;
  #outside = 0;

  /** @param base The virtual address of RAM's first byte (`PAGE_OFFSET`). */
  constructor(ram: Uint8Array, base: number) {
    this.ram = ram;
    this.#view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    this.#base = base;
    this.#size = ram.byteLength;
  }

  /** How many reads went outside of RAM. */
  get outside(): number {
    return this.#outside;
  }

  /** Where `length` bytes are in RAM; −1 when they are not all there. */
  #place(address: number, length: number): number {
    const at = address - this.#base;
    if (at >= 0 && at + length <= this.#size) return at;
    this.#outside++;
    return -1;
  }

  u8(address: number): number {
    const at = this.#place(address, 1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(address: number): number {
    const at = this.#place(address, 2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(address: number): number {
    const at = this.#place(address, 4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  i32(address: number): number {
    return this.u32(address) | 0;
  }

  /** Rounded where it has more than 53 bits. */
  u64(address: number): number {
    const at = this.#place(address, 8);
    return at < 0 ? 0 : this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }

  i64(address: number): number {
    const at = this.#place(address, 8);
    return at < 0 ? 0 : this.#view.getInt32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }

  /** Not a copy; as many as there are. */
  bytes(address: number, length: number): Uint8Array {
    const at = this.#place(address, length);
    return at < 0 ? new Uint8Array() : this.ram.subarray(at, at + length);
  }

  /** Up to its NUL, or `most` bytes; the empty string for NULL. */
  text(address: number, most: number): string {
    if (address === 0) return "";
    const at = this.#place(address, 1);
    if (at < 0) return "";
    const end = Math.min(at + most, this.#size);
    let text = "";
    for (let i = at; i < end; i++) {
      const byte = this.ram[i] ?? 0;
      if (byte === 0) return text;
      if (byte >= 0x80) return this.#decoded(at, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #decoded(at: number, end: number): string {
    const nul = this.ram.subarray(at, end).indexOf(0);
    // A copy: a decoder does not read memory that others share.
    return TEXT.decode(this.ram.slice(at, nul < 0 ? end : at + nul));
  }
}
