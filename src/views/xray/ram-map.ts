import { type MachineFacts, RAM_USES } from "../../isolation/index.ts";
import { el, setAttributes, setShown, setText } from "./dom.ts";
import type { Say } from "./words.ts";

const MIB = 1024 * 1024;
const PAGE = 4096;

/** RAM from its first byte to its last: a square for each part, in the colour of what most of it is used for. */
export class RamMap {
  readonly element = el("details", "floor-more");
  readonly #summary = el("summary");
  readonly #squares = el("div", "ram-squares");
  readonly #legend = el("p", "ram-legend");
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
    this.element.append(this.#summary, this.#squares, this.#legend);
    setText(this.#summary, say("xray.floor.ram"));
    this.#squares.setAttribute("aria-hidden", "true");
  }

  update(machine: MachineFacts | undefined): void {
    const parts = machine?.ramMap ?? [];
    setShown(this.element, parts.length > 0);
    // What nobody sees is not drawn.
    if (machine === undefined || !this.element.open) return;
    while (this.#squares.childElementCount < parts.length) this.#squares.append(el("i"));
    while (this.#squares.childElementCount > parts.length) this.#squares.lastElementChild?.remove();
    parts.forEach((part, i) => {
      const square = this.#squares.children[i];
      if (square !== undefined) setAttributes(square, { "data-use": RAM_USES[part] });
    });
    const use = machine.ramUse;
    setText(
      this.#legend,
      RAM_USES.filter((name) => (use?.[name] ?? 0) > 0)
        .map(
          (name) => `${this.#say(`xray.ram.${name}`)} ${(((use?.[name] ?? 0) * PAGE) / MIB).toFixed(1)} MiB`,
        )
        .join(" · "),
    );
  }
}
