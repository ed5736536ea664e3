import type { ProcessNode } from "../../isolation/index.ts";
import { el, Keyed, setChildren } from "./dom.ts";
import { rowsOf } from "./fold.ts";
import { CrowdRow, ProcessRow, type RowScene } from "./process-row.ts";

/** The rows of one machine. They are kept when their process moves to another box, or to the other lens. */
export class ProcessRows {
  readonly #rows: Keyed<ProcessRow>;
  readonly #crowds: Keyed<CrowdRow>;
  readonly #opened = new Set<string>();

  /** @param register Told of each button that stands for a process (its key) or for a crowd (`undefined`). */
  constructor(register: (pick: HTMLElement, key: string, isCrowd: boolean) => void) {
    this.#rows = new Keyed((key) => {
      const row = new ProcessRow(key);
      register(row.pick, key, false);
      return row;
    });
    this.#crowds = new Keyed((key) => {
      const row = new CrowdRow(key);
      register(row.pick, key, true);
      return row;
    });
  }

  /** Unfolds a crowd, or folds it again. */
  toggle(crowd: string): void {
    if (!this.#opened.delete(crowd)) this.#opened.add(crowd);
  }

  fill(list: HTMLElement, forest: readonly ProcessNode[], place: string, scene: RowScene): void {
    const elements = rowsOf(forest, place, this.#opened).map((row) => {
      if (row.kind === "crowd") {
        const view = this.#crowds.get(row.key);
        view.update(row, scene);
        return view.element;
      }
      const view = this.#rows.get(row.key);
      view.update(row, scene);
      return view.element;
    });
    setChildren(list, elements);
    list.hidden = elements.length === 0;
  }

  sweep(): void {
    this.#rows.sweep();
    this.#crowds.sweep();
  }
}

export function processList(): HTMLUListElement {
  return el("ul", "procs");
}
