import type { ManInline } from "./man-tree.ts";

/** As in man(7): a name, and the number of a section in parentheses right behind it. */
const NAME = /^[A-Za-z0-9_][\w.+:-]{0,60}$/;
const NUMBER = /^\((\d[a-z]{0,3})\)/;
const WRITTEN_OUT = /(?<![\w.+:-])([A-Za-z0-9_][\w.+:-]{0,60})\((\d[a-z]{0,3})\)/g;

function inText(text: string): ManInline[] {
  const found: ManInline[] = [];
  let at = 0;
  for (const hit of text.matchAll(WRITTEN_OUT)) {
    const [whole, page = "", section = ""] = hit;
    if (hit.index > at) found.push({ type: "text", text: text.slice(at, hit.index) });
    found.push({ type: "reference", page, section });
    at = hit.index + whole.length;
  }
  if (at < text.length) found.push({ type: "text", text: text.slice(at) });
  return found;
}

/** The one word that a bold or slanted piece consists of. */
function wordOf(inline: ManInline | undefined): string | undefined {
  if (inline === undefined || (inline.type !== "strong" && inline.type !== "emphasis")) return undefined;
  const [only, ...more] = inline.children;
  return only?.type === "text" && more.length === 0 && NAME.test(only.text) ? only.text : undefined;
}

/** Finds other pages that a sentence names: `unshare(2)`, also with the name in bold. */
export function linkReferences(inlines: readonly ManInline[]): ManInline[] {
  const found: ManInline[] = [];
  for (const inline of inlines) {
    if (inline.type === "strong" || inline.type === "emphasis") {
      found.push({ ...inline, children: linkReferences(inline.children) });
    } else if (inline.type === "text") {
      const page = wordOf(found.at(-1));
      const number = page === undefined ? undefined : NUMBER.exec(inline.text);
      if (page !== undefined && number?.[1] !== undefined) {
        found.splice(-1, 1, { type: "reference", page, section: number[1] });
        found.push(...inText(inline.text.slice(number[0].length)));
      } else found.push(...inText(inline.text));
    } else found.push(inline);
  }
  return found;
}
