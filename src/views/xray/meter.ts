import { el, setAttributes, setClass, setShown, setText } from "./dom.ts";

export interface MeterValue {
  /** 0 to 1. */
  readonly filled: number;
  /** Part of the bar that is drawn as stopped, after `filled`. */
  readonly stopped?: number;
  /** Where the limit stands, 0 to 1; undefined when there is none. */
  readonly limit: number | undefined;
  readonly text: string;
}

/** A bar with a name, a limit as a solid mark, and its value in words. */
export class Meter {
  readonly element: HTMLElement;
  readonly #fill = el("span", "meter-fill");
  readonly #stopped = el("span", "meter-stopped");
  readonly #limit = el("span", "meter-limit");
  readonly #text = el("span", "meter-text");

  constructor(name: string, term: string) {
    const label = el("span", "meter-name", name);
    label.dataset["term"] = term;
    const bar = el("span", "meter-bar", this.#fill, this.#stopped, this.#limit);
    setAttributes(bar, { "aria-hidden": "true" });
    this.element = el("div", "meter", label, bar, this.#text);
  }

  update({ filled, stopped = 0, limit, text }: MeterValue): void {
    const share = (value: number): string => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(1)}%`;
    this.#fill.style.width = share(filled);
    this.#stopped.style.left = share(filled);
    this.#stopped.style.width = share(Math.min(stopped, 1 - filled));
    setShown(this.#limit, limit !== undefined);
    if (limit !== undefined) this.#limit.style.left = share(limit);
    setClass(this.element, "at-limit", limit !== undefined && filled >= limit - 0.005);
    setText(this.#text, text);
  }
}
