import type { IconNode } from "lucide";
import { h, type JSX } from "preact";

/** An icon of Lucide's, as large as the letters beside it and in their colour. It says nothing by itself: words do. */
export function Icon({ of }: { readonly of: IconNode }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {of.map(([tag, attributes], i) => h(tag, { ...attributes, key: i }))}
    </svg>
  );
}
