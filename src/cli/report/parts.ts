/** What a report is made of: something with a name, its bytes, and what is stored of it. */
export interface Part {
  readonly name: string;
  /** Files or pages, where it is made of any. */
  readonly count?: number;
  readonly bytes: number;
  readonly stored: number;
}

/** Adds up named parts, the heaviest first. */
export class Tally {
  readonly #parts = new Map<string, { count: number; bytes: number; stored: number }>();

  add(name: string, bytes: number, stored: number): void {
    const part = this.#parts.get(name) ?? { count: 0, bytes: 0, stored: 0 };
    this.#parts.set(name, part);
    part.count++;
    part.bytes += bytes;
    part.stored += stored;
  }

  parts(): Part[] {
    return heaviestFirst([...this.#parts].map(([name, part]) => ({ name, ...part })));
  }
}

export function heaviestFirst<P extends Part>(parts: readonly P[]): P[] {
  return parts.toSorted((a, b) => b.stored - a.stored || b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
