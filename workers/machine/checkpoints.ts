import { CodedError } from "../../src/base/index.ts";
import { type KeptPage, PageStore } from "./page-store.ts";
import { readStateImage, withoutMemory } from "./state-image.ts";
import type { Snapshot } from "./snapshot.ts";

/** So many pages are looked at between two turns of the machine: less than 2 ms. */
const PAGES_A_TURN = 256;

interface Checkpoint {
  readonly snapshot: Omit<Snapshot, "state">;
  readonly pages: readonly KeptPage[];
  /** Where the pages lie in the state. */
  readonly from: number;
  /** All but the pages, deflated: mostly text that says the same each time. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
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
    return [...this.#kept.values()].reduce((sum, { rest }) => sum + rest.length, this.#pages.bytes);
  }

  /** @returns its number, from 1 on */
  async keep({ state, ...snapshot }: Snapshot): Promise<number> {
    const bytes = new Uint8Array(state);
    const image = readStateImage(bytes);
    const pages: KeptPage[] = [];
    for (const page of image.saved.values()) {
      if (pages.length % PAGES_A_TURN === PAGES_A_TURN - 1) await this.#turn();
      pages.push(this.#pages.keep(page));
    }
    const rest = await through(withoutMemory(bytes, image), new CompressionStream("deflate-raw"));
    const id = this.#next++;
    this.#kept.set(id, { snapshot, pages, from: image.from, rest });
    return id;
  }

  /** @throws CodedError `bad-argument` when it is not there any more */
  async get(id: number): Promise<Snapshot> {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new CodedError("bad-argument", "there is no such checkpoint any more");
    const { snapshot, pages, from } = kept;
    const rest = await through(kept.rest, new DecompressionStream("deflate-raw"));
    const size = pages.reduce((sum, { words }) => sum + words.byteLength, 0);
    const state = new Uint8Array(rest.length + size);
    state.set(rest.subarray(0, from));
    let at = from;
    for (const { words } of pages) {
      state.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), at);
      at += words.byteLength;
    }
    state.set(rest.subarray(from), at);
    return { ...snapshot, state: state.buffer };
  }

  forget(id: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    for (const page of kept.pages) this.#pages.release(page);
  }

  clear(): void {
    for (const id of [...this.#kept.keys()]) this.forget(id);
  }
}
