import { expect, test } from "vitest";
import { readSections } from "./kernel-image.ts";

const NAMES = "\0.text\0.bss\0.comment\0";

/** An ELF32 file with three sections and their names. */
function makeElf(): Uint8Array {
  const content = new TextEncoder().encode("the code".repeat(60));
  const table = 52 + content.length + NAMES.length;
  const bytes = new Uint8Array(table + 5 * 40);
  const words = new DataView(bytes.buffer);
  words.setUint32(0, 0x464c457f, true);
  words.setUint32(32, table, true);
  words.setUint16(48, 5, true);
  words.setUint16(50, 4, true);
  bytes.set(content, 52);
  bytes.set(new TextEncoder().encode(NAMES), 52 + content.length);
  const section = (index: number, fields: readonly number[]): void =>
    fields.forEach((value, place) => words.setUint32(table + index * 40 + place * 4, value, true));
  section(1, [1, 1, 6, 0xc1000000, 52, content.length]);
  section(2, [7, 8, 3, 0xc0f00000, 0, 0x2000]);
  section(3, [12, 1, 0x30, 0, 52, 4]);
  section(4, [0, 3, 0, 0, 52 + content.length, NAMES.length]);
  return bytes;
}

/** A bzImage with a payload of one LZ4 block that holds `content` as it is. */
function makeImage(content: Uint8Array, token = 0xf0): Uint8Array {
  const rest = content.length - 15;
  const lengths = [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255];
  const image = new Uint8Array(1024 + 100 + 12 + 1 + lengths.length + content.length);
  const words = new DataView(image.buffer);
  image[0x1f1] = 1;
  words.setUint32(0x248, 100, true);
  words.setUint32(1124, 0x184c2102, true);
  words.setUint32(1128, 1 + lengths.length + content.length, true);
  image.set([token, ...lengths], 1132);
  image.set(content, 1133 + lengths.length);
  words.setUint32(image.length - 4, content.length, true);
  return image;
}

test("sections that lie in memory are found, by address, with what the file holds of them", () => {
  const sections = readSections(makeImage(makeElf()));
  expect(sections.map(({ name, address, size }) => ({ name, address, size }))).toEqual([
    { name: ".bss", address: 0xc0f00000, size: 0x2000 },
    { name: ".text", address: 0xc1000000, size: 480 },
  ]);
  expect(sections[0]?.bytes).toHaveLength(0);
  expect(new TextDecoder().decode(sections[1]?.bytes)).toBe("the code".repeat(60));
});

test("a kernel that is compressed by itself, or is none, has none that can be seen", () => {
  // Five literals, then a match.
  expect(readSections(makeImage(makeElf(), 0x50))).toEqual([]);
  expect(readSections(makeImage(new Uint8Array(300)))).toEqual([]);
  expect(readSections(new Uint8Array(2048))).toEqual([]);
});
