import { el, Keyed, setChildren, setShown, setText } from "./dom.ts";

export interface TableRow {
  readonly key: string;
  readonly cells: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly term?: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

class RowView {
  readonly element = el("tr");

  update(cells: readonly string[], columns: readonly Column[]): void {
    cells.forEach((text, i) => {
      const made = this.element.children[i];
      const cell = made ?? this.element.appendChild(i === 0 ? el("th") : el("td"));
      if (made === undefined && cell instanceof HTMLTableCellElement) {
        if (i === 0) cell.scope = "row";
        if (columns[i]?.isNumber === true) cell.className = "number";
      }
      setText(cell, text);
    });
  }
}

/** A real table with a caption, whose rows stay where they are while their text changes. */
export class DataTable {
  readonly element: HTMLElement;
  readonly #caption = el("caption");
  readonly #body = el("tbody");
  readonly #rows = new Keyed(() => new RowView());
  readonly #columns: readonly Column[];

  constructor(columns: readonly Column[], label: string) {
    this.#columns = columns;
    const head = el("tr");
    for (const { name, term, isNumber } of columns) {
      const cell = el("th", isNumber === true ? "number" : "", name);
      cell.scope = "col";
      if (term !== undefined) {
        cell.dataset["term"] = term;
        cell.tabIndex = 0;
      }
      head.append(cell);
    }
    const table = el("table", "", this.#caption, el("thead", "", head), this.#body);
    this.element = el("div", "table-scroll", table);
    // What scrolls must be within a keyboard's reach.
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "region");
    this.element.setAttribute("aria-label", label);
  }

  /** @param words Lower case; a row without all of them is left out. */
  update(caption: (shown: number) => string, rows: readonly TableRow[], words: readonly string[]): void {
    const fitting = rows.filter(({ cells }) => {
      const text = cells.join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    setChildren(
      this.#body,
      fitting.map(({ key, cells }) => {
        const row = this.#rows.get(key);
        row.update(cells, this.#columns);
        return row.element;
      }),
    );
    this.#rows.sweep();
    setText(this.#caption, caption(fitting.length));
    setShown(this.element, fitting.length > 0);
  }
}
