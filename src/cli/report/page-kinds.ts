/** What a page of a guest's memory is for, from /proc/kpageflags and the kernel's sections. */
import type { Section } from "./kernel-image.ts";

/** Bits of /proc/kpageflags (kernel tree, include/uapi/linux/kernel-page-flags.h and include/linux/kernel-page-flags.h). */
const bit = (number: number): bigint => 1n << BigInt(number);
const UPTODATE = bit(3);
const LRU = bit(5);
const SLAB = bit(7);
const BUDDY = bit(10);
const MAPPED = bit(11);
const ANONYMOUS = bit(12);
const SWAP_BACKED = bit(14);
const NO_PAGE = bit(20);
const PAGE_TABLE = bit(26);
const RESERVED = bit(32);

const PAGE = 4096;
const LOW_MEMORY = 0x100000;
const PAGE_OFFSET = 0xc0000000;

/** Of a kernel's many small sections, which kind of page they make. */
const KERNEL_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\.text$/, "kernel text"],
  [/^\.(rodata|pci_fixup|notes)|^__(param|modver|ex_table)$/, "kernel rodata"],
  [/^\.(data|vvar)$|^__bug_table$/, "kernel data"],
  [/^\.(bss|brk)$/, "kernel bss"],
];

/** Where the kernel's image lies in physical memory, by kind. */
export function kernelRanges(
  sections: readonly Section[],
): readonly { kind: string; from: number; to: number }[] {
  return sections.flatMap(({ name, address, size }) => {
    const kind = KERNEL_KINDS.find(([pattern]) => pattern.test(name))?.[1];
    // Sections for the boot only are given back; their pages are anybody's.
    return kind === undefined
      ? []
      : [{ kind, from: address - PAGE_OFFSET, to: address - PAGE_OFFSET + size }];
  });
}

/**
 * @param flags The page's word of /proc/kpageflags; undefined above the end of the kernel's memory.
 * @param kernel As `kernelRanges` gives it.
 */
export function kindOf(
  page: number,
  flags: bigint | undefined,
  kernel: ReturnType<typeof kernelRanges>,
): string {
  const address = page * PAGE;
  const has = (mask: bigint): boolean => ((flags ?? 0n) & mask) !== 0n;
  if (address < LOW_MEMORY || flags === undefined || has(NO_PAGE)) return "firmware and boot loader";
  if (has(RESERVED)) {
    const range = kernel.find(({ from, to }) => address + PAGE > from && address < to);
    return range?.kind ?? "allocated at boot (memory map, hash tables)";
  }
  if (has(PAGE_TABLE)) return "page tables";
  if (has(SLAB)) return "slab";
  if (has(BUDDY)) return "free, not zero";
  if (has(ANONYMOUS)) return "anonymous";
  if (has(SWAP_BACKED)) return "tmpfs, overlay upper";
  if (has(LRU | UPTODATE | MAPPED)) return "page cache";
  return "other of the kernel (stacks, vmalloc, per-CPU)";
}
