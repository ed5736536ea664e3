import { PAGE, type MemoryImage } from "./memory-image.ts";

/**
 * The places in memory at which an address of the network card stands: the guest's kernel has read it from the card
 * when it booted, and keeps copies. The six bytes are random enough to stand nowhere else.
 *
 * @returns physical addresses
 */
export function findMac({ numbers, content }: MemoryImage, mac: Uint8Array): number[] {
  const found: number[] = [];
  const last = mac.length - 1;
  // The last byte is the rarest: the first one says only whose address it is.
  for (
    let end = content.indexOf(mac[last] ?? 0, last);
    end >= 0;
    end = content.indexOf(mac[last] ?? 0, end + 1)
  ) {
    const at = end - last;
    // What runs over the end of a page goes on somewhere else.
    if (Math.floor(at / PAGE) !== Math.floor(end / PAGE)) continue;
    // The byte before tells most others apart, without the cost of a call for each.
    if (content[end - 1] === mac[last - 1] && mac.every((byte, i) => content[at + i] === byte))
      found.push((numbers[Math.floor(at / PAGE)] ?? 0) * PAGE + (at % PAGE));
  }
  return found;
}
