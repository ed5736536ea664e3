import { type MarkupElement, type MarkupNode, parseMarkup } from "./markup.ts";
import type { ManBlock, ManInline, ManPage } from "./man-tree.ts";
import { linkReferences } from "./references.ts";

const BLOCK_NAMES = new Set(["p", "pre", "div", "section", "dl", "ul", "ol", "table"]);
const STRONG = new Set(["b", "strong", "code", "h1", "h2", "h3", "h4", "h5", "h6"]);
const EMPHASIS = new Set(["i", "em", "var", "cite"]);

function isElement(node: MarkupNode): node is MarkupElement {
  return typeof node !== "string";
}

function childrenNamed(element: MarkupElement, ...names: readonly string[]): MarkupElement[] {
  return element.children.filter(isElement).filter(({ name }) => names.includes(name));
}

function textOfMarkup(nodes: readonly MarkupNode[]): string {
  const text = (some: readonly MarkupNode[]): string =>
    some.map((node) => (isElement(node) ? text(node.children) : node)).join("");
  return text(nodes).replaceAll(/\s+/g, " ").trim();
}

/** @param keeps Whether blanks and line breaks mean what they are. */
function inlinesOf(nodes: readonly MarkupNode[], keeps: boolean): ManInline[] {
  return nodes.flatMap((node): ManInline[] => {
    if (!isElement(node)) {
      const text = keeps ? node : node.replaceAll(/[ \t\n]+/g, " ");
      return text === "" ? [] : [{ type: "text", text }];
    }
    if (node.name === "br") return keeps ? [] : [{ type: "break" }];
    const children = inlinesOf(node.children, keeps);
    if (children.length === 0) return [];
    if (STRONG.has(node.name)) return [{ type: "strong", children }];
    if (EMPHASIS.has(node.name)) return [{ type: "emphasis", children }];
    if (node.name === "a" && node.href.startsWith("https://"))
      return [{ type: "link", url: node.href, children }];
    return children;
  });
}

/** Without the blanks and breaks at both ends. */
function trimmed(inlines: readonly ManInline[]): ManInline[] {
  const isBlank = (one: ManInline): boolean =>
    one.type === "break" || (one.type === "text" && one.text.trim() === "");
  const from = inlines.findIndex((one) => !isBlank(one));
  if (from < 0) return [];
  const to = inlines.findLastIndex((one) => !isBlank(one)) + 1;
  const kept = inlines.slice(from, to);
  const change = (at: number, how: (text: string) => string): void => {
    const one = kept.at(at);
    if (one?.type === "text") kept.splice(at, 1, { type: "text", text: how(one.text) });
  };
  change(0, (text) => text.trimStart());
  change(-1, (text) => text.trimEnd());
  return kept;
}

function sentence(nodes: readonly MarkupNode[]): ManInline[] {
  return linkReferences(trimmed(inlinesOf(nodes, false)));
}

function paragraph(nodes: readonly MarkupNode[]): ManBlock[] {
  const children = sentence(nodes);
  return children.length === 0 ? [] : [{ type: "paragraph", children }];
}

function code({ children: nodes }: MarkupElement): ManBlock[] {
  const children = inlinesOf(nodes, true);
  const last = children.at(-1);
  if (last?.type === "text") children.splice(-1, 1, { type: "text", text: last.text.trimEnd() });
  return children.length === 0 ? [] : [{ type: "code", children }];
}

function terms(list: MarkupElement): ManBlock[] {
  const items: { terms: ManInline[][]; body: ManBlock[] }[] = [];
  let open: { terms: ManInline[][]; body: ManBlock[] } | undefined;
  for (const child of childrenNamed(list, "dt", "dd")) {
    if (open === undefined || (child.name === "dt" && open.body.length > 0)) {
      open = { terms: [], body: [] };
      items.push(open);
    }
    if (child.name === "dd") open.body.push(...blocksOf(child.children));
    else open.terms.push(sentence(child.children));
  }
  return items.length === 0 ? [] : [{ type: "terms", items }];
}

function table(element: MarkupElement): ManBlock[] {
  const rows = childrenNamed(element, "tr")
    .map((row) => childrenNamed(row, "td", "th").map((cell) => blocksOf(cell.children)))
    .filter((cells) => cells.some((cell) => cell.length > 0));
  return rows.length === 0 ? [] : [{ type: "table", rows }];
}

function blockOf(element: MarkupElement): ManBlock[] {
  switch (element.name) {
    case "p":
      return paragraph(element.children);
    case "pre":
      return code(element);
    case "dl":
      return terms(element);
    case "ul":
    case "ol":
      return [
        { type: "list", items: childrenNamed(element, "li").map(({ children }) => blocksOf(children)) },
      ];
    case "table":
      return table(element);
    default: {
      const children = blocksOf(element.children);
      const isIndented = element.className === "Bd-indent" && children.length > 0;
      return isIndented ? [{ type: "indent", children }] : children;
    }
  }
}

/** Text that stands between blocks becomes a paragraph. */
function blocksOf(nodes: readonly MarkupNode[]): ManBlock[] {
  const blocks: ManBlock[] = [];
  let run: MarkupNode[] = [];
  for (const node of nodes) {
    if (isElement(node) && BLOCK_NAMES.has(node.name)) {
      blocks.push(...paragraph(run), ...blockOf(node));
      run = [];
    } else run.push(node);
  }
  return [...blocks, ...paragraph(run)];
}

/**
 * Reads what mandoc 1.14 writes with `-T html -O fragment`: the sections, one after the other.
 *
 * @param source Of a guest: anything at all.
 * @returns undefined when it holds no section with a heading
 */
export function parseManPage(source: string): ManPage | undefined {
  const sections: { title: string; level: 1 | 2; nodes: MarkupNode[] }[] = [];
  let foot = "";
  const walk = (nodes: readonly MarkupNode[]): void => {
    for (const node of nodes) {
      if (!isElement(node)) sections.at(-1)?.nodes.push(node);
      else if (node.name === "section" || (node.name === "div" && node.className === "manual-text"))
        walk(node.children);
      else if (/^h[1-6]$/.test(node.name)) {
        const title = textOfMarkup(node.children);
        if (title !== "") sections.push({ title, level: node.name === "h1" ? 1 : 2, nodes: [] });
      } else if (node.className === "foot")
        foot = childrenNamed(node, "tr")
          .flatMap((row) => childrenNamed(row, "td").map((cell) => textOfMarkup(cell.children)))
          .filter((cell) => cell !== "")
          .join(" · ");
      // What stands before the first heading is the page's name, which is known.
      else sections.at(-1)?.nodes.push(node);
    }
  };
  walk(parseMarkup(source));
  if (sections.length === 0) return undefined;
  return {
    sections: sections.map(({ title, level, nodes }) => ({ title, level, blocks: blocksOf(nodes) })),
    foot,
  };
}

/** Which section has a heading, whatever its case; -1 when none has. */
export function sectionWith({ sections }: ManPage, heading: string): number {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[\u2018\u2019]/g, "'")
      .replaceAll(/\s+/g, " ")
      .trim();
  return sections.findIndex(({ title }) => plain(title) === plain(heading));
}
