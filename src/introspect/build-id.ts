import type { KernelMemory } from "./kernel-memory.ts";
import type { KernelStructures } from "./structures.ts";

/** `Elf32_Nhdr`: lengths of name and content, and the type (elf(5)). */
const HEADER = 12;
const GNU_BUILD_ID = 3;
const LONGEST = 64;

/** The note that the linker leaves in the kernel, in hexadecimal; undefined if RAM holds no kernel that is known. */
export function readBuildId(memory: KernelMemory, { symbols }: KernelStructures): string | undefined {
  for (let at = symbols.notes; at < symbols.notesEnd;) {
    const [name, size, type] = [memory.u32(at), memory.u32(at + 4), memory.u32(at + 8)];
    if (name > LONGEST || size > 4096) return undefined;
    // Both parts are padded to words.
    const content = at + HEADER + ((name + 3) & ~3);
    if (type === GNU_BUILD_ID && memory.text(at + HEADER, name) === "GNU") {
      return Array.from(memory.bytes(content, Math.min(size, LONGEST)), (byte) =>
        byte.toString(16).padStart(2, "0"),
      ).join("");
    }
    at = content + ((size + 3) & ~3);
  }
  return undefined;
}
