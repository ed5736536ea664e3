import { type Disposable, DisposableStore } from "../base/index.ts";
import { type CtrlHold, withCtrl } from "./bar-keys.ts";

/** One character that somebody typed, and nothing that the terminal itself answers or a paste brings. */
function isTyped(data: string): boolean {
  return /^[^\p{C}]$/u.test(data);
}

/**
 * The Ctrl key of a keyboard that has none: it is held for what is typed next, wherever that comes from.
 * @param area What xterm has typed into.
 */
export class HeldCtrl implements Disposable {
  readonly #owned = new DisposableStore();
  #hold: CtrlHold = "off";
  #spent: () => void = () => undefined;

  /** @param send Sends to the guest. */
  constructor(area: HTMLTextAreaElement, send: (data: string) => void) {
    // A phone's keyboard collects letters into a word before xterm sees any: Ctrl does not wait for the word.
    const onInput = (event: Event): void => {
      if (!this.isHeld || !(event instanceof InputEvent) || !event.isComposing) return;
      if (event.data === null || !isTyped(event.data)) return;
      send(this.take(event.data));
      // Ends the word, which is empty now; without a pause between, the keyboard stays.
      area.value = "";
      area.blur();
      area.focus({ preventScroll: true });
    };
    area.addEventListener("input", onInput);
    this.#owned.defer(() => area.removeEventListener("input", onInput));
  }

  get isHeld(): boolean {
    return this.#hold !== "off";
  }

  /** @param onSpent Is called when `once` has had its key. */
  hold(hold: CtrlHold, onSpent: () => void): void {
    this.#hold = hold;
    this.#spent = onSpent;
  }

  /** A key has had it. */
  spend(): void {
    if (this.#hold !== "once") return;
    this.#hold = "off";
    this.#spent();
  }

  /** What becomes of typed data. */
  take(data: string): string {
    if (!this.isHeld || !isTyped(data)) return data;
    this.spend();
    return withCtrl(data);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
