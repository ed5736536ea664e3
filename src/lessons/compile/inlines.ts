import { type Inline, textOf } from "../index.ts";
import type { Phrase } from "./markdown.ts";
import type { Place, ProblemList } from "./problems.ts";

const MAN = /^([a-zA-Z0-9_][a-zA-Z0-9_.+-]*)\(([0-9][a-z]*)\)$/;
/** A heading of a manual page; the longest there is has 60 characters or so. */
const HEADING = /^[^\p{C}]{1,120}$/u;
const SAFE_URL = /^(https:\/\/|#|\.{0,2}\/)/;

interface Positioned {
  readonly position?: { readonly start: Place } | undefined;
}

function merge(inlines: readonly Inline[]): Inline[] {
  const merged: Inline[] = [];
  for (const one of inlines) {
    const last = merged.at(-1);
    if (one.type === "text" && last?.type === "text") {
      merged[merged.length - 1] = { type: "text", text: last.text + one.text };
    } else merged.push(one);
  }
  return merged;
}

type Refuse = (what: string, fix: string) => [];
type Attributes = Readonly<Record<string, string | null | undefined>> | null | undefined;

/** `unshare(1)`, with `{section="EXAMPLES"}` behind it or without. */
function manualPage(name: string, attributes: Attributes, refuse: Refuse): Inline[] {
  const [, page, section] = MAN.exec(name) ?? [];
  if (page === undefined || section === undefined)
    return refuse(`:man[${name}] names no manual page`, "Write it as :man[unshare(1)]");
  const fix = `Write it as :man[${name}]{section="DESCRIPTION"}, with a heading of that page`;
  const unknown = Object.keys(attributes ?? {}).find((key) => key !== "section");
  if (unknown !== undefined) return refuse(`:man[${name}] has no \`${unknown}\``, fix);
  const given = attributes?.["section"];
  if (given === undefined) return [{ type: "man", page, section }];
  const heading = (given ?? "").replaceAll(/\s+/g, " ").trim();
  return HEADING.test(heading)
    ? [{ type: "man", page, section, heading }]
    : refuse(`the section of :man[${name}] is not a heading`, fix);
}

/** Markdown's inline nodes as ours. What has no place in a lesson is reported. */
export function compileInlines(nodes: readonly Phrase[], problems: ProblemList): Inline[] {
  const report = (node: Positioned, what: string, fix: string): [] => {
    problems.report(node.position?.start, what, fix);
    return [];
  };
  const compile = (node: Phrase): Inline[] => {
    switch (node.type) {
      case "text":
        // A line break in the source is a blank on the page.
        return [{ type: "text", text: node.value.replaceAll(/\s*\n\s*/g, " ") }];
      case "inlineCode":
        return [{ type: "code", text: node.value }];
      case "strong":
      case "emphasis":
        return [{ type: node.type, children: compileInlines(node.children, problems) }];
      case "break":
        return [{ type: "break" }];
      case "link":
        if (!SAFE_URL.test(node.url)) {
          return report(
            node,
            `the link to ${node.url.slice(0, 60)} is not safe`,
            "Link to an https:// address, or to a lesson as ./?lesson=course/lesson",
          );
        }
        return [{ type: "link", url: node.url, children: compileInlines(node.children, problems) }];
      case "html":
        return report(
          node,
          `HTML has no place in a lesson (${node.value.slice(0, 40)})`,
          "Use Markdown, or put it between backticks to show it",
        );
      case "image":
        return report(node, "images are not supported", "Say it in words, or draw it in a code block");
      case "textDirective": {
        const inner = textOf(compileInlines(node.children, problems));
        if (node.name === "man")
          return manualPage(inner, node.attributes, (what, fix) => report(node, what, fix));
        if (node.name === "key" && inner !== "") return [{ type: "key", text: inner }];
        // `12:30` and `pid:[4026]` read as directives to the parser, but were meant as text.
        if (node.children.length === 0) return [{ type: "text", text: `:${node.name}` }];
        return report(node, `there is no :${node.name}[…]`, "Use :man[page(section)] or :key[Ctrl+D]");
      }
      case "delete":
      case "footnoteReference":
      case "imageReference":
      case "linkReference":
      default:
        return report(node, `${node.type} has no place in a lesson`, "Write it as plain text");
    }
  };
  return merge(nodes.flatMap(compile));
}
