import { RAM_USES, type RamUse } from "../isolation/index.ts";
import { freePages } from "./free-pages.ts";
import type { KernelLayout } from "./kernel-layout.ts";
import type { Reading } from "./reading.ts";

const PAGE = 4096;
const PARTS = 256;

const USE = Object.fromEntries(RAM_USES.map((use, index) => [use, index])) as Readonly<
  Record<RamUse, number>
>;

export interface RamMap {
  /** Pages, by use. */
  readonly use: Readonly<Record<RamUse, number>>;
  /** Index into `RAM_USES` of what most of each part is used for. */
  readonly parts: readonly number[];
}

/** What each page of RAM is used for, by the kernel's map of it (`struct page`; linux/page-flags.h). */
export function readRamMap(reading: Reading, layout: KernelLayout): RamMap {
  const { memory, kernel } = reading;
  const { page: at, pageFlag, pageType, pageTyped, anonymousMapping, symbols } = kernel;
  const pages = Math.floor(memory.ram.length / PAGE);
  const free = freePages(memory.ram, layout);
  const map = memory.u32(symbols.memMap);
  const image = [symbols.text, symbols.end].map((address) => (address - kernel.base) / PAGE) as [
    number,
    number,
  ];

  const purposeOf = (number: number): number => {
    if (free[number] === 1) return USE.free;
    if (number >= image[0] && number < image[1]) return USE.kernel;
    const page = map + number * at.size;
    // A page inside a larger one is what that is.
    const compound = memory.u32(page + at.compound_head);
    const head = (compound & 1) === 0 ? page : compound - 1;
    const flags = memory.u32(head + at.flags);
    if ((flags & pageFlag.slab) !== 0) return USE.slab;
    if ((flags & pageFlag.reserved) !== 0) return USE.kernel;
    if ((memory.u32(page + at.page_type) & (pageTyped | pageType.table)) >>> 0 === pageTyped)
      return USE.pageTables;
    const mapping = memory.u32(head + at.mapping);
    if (mapping === 0) return USE.other;
    return (mapping & anonymousMapping) === 0 ? USE.file : USE.anonymous;
  };

  const totals = RAM_USES.map(() => 0);
  const parts: number[] = [];
  const each = Math.ceil(pages / PARTS);
  for (let first = 0; first < pages; first += each) {
    const counts = RAM_USES.map(() => 0);
    for (let number = first; number < Math.min(first + each, pages); number++) {
      const use = purposeOf(number);
      counts[use] = (counts[use] ?? 0) + 1;
    }
    counts.forEach((count, use) => (totals[use] = (totals[use] ?? 0) + count));
    parts.push(counts.indexOf(Math.max(...counts)));
  }
  const use = Object.fromEntries(RAM_USES.map((name, index) => [name, totals[index] ?? 0])) as Record<
    RamUse,
    number
  >;
  return { use, parts };
}
