import type { KernelLayout } from "./kernel-layout.ts";

const PAGE_SHIFT = 12;
/** The largest block has 2^10 pages (MAX_ORDER). */
const MAX_ORDER = 10;

/**
 * The pages that a running kernel has free, by its own memory map. With `init_on_free=1` they are zero.
 *
 * @param ram The guest's whole memory, hostile as ever: a map that makes no sense names no page.
 * @returns 1 for each free page, by page number
 */
export function freePages(ram: Uint8Array, layout: KernelLayout): Uint8Array {
  const pages = ram.length >>> PAGE_SHIFT;
  const free = new Uint8Array(pages);
  const page = layout.structs["page"];
  const [typeAt] = page?.fields["page_type"] ?? [];
  const [orderAt] = page?.fields["private"] ?? [];
  const pointer = layout.symbols["mem_map"];
  const { PAGE_OFFSET: base, PAGE_TYPE_BASE: typed, PG_buddy: buddy } = layout.constants;
  if (page === undefined || typeAt === undefined || orderAt === undefined) return free;
  if (pointer === undefined || base === undefined || typed === undefined || buddy === undefined) return free;
  const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  const word = (at: number): number => (at >= 0 && at + 4 <= ram.length ? view.getUint32(at, true) : 0);
  const map = word(pointer - base) - base;
  for (let number = 0; number < pages; number++) {
    const at = map + number * page.size;
    // A page's type is told by a bit that is zero, beside others that no count of mappings has (linux/page-flags.h).
    if ((word(at + typeAt) & (typed | buddy)) >>> 0 !== typed) continue;
    const order = word(at + orderAt);
    if (order > MAX_ORDER) continue;
    free.fill(1, number, number + 2 ** order);
    number += 2 ** order - 1;
  }
  return free;
}
