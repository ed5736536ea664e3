/** A manual page as data: text is text, and there is no markup in it. */

export type ManInline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "emphasis"; readonly children: readonly ManInline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly ManInline[] }
  /** Another page: `unshare(2)`. Whether the guest has it is not said. */
  | { readonly type: "reference"; readonly page: string; readonly section: string }
  | { readonly type: "break" };

export type ManBlock =
  | { readonly type: "paragraph"; readonly children: readonly ManInline[] }
  /** Set as it is, line by line. */
  | { readonly type: "code"; readonly children: readonly ManInline[] }
  | { readonly type: "indent"; readonly children: readonly ManBlock[] }
  | { readonly type: "list"; readonly items: readonly (readonly ManBlock[])[] }
  /** Words, each with what it means: options above all. */
  | {
      readonly type: "terms";
      readonly items: readonly {
        readonly terms: readonly (readonly ManInline[])[];
        readonly body: readonly ManBlock[];
      }[];
    }
  /** Rows of cells. */
  | { readonly type: "table"; readonly rows: readonly (readonly (readonly ManBlock[])[])[] };

export interface ManSection {
  /** Its heading. */
  readonly title: string;
  /** 2 is below the 1 before it. */
  readonly level: 1 | 2;
  readonly blocks: readonly ManBlock[];
}

export interface ManPage {
  readonly sections: readonly ManSection[];
  /** What the page's last line says: a date and a version, as far as it does. */
  readonly foot: string;
}
