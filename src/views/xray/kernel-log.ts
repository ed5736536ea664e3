import { el, setShown, setText } from "./dom.ts";
import type { Say } from "./words.ts";

const LINES = 30;

/** The latest that the kernel said, as `dmesg` prints it. */
export class KernelLog {
  readonly element = el("details", "floor-more");
  readonly #lines = el("pre", "kernel-log");

  constructor(say: Say) {
    const summary = el("summary");
    setText(summary, say("xray.floor.log"));
    this.#lines.tabIndex = 0;
    this.element.append(summary, this.#lines);
  }

  update(log: readonly string[]): void {
    setShown(this.element, log.length > 0);
    // What nobody sees is not written.
    if (!this.element.open) return;
    const atEnd = this.#lines.scrollTop + this.#lines.clientHeight >= this.#lines.scrollHeight - 4;
    setText(this.#lines, log.slice(-LINES).join("\n"));
    if (atEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
