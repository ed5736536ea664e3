/**
 * The ELF sections of a guest kernel, out of the bzImage of the store. Its payload is an ELF file inside an LZ4 stream that
 * compresses nothing (`images/kernel/stored-lz4`).
 */
export interface Section {
  readonly name: string;
  /** Kernel virtual; physical = virtual − 0xC0000000. */
  readonly address: number;
  readonly size: number;
  /** What the file holds of it; nothing of .bss. */
  readonly bytes: Uint8Array;
}

/** Offsets in the real-mode header (kernel tree, Documentation/x86/boot.rst). */
const SETUP_SECTORS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const SECTOR = 512;

const LZ4_LEGACY = 0x184c2102;
const ELF = 0x464c457f;
/** Offsets in the ELF32 header and in a section's header (System V ABI, chapter 4). */
const SECTIONS_OFFSET = 32;
const SECTION_COUNT = 48;
const NAMES_INDEX = 50;
const SECTION_SIZE = 40;
const NO_BITS = 8;
const ALLOCATED = 2;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The literals of an LZ4 stream of literals; undefined when it compresses. */
function unwrap(stream: Uint8Array): Uint8Array | undefined {
  const words = view(stream);
  if (words.getUint32(0, true) !== LZ4_LEGACY) return undefined;
  const blocks: Uint8Array[] = [];
  for (let at = 4; at + 8 <= stream.length;) {
    const end = at + 4 + words.getUint32(at, true);
    // After the last block stand the length of all and the padding of the payload.
    if (end > stream.length || end === at + 4) break;
    at += 4;
    const token = stream[at++] ?? 0;
    let length = token >> 4;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) more = stream[at++] ?? 0;
    }
    if (at + length !== end) break;
    blocks.push(stream.subarray(at, end));
    at = end;
  }
  return blocks.length === 0 ? undefined : Buffer.concat(blocks);
}

/** @returns the sections that lie in the guest's memory, by address; none when the kernel is compressed by itself */
export function readSections(bzImage: Uint8Array): Section[] {
  const setup = ((bzImage[SETUP_SECTORS] ?? 0) + 1) * SECTOR;
  const elf = unwrap(bzImage.subarray(setup + view(bzImage).getUint32(PAYLOAD_OFFSET, true)));
  if (elf === undefined || view(elf).getUint32(0, true) !== ELF) return [];
  const words = view(elf);
  const table = words.getUint32(SECTIONS_OFFSET, true);
  const headers = Array.from({ length: words.getUint16(SECTION_COUNT, true) }, (_, index) => {
    const at = table + index * SECTION_SIZE;
    const [name, type, flags, address, offset, size] = [0, 4, 8, 12, 16, 20].map((field) =>
      words.getUint32(at + field, true),
    ) as [number, number, number, number, number, number];
    return {
      name,
      flags,
      address,
      size,
      bytes: elf.subarray(offset, type === NO_BITS ? offset : offset + size),
    };
  });
  const names = headers[words.getUint16(NAMES_INDEX, true)]?.bytes ?? new Uint8Array();
  return headers
    .filter(({ flags, size }) => (flags & ALLOCATED) !== 0 && size > 0)
    .map(({ name, address, size, bytes }) => ({
      name: new TextDecoder().decode(names.subarray(name, names.indexOf(0, name))),
      address,
      size,
      bytes,
    }))
    .toSorted((a, b) => a.address - b.address);
}
