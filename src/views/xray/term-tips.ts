import { type Disposable, DisposableStore } from "../../base/index.ts";
import { el, setText } from "./dom.ts";
import { isTerm, type Say } from "./words.ts";

const DELAY_MS = 250;
const GAP = 6;
let made = 0;

/**
 * Explains a term in one sentence when the pointer rests on it, or the focus does: whatever bears `data-term` below `host`.
 * Escape puts the explanation away.
 */
export class TermTips implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #tip = el("div", "term-tip");
  readonly #say: Say;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #about: HTMLElement | undefined;

  constructor(host: HTMLElement, say: Say) {
    this.#say = say;
    this.#tip.id = `term-tip-${++made}`;
    this.#tip.setAttribute("role", "tooltip");
    this.#tip.hidden = true;
    host.append(this.#tip);
    const on = (name: string, listener: (event: Event) => void): void => {
      host.addEventListener(name, listener);
      this.#owned.defer(() => host.removeEventListener(name, listener));
    };
    const near = (event: Event): HTMLElement | null =>
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-term]") : null;
    on("pointerover", (event) => this.#soon(near(event)));
    on("pointerleave", () => this.#hide());
    on("focusin", (event) => this.#show(near(event)));
    on("focusout", () => this.#hide());
    on("keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.#hide();
    });
    this.#owned.defer(() => {
      clearTimeout(this.#timer);
      this.#tip.remove();
    });
  }

  #soon(about: HTMLElement | null): void {
    if (about !== null && about === this.#about) return;
    clearTimeout(this.#timer);
    if (about === null) this.#hide();
    else this.#timer = setTimeout(() => this.#show(about), DELAY_MS);
  }

  #show(about: HTMLElement | null): void {
    const term = about?.dataset["term"];
    if (about === null || term === undefined || !isTerm(term)) {
      this.#hide();
      return;
    }
    this.#hide();
    this.#about = about;
    about.setAttribute("aria-describedby", this.#tip.id);
    setText(this.#tip, this.#say(`xray.term.${term}`));
    this.#tip.hidden = false;
    const place = about.getBoundingClientRect();
    const own = this.#tip.getBoundingClientRect();
    const left = Math.min(Math.max(GAP, place.left), document.documentElement.clientWidth - own.width - GAP);
    const below = place.bottom + GAP;
    const top = below + own.height > innerHeight ? place.top - own.height - GAP : below;
    this.#tip.style.left = `${left}px`;
    this.#tip.style.top = `${top}px`;
  }

  #hide(): void {
    clearTimeout(this.#timer);
    this.#about?.removeAttribute("aria-describedby");
    this.#about = undefined;
    this.#tip.hidden = true;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
