import type { GuestMemory } from "./guest-memory.ts";

/** The parts of a kernel's layout file that reading needs. */
interface Layout {
  readonly structs: Readonly<
    Record<string, { readonly size: number; readonly fields: Readonly<Record<string, readonly number[]>> }>
  >;
  readonly constants: Readonly<Record<string, number>>;
  readonly symbols: Readonly<Record<string, number>>;
}

/** Longer lists and arrays are broken ones. */
const MOST = 2000;
const LONGEST_TEXT = 4096;
const LONGEST = 1024 * 1024;

function named<T>(record: Readonly<Record<string, T>>, name: string): T {
  const found = record[name];
  if (found === undefined) throw new Error(`the layout has no ${name}`);
  return found;
}

/** The kernel's memory, by virtual address and by the names of its layout. */
export class KernelMemory {
  readonly layout: Layout;
  readonly ram: GuestMemory;

  constructor(ram: GuestMemory, layout: Layout) {
    this.ram = ram;
    this.layout = layout;
  }

  constant(name: string): number {
    return named(this.layout.constants, name);
  }

  symbol(name: string): number {
    return named(this.layout.symbols, name);
  }

  size(struct: string): number {
    return named(this.layout.structs, struct).size;
  }

  physical(address: number): number {
    return address - this.constant("PAGE_OFFSET");
  }

  bytes(address: number, length: number): DataView<ArrayBuffer> {
    if (length > LONGEST) throw new RangeError(`${length} bytes are more than any structure has`);
    return this.ram.read(this.physical(address), length);
  }

  word(address: number): number {
    return this.bytes(address, 4).getUint32(0, true);
  }

  /** Up to its NUL. */
  text(address: number): string {
    const room = Math.min(LONGEST_TEXT, this.ram.size - this.physical(address));
    const bytes = new Uint8Array(this.bytes(address, room).buffer);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  at(struct: string, address: number): KernelObject {
    return new KernelObject(this, struct, address);
  }

  /** The structure that a symbol is. */
  global(struct: string, symbol: string): KernelObject {
    return this.at(struct, this.symbol(symbol));
  }

  /** What hangs on a `list_head`, or with `end` 0 on an `hlist_head`, by its field `link`. */
  *list(head: number, struct: string, link: string, end = head): Generator<KernelObject> {
    const [offset = 0] = named(named(this.layout.structs, struct).fields, link);
    let address = this.word(head);
    for (let count = 0; address !== end; count++) {
      if (count === MOST) throw new Error(`a list of ${struct} does not end`);
      yield this.at(struct, address - offset);
      address = this.word(address);
    }
  }
}

/** One structure in the kernel's memory. */
export class KernelObject {
  readonly memory: KernelMemory;
  readonly struct: string;
  readonly address: number;

  constructor(memory: KernelMemory, struct: string, address: number) {
    this.memory = memory;
    this.struct = struct;
    this.address = address;
  }

  #field(name: string): readonly number[] {
    return named(named(this.memory.layout.structs, this.struct).fields, name);
  }

  addressOf(field: string): number {
    const [offset = 0] = this.#field(field);
    return this.address + offset;
  }

  /** An unsigned number of up to eight bytes, or a bit field. */
  long(field: string): bigint {
    const [, size = 0, shift = 0, bits = size * 8] = this.#field(field);
    return (this.#at(field, 0, size) >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n);
  }

  /** The same where it is known to be small. */
  number(field: string): number {
    return Number(this.long(field));
  }

  /** How many of something there are. @throws for more than there can be. */
  count(field: string): number {
    const found = this.number(field);
    if (found > MOST) throw new Error(`${found} is too much for ${this.struct}.${field}`);
    return found;
  }

  /** A field that is an array of numbers of `width` bytes. */
  numbers(field: string, width: number): bigint[] {
    const [, size = 0] = this.#field(field);
    return Array.from({ length: size / width }, (_, i) => this.#at(field, i * width, width));
  }

  #at(field: string, offset: number, size: number): bigint {
    const bytes = new Uint8Array(this.memory.bytes(this.addressOf(field) + offset, size).buffer);
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  /** What a pointer shows to; undefined for NULL. */
  follow(field: string, struct: string): KernelObject | undefined {
    const address = this.number(field);
    return address === 0 ? undefined : this.memory.at(struct, address);
  }

  /** @throws for NULL. */
  get(field: string, struct: string): KernelObject {
    const found = this.follow(field, struct);
    if (found === undefined) throw new Error(`${this.struct}.${field} is NULL`);
    return found;
  }

  /** A structure that is part of this one. */
  part(field: string, struct: string): KernelObject {
    return this.memory.at(struct, this.addressOf(field));
  }

  /** The structure that this one is part of. */
  outer(struct: string, field: string): KernelObject {
    const [offset = 0] = named(named(this.memory.layout.structs, struct).fields, field);
    return this.memory.at(struct, this.address - offset);
  }

  list(field: string, struct: string, link: string): KernelObject[] {
    return [...this.memory.list(this.addressOf(field), struct, link)];
  }

  /** Structures that point each to the next one. */
  chain(field: string, struct: string, next: string): KernelObject[] {
    const found: KernelObject[] = [];
    for (let at = this.follow(field, struct); at !== undefined; at = at.follow(next, struct)) {
      if (found.length === MOST) throw new Error(`a chain of ${struct} does not end`);
      found.push(at);
    }
    return found;
  }

  hlist(field: string, struct: string, link: string): KernelObject[] {
    return [...this.memory.list(this.addressOf(field), struct, link, 0)];
  }

  /** Text in the field itself. */
  text(field: string): string {
    return this.memory.text(this.addressOf(field));
  }

  /** Text that the field points to. */
  textAt(field: string): string {
    const address = this.number(field);
    return address === 0 ? "" : this.memory.text(address);
  }
}
