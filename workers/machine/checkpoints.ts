import { CodedError } from "../../src/base/index.ts";
import { partsOf } from "./device-state.ts";
import { type NumberedPage, PAGE, pagesOf } from "./memory-image.ts";
import { type KeptPage, PageStore } from "./page-store.ts";
import type { Snapshot } from "./snapshot.ts";

/** So many pages are looked at between two turns of the machine: less than 2 ms. */
const PAGES_A_TURN = 256;

interface Checkpoint {
  readonly about: SavedMoment;
  readonly numbers: Uint32Array;
  readonly pages: readonly KeptPage[];
  readonly devices: readonly KeptPart[];
}

interface KeptPart {
  readonly length: number;
  readonly pages: readonly KeptPage[];
}

/** All of a snapshot but what is large. */
type SavedMoment = Omit<Snapshot, "memory" | "devices">;

/** A checkpoint as it is put back. */
export interface Kept extends SavedMoment {
  readonly devices: Uint8Array<ArrayBuffer>;
  readonly pages: Iterable<NumberedPage>;
}

/** Saved states that share what they have in common. */
export class Checkpoints {
  readonly #pages = new PageStore();
  readonly #kept = new Map<number, Checkpoint>();
  readonly #turn: () => Promise<void>;
  #next = 1;

  /** @param turn Lets the machine go on for a while. */
  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.#pages.bytes;
  }

  /** @returns its number, from 1 on */
  async keep({ memory, devices, ...about }: Snapshot): Promise<number> {
    const pages: KeptPage[] = [];
    for (const [, page] of pagesOf(memory)) {
      if (pages.length % PAGES_A_TURN === PAGES_A_TURN - 1) await this.#turn();
      pages.push(this.#pages.keep(page));
    }
    const parts = partsOf(devices).map((part) => ({ length: part.length, pages: this.#pages.keepAll(part) }));
    const id = this.#next++;
    this.#kept.set(id, { about, numbers: memory.numbers, pages, devices: parts });
    return id;
  }

  /** @throws CodedError `bad-argument` when it is not there any more */
  get(id: number): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new CodedError("bad-argument", "there is no such checkpoint any more");
    return { ...kept.about, devices: joined(kept.devices), pages: numbered(kept) };
  }

  forget(id: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    for (const { pages } of [kept, ...kept.devices]) for (const page of pages) this.#pages.release(page);
  }

  clear(): void {
    for (const id of [...this.#kept.keys()]) this.forget(id);
  }
}

function* numbered({ numbers, pages }: Checkpoint): Generator<NumberedPage> {
  for (const [index, page] of pages.entries()) yield [numbers[index] ?? 0, bytesOf(page)];
}

function joined(parts: readonly KeptPart[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const { length, pages } of parts) {
    for (const [index, page] of pages.entries()) {
      const at = index * PAGE;
      whole.set(bytesOf(page).subarray(0, length - at), from + at);
    }
    from += length;
  }
  return whole;
}

function bytesOf({ words }: KeptPage): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
