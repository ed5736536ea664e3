/** What a machine's memory holds, without the pages that are all zero. */

export const PAGE = 4096;
const WORDS = PAGE / 4;
/** Takes about a millisecond. */
const PIECE = 2 * 1024 * 1024;

export interface MemoryImage {
  /** Pages of the whole memory. */
  readonly total: number;
  /** The numbers of the pages that are kept, ascending. */
  readonly numbers: Uint32Array;
  /** Their content, one after the other. */
  readonly content: Uint8Array;
}

/** One page that is kept: its number, and its 4,096 bytes. */
export type NumberedPage = readonly [number: number, bytes: Uint8Array];

export function* pagesOf({ numbers, content }: MemoryImage): Generator<NumberedPage> {
  for (const [index, number] of numbers.entries()) {
    yield [number, content.subarray(index * PAGE, (index + 1) * PAGE)];
  }
}

/** Copies memory into a place that is used again each time: to get fresh memory takes longer than the copy. */
export class MemoryCopier {
  #content = new Uint8Array(0);

  /** Has the place ready for so many pages, a piece at a time: memory that is used for the first time is slow. */
  async reserve(pages: number, turn: () => Promise<void>): Promise<void> {
    if (this.#content.length >= pages * PAGE) return;
    // Some more than is wanted now: a machine that works needs a little more each time.
    const content = new Uint8Array(Math.ceil(pages * 1.25) * PAGE);
    this.#content = content;
    for (let at = 0; at < content.length; at += PIECE) {
      content.fill(0, at, at + PIECE);
      await turn();
    }
  }

  /**
   * @param memory At a multiple of four bytes.
   * @param free 1 for each page that is known to be zero: to look at all memory takes longer than all the rest.
   * @returns an image that is good until the next copy
   */
  copy(memory: Uint8Array, free: Uint8Array): MemoryImage {
    const total = memory.length / PAGE;
    const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
    const numbers = new Uint32Array(total);
    let count = 0;
    for (let page = 0; page < total; page++) {
      if (free[page] !== 1 && !isZero(words, page * WORDS)) numbers[count++] = page;
    }
    if (this.#content.length < count * PAGE) this.#content = new Uint8Array(count * PAGE);
    const content = this.#content.subarray(0, count * PAGE);
    // Pages that lie side by side are copied at once.
    for (let index = 0, end = 0; index < count; index = end) {
      const first = numbers[index] ?? 0;
      end = index + 1;
      while (end < count && numbers[end] === first + end - index) end++;
      content.set(memory.subarray(first * PAGE, (first + end - index) * PAGE), index * PAGE);
    }
    return { total, numbers: numbers.slice(0, count), content };
  }

  /** Lets the memory go. */
  clear(): void {
    this.#content = new Uint8Array(0);
  }
}

function isZero(words: Uint32Array, from: number): boolean {
  for (let at = from; at < from + WORDS; at++) if (words[at] !== 0) return false;
  return true;
}

/**
 * Makes memory hold what an image says; only what differs is written.
 *
 * @param memory At a multiple of four bytes.
 * @param pages In the order of their numbers; the pages between are zero.
 * @param zero 1 for each page that is known to be zero now.
 * @returns the numbers of the pages that were another before, ascending
 */
export function rewritePages(
  memory: Uint8Array,
  pages: Iterable<NumberedPage>,
  zero: Uint8Array,
): readonly number[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const changed: number[] = [];
  let next = 0;
  const clear = (upTo: number): void => {
    for (; next < upTo; next++) {
      if (zero[next] === 1 || isZero(words, next * WORDS)) continue;
      memory.fill(0, next * PAGE, (next + 1) * PAGE);
      changed.push(next);
    }
  };
  for (const [number, bytes] of pages) {
    clear(number);
    next = number + 1;
    if (isSame(words, number * WORDS, bytes)) continue;
    memory.set(bytes, number * PAGE);
    changed.push(number);
  }
  clear(memory.length / PAGE);
  return changed;
}

function isSame(words: Uint32Array, from: number, bytes: Uint8Array): boolean {
  // Bytes that cannot be seen as words are taken for others.
  if (bytes.byteOffset % 4 !== 0) return false;
  const page = new Uint32Array(bytes.buffer, bytes.byteOffset, WORDS);
  for (let i = 0; i < WORDS; i++) if (words[from + i] !== page[i]) return false;
  return true;
}

/** A bit for each page, the lowest first: 1 for one that is kept. */
export function toBitmap({ total, numbers }: MemoryImage): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(total / 8));
  for (const number of numbers) bitmap[number >> 3] = (bitmap[number >> 3] ?? 0) | (1 << (number & 7));
  return bitmap;
}

/** The page numbers of a bitmap. */
export function fromBitmap(bitmap: Uint8Array): Uint32Array {
  const numbers: number[] = [];
  for (let number = 0; number < bitmap.length * 8; number++) {
    if (((bitmap[number >> 3] ?? 0) >> (number & 7)) & 1) numbers.push(number);
  }
  return Uint32Array.from(numbers);
}
