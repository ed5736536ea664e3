/** Which characters of a lesson's source are prose: what a learner reads as sentences. */
import { isScalar, parseDocument, visit } from "yaml";
import { parseMarkdown, type Root } from "../markdown.ts";

type Node = Root | Root["children"][number] | { readonly type: string };

/** Containers whose body is YAML. */
const DATA = new Set(["check", "target", "predict", "quiz", "measure"]);
/** Keys of YAML whose text is for learners. */
const SENTENCES = new Set([
  ...["title", "summary", "ask", "text", "because", "outcome"],
  ...["otherwise", "goal", "say"],
]);
/** Stands for a character that is no prose: neither a letter nor a blank. */
const MASK = "\u00B7";

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Placed {
  readonly position?:
    | {
        readonly start: { readonly offset?: number | undefined };
        readonly end: { readonly offset?: number | undefined };
      }
    | undefined;
  readonly children?: readonly Node[];
  readonly name?: string;
}

function rangeOf({ position }: Placed): Range {
  return { from: position?.start.offset ?? 0, to: position?.end.offset ?? 0 };
}

/** The lines between the first and the last of a container, or of the front matter. */
function bodyOf(text: string, { from, to }: Range): Range {
  const first = text.indexOf("\n", from) + 1;
  return { from: first === 0 ? to : first, to: Math.max(first, text.lastIndexOf("\n", to - 1)) };
}

/** Where sentences stand in YAML. */
function sentencesIn(yaml: string): Range[] {
  const found: Range[] = [];
  visit(parseDocument(yaml), {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !SENTENCES.has(String(key.value))) return undefined;
      const take = (node: unknown): void => {
        if (isScalar(node) && node.range) found.push({ from: node.range[0], to: node.range[1] });
      };
      take(value);
      if (typeof value === "object" && value !== null && "items" in value)
        for (const item of value.items as unknown[]) take(item);
      return undefined;
    },
  });
  return found;
}

/** A source of the same length and lines, in which all that is no prose is masked. */
export function proseOf(text: string): string {
  const chars = text.split("");
  const original = chars.slice();
  const mask = ({ from, to }: Range): void => {
    for (let i = from; i < to; i++) if (chars[i] !== "\n") chars[i] = MASK;
  };
  const show = ({ from, to }: Range): void => {
    for (let i = from; i < to; i++) chars[i] = original[i] ?? "";
  };
  const data = (range: Range): void => {
    mask(range);
    const body = bodyOf(text, range);
    for (const { from, to } of sentencesIn(text.slice(body.from, body.to))) {
      const start = body.from + from;
      show({ from: start, to: body.from + to });
      // Markdown's own marks are not parsed within YAML.
      for (const code of text.slice(start, body.from + to).matchAll(/`[^`]*`|:[a-z]+\[[^\]]*\]|\]\([^)]*\)/g))
        mask({ from: start + code.index, to: start + code.index + code[0].length });
    }
  };
  const walk = (node: Placed & { readonly type: string }): void => {
    const range = rangeOf(node);
    const { type, name = "", children = [] } = node;
    if (type === "yaml" || (type === "containerDirective" && DATA.has(name))) return data(range);
    if (["code", "inlineCode", "html", "textDirective", "leafDirective"].includes(type)) return mask(range);
    if (type === "containerDirective") {
      mask({ from: range.from, to: bodyOf(text, range).from });
      const title = /\btitle="([^"]*)"/.exec(text.slice(range.from, bodyOf(text, range).from));
      if (title !== null) {
        const from = range.from + title.index + 'title="'.length;
        show({ from, to: from + (title[1] ?? "").length });
      }
    }
    if (type === "link") {
      mask(range);
      for (const child of children) show(rangeOf(child as Placed));
    }
    for (const child of children) walk(child);
    return undefined;
  };
  walk(parseMarkdown(text));
  return chars.join("");
}
