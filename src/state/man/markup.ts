/**
 * The markup that mandoc writes with `-T html`, as a tree of plain values. It comes from a guest: whatever is in it, this takes
 * time in proportion to its length, and what is not a tag is text.
 */

export interface MarkupElement {
  readonly name: string;
  /** The words of its `class`, as written. */
  readonly className: string;
  /** Its `href`, as written; whether it is safe is for others to judge. */
  readonly href: string;
  readonly children: readonly MarkupNode[];
}
export type MarkupNode = MarkupElement | string;

interface Open extends MarkupElement {
  readonly children: MarkupNode[];
}

/** No page of ours comes near; a tag that is longer is text, one that lies deeper does not count. */
const LONGEST_TAG = 400;
const DEEPEST = 40;
const TAG = /^<(\/?)([a-z][a-z0-9]*)(\s[^<]*)?\/?>$/;
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));/g;
const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"' } as const;
const LAST_CODE_POINT = 0x10_ff_ff;
/** Control characters but for the line feed and the tab, and what turns the direction of a text around. */
const UNWANTED = /[^\P{C}\n\t]/gu;

function decode(text: string): string {
  return text
    .replaceAll(ENTITY, (whole, hex?: string, decimal?: string, name?: keyof typeof NAMED) => {
      if (name !== undefined) return NAMED[name];
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole;
    })
    .replaceAll(UNWANTED, "");
}

function attribute(attributes: string, name: "class" | "href"): string {
  const start = attributes.indexOf(` ${name}="`);
  if (start < 0) return "";
  const from = start + name.length + 3;
  const to = attributes.indexOf('"', from);
  return to < 0 ? "" : decode(attributes.slice(from, to));
}

/** An end tag that closes nothing is left out; what is open at the end is closed. */
export function parseMarkup(source: string): readonly MarkupNode[] {
  const root: Open = { name: "", className: "", href: "", children: [] };
  const open: Open[] = [root];
  const top = (): Open => open.at(-1) ?? root;
  const take = (text: string): void => {
    if (text === "") return;
    const { children } = top();
    const last = children.at(-1);
    if (typeof last === "string") children[children.length - 1] = last + decode(text);
    else children.push(decode(text));
  };
  let at = 0;
  while (at < source.length) {
    const start = source.indexOf("<", at);
    if (start < 0) break;
    take(source.slice(at, start));
    const length = source.slice(start, start + LONGEST_TAG).indexOf(">") + 1;
    const tag = TAG.exec(source.slice(start, start + length));
    at = start + (tag === null ? 1 : length);
    if (tag === null) {
      take("<");
      continue;
    }
    const [, slash = "", name = "", attributes = ""] = tag;
    if (slash !== "") {
      const from = open.findLastIndex((one) => one.name === name);
      if (from > 0) open.length = from;
      continue;
    }
    const element: Open = {
      name,
      className: attribute(attributes, "class"),
      href: attribute(attributes, "href"),
      children: [],
    };
    if (open.length <= DEEPEST) top().children.push(element);
    if (name !== "br" && open.length <= DEEPEST) open.push(element);
  }
  take(source.slice(at));
  return root.children;
}
