import type { Terminal } from "@xterm/xterm";
import type { SearchAddon } from "@xterm/addon-search";
import { type Disposable, DisposableStore } from "../base/index.ts";

export type SearchDirection = "older" | "newer";

/** Finds text in all that a terminal still has. What is found is selected and scrolled to; the code comes with the first search. */
export class TerminalSearch implements Disposable {
  readonly #terminal: Terminal;
  readonly #owned = new DisposableStore();
  #addon: Promise<SearchAddon> | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async #load(): Promise<SearchAddon> {
    const { SearchAddon: Addon } = await import("@xterm/addon-search");
    const addon = new Addon();
    // A terminal that is gone meanwhile takes no more.
    if (!this.#owned.disposed) this.#terminal.loadAddon(addon);
    return addon;
  }

  /**
   * Goes from what is selected to the next one, and on from the other end. Upper and lower case are the same.
   * @returns Whether there is any; false as well when the code could not be fetched, which the next search tries again.
   */
  async find(text: string, direction: SearchDirection): Promise<boolean> {
    if (text === "") {
      this.clear();
      return false;
    }
    this.#addon ??= this.#load();
    try {
      const addon = await this.#addon;
      if (this.#owned.disposed) return false;
      return direction === "older" ? addon.findPrevious(text) : addon.findNext(text);
    } catch {
      this.#addon = undefined;
      return false;
    }
  }

  /** Nothing is selected any more. */
  clear(): void {
    this.#terminal.clearSelection();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
