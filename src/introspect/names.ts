import type { KernelLayout } from "./kernel-layout.ts";

/** The layout has not what the X-ray reads: it is of another time than this program. */
class LayoutMismatch extends Error {
  override readonly name = "LayoutMismatch";
}

/** Offsets in bytes of a structure's fields, and its size. */
export type Offsets<Field extends string> = Readonly<Record<Field | "size", number>>;

/** Where a bit of a structure is: in which byte, and as which of its bits. */
export interface Bit {
  readonly byte: number;
  readonly mask: number;
}

/** What a layout knows by name. */
export class Names {
  readonly #layout: KernelLayout;

  constructor(layout: KernelLayout) {
    this.#layout = layout;
  }

  /** @throws LayoutMismatch, as all of these do */
  #known<T>(record: Readonly<Record<string, T>>, name: string): T {
    const found = Object.hasOwn(record, name) ? record[name] : undefined;
    if (found === undefined) throw new LayoutMismatch(`the layout of the kernel has no ${name}`);
    return found;
  }

  symbol(name: string): number {
    return this.#known(this.#layout.symbols, name);
  }

  constant(name: string): number {
    return this.#known(this.#layout.constants, name);
  }

  struct<const Field extends string = never>(name: string, ...fields: readonly Field[]): Offsets<Field> {
    const struct = this.#known(this.#layout.structs, name);
    const offsets = fields.map((field) => [field, this.#known(struct.fields, field)[0]] as const);
    return Object.fromEntries([...offsets, ["size", struct.size]]) as Offsets<Field>;
  }

  bit(struct: string, field: string): Bit {
    const found = this.#known(this.#known(this.#layout.structs, struct).fields, field);
    const [offset, , shift = 0] = found;
    return { byte: offset + (shift >> 3), mask: 1 << (shift & 7) };
  }

  /** How many elements of `width` bytes an array has. */
  elements(struct: string, field: string, width: number): number {
    return Math.floor(this.#known(this.#known(this.#layout.structs, struct).fields, field)[1] / width);
  }
}
