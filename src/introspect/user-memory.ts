import type { Reading } from "./reading.ts";

const PRESENT = 1;
const LARGE = 1 << 7;
const PAGE = 4096;

/** Where a virtual address lies in RAM by page tables of two levels (Intel SDM 3A, 4.3); undefined where no page is there. */
function translate({ memory, kernel }: Reading, directory: number, address: number): number | undefined {
  const upper = memory.u32(directory + (address >>> 22) * 4);
  if ((upper & PRESENT) === 0) return undefined;
  if ((upper & LARGE) !== 0) return (((upper >>> 22) << 22) | (address & 0x3fffff)) >>> 0;
  const table = (upper & ~0xfff) >>> 0;
  const lower = memory.u32(kernel.base + table + ((address >>> 12) & 0x3ff) * 4);
  return (lower & PRESENT) === 0 ? undefined : ((lower & ~0xfff) | (address & 0xfff)) >>> 0;
}

/**
 * Bytes of a program's own memory.
 *
 * @param directory Its page directory, by the kernel's address.
 * @returns undefined where a page is not in RAM
 */
export function readUser(
  reading: Reading,
  directory: number,
  address: number,
  length: number,
): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const place = translate(reading, directory, address + at);
    if (place === undefined || !reading.step()) return undefined;
    const count = Math.min(PAGE - (place % PAGE), length - at);
    const page = reading.memory.bytes(reading.kernel.base + place, count);
    if (page.length < count) return undefined;
    bytes.set(page, at);
    at += count;
  }
  return bytes;
}
