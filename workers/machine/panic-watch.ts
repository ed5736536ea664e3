import type { ProfileManifest } from "../../src/protocol/machine.ts";

/** `panic_cpu` holds this as long as the kernel is well (kernel/panic.c, PANIC_CPU_INVALID). */
const NO_PANIC = -1;
/** The last line of a panic; once it is out, the kernel only spins. */
const LAST_LINE = "---[ end Kernel panic";
/** A console that says nothing more is waited for so many slices, about as many milliseconds. */
const PATIENCE = 300;

/** Sees a panic in the kernel's own memory, so that neither a quiet console nor a learner's `echo` deceives it. */
export class PanicWatch {
  readonly #address: number | undefined;
  #armed = false;
  #slices = 0;

  constructor(manifest: ProfileManifest) {
    this.#address = manifest.kernelInfo.symbols["panic_cpu"];
  }

  /** True once the kernel has panicked and said what it had to say. Called after each slice. */
  sees(readWord: (address: number) => number | undefined, consoleTail: () => string): boolean {
    if (this.#address === undefined) return false;
    const cpu = readWord(this.#address);
    if (cpu === NO_PANIC) {
      // Before the kernel is unpacked its memory holds zeros, which are not a panic.
      this.#armed = true;
      this.#slices = 0;
      return false;
    }
    if (!this.#armed) return false;
    this.#slices++;
    return this.#slices > PATIENCE || (this.#slices % 8 === 0 && consoleTail().includes(LAST_LINE));
  }
}

/** The panic's own words out of the console's last output. */
export function panicText(consoleTail: string): string {
  const end = consoleTail.lastIndexOf(LAST_LINE);
  const start = consoleTail.lastIndexOf("Kernel panic", end === -1 ? undefined : end);
  const text =
    start === -1 ? consoleTail.slice(-2000) : consoleTail.slice(consoleTail.lastIndexOf("\n", start) + 1);
  return text.replaceAll("\r", "").trim();
}
