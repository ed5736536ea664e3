import { type ReadonlySignal, signal } from "@preact/signals-core";

/** In CSS pixels. */
const FONT_SIZES = [10, 11, 12, 13, 14, 16, 18, 20, 24, 28] as const;
const USUAL = 14;

/** A number that the browser keeps. */
export interface NumberSetting {
  /** Undefined where nothing is kept. */
  load(): Promise<number | undefined>;
  save(value: number): Promise<void>;
}

/** How large the terminals' letters are. Where the browser keeps nothing, it lasts as long as the page. */
export class FontSize {
  readonly #setting: NumberSetting | undefined;
  readonly #size = signal<number>(USUAL);
  #wasChosen = false;

  constructor(setting: NumberSetting | undefined) {
    this.#setting = setting;
    void this.#load();
  }

  async #load(): Promise<void> {
    const kept = await this.#setting?.load().catch(() => undefined);
    // Who chose meanwhile has the last word.
    if (FONT_SIZES.some((size) => size === kept) && kept !== undefined && !this.#wasChosen)
      this.#size.value = kept;
  }

  /** CSS pixels. */
  get size(): ReadonlySignal<number> {
    return this.#size;
  }

  /** The next one, larger (1) or smaller (-1); at the end there is none. */
  next(direction: 1 | -1): number | undefined {
    const at = FONT_SIZES.findIndex((size) => size === this.#size.value);
    return FONT_SIZES[at + direction];
  }

  step(direction: 1 | -1): void {
    const next = this.next(direction);
    if (next === undefined) return;
    this.#wasChosen = true;
    this.#size.value = next;
    this.#setting?.save(next).catch(() => undefined);
  }
}
