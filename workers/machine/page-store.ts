/** Pages of memory by their content: what several checkpoints share is kept once. */
import { PAGE } from "./memory-image.ts";

const WORDS = PAGE / 4;

/** A page that is kept; the same content is the same object. */
export interface KeptPage {
  readonly words: Uint32Array;
  readonly hash: number;
  uses: number;
}

function hashOf(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < WORDS; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193) ^ (hash >>> 15);
  return hash;
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < WORDS; i++) if (a[i] !== b[i]) return false;
  return true;
}

export class PageStore {
  /** Equal hashes are not trusted: contents are compared. */
  readonly #byHash = new Map<number, KeptPage[]>();
  #count = 0;

  /** Bytes of all pages that are kept. */
  get bytes(): number {
    return this.#count * PAGE;
  }

  /** Keeps a copy of a page, or finds the one that is there. @param page 4,096 bytes */
  keep(page: Uint8Array): KeptPage {
    // A view of words, where the bytes lie so that there can be one.
    const words =
      page.byteOffset % 4 === 0
        ? new Uint32Array(page.buffer, page.byteOffset, WORDS)
        : new Uint32Array(page.slice().buffer);
    const hash = hashOf(words);
    const same = this.#byHash.get(hash);
    const found = same?.find((kept) => equal(kept.words, words));
    if (found !== undefined) {
      found.uses++;
      return found;
    }
    const kept = { words: words.slice(), hash, uses: 1 };
    if (same === undefined) this.#byHash.set(hash, [kept]);
    else same.push(kept);
    this.#count++;
    return kept;
  }

  /** Keeps bytes of any length; zeros make the last page full. */
  keepAll(bytes: Uint8Array): readonly KeptPage[] {
    const pages: KeptPage[] = [];
    for (let at = 0; at < bytes.length; at += PAGE) {
      const part = bytes.slice(at, at + PAGE);
      if (part.length === PAGE) pages.push(this.keep(part));
      else {
        const filled = new Uint8Array(PAGE);
        filled.set(part);
        pages.push(this.keep(filled));
      }
    }
    return pages;
  }

  /** Takes a use back; a page that nobody uses any more goes. */
  release(page: KeptPage): void {
    page.uses--;
    if (page.uses > 0) return;
    this.#count--;
    const rest = (this.#byHash.get(page.hash) ?? []).filter((kept) => kept !== page);
    if (rest.length === 0) this.#byHash.delete(page.hash);
    else this.#byHash.set(page.hash, rest);
  }
}
