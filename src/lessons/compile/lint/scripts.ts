/** Every script of a lesson and of its proof, and where it stands. */
import { isScalar, parseDocument, type Scalar, visit } from "yaml";
import { parseMarkdown } from "../markdown.ts";

export interface Script {
  readonly text: string;
  /** Of its first character. */
  readonly offset: number;
  /** Whether its lines are the source's lines, so that a line of it can be named. */
  readonly isVerbatim: boolean;
}

interface Node {
  readonly type: string;
  readonly name?: string;
  readonly lang?: string | null | undefined;
  readonly meta?: string | null | undefined;
  readonly value?: string;
  readonly children?: readonly unknown[];
  readonly position?:
    | {
        readonly start: { readonly offset?: number | undefined };
        readonly end: { readonly offset?: number | undefined };
      }
    | undefined;
}

const SHELLS = new Set(["sh", "bash", "shell"]);

function isScript({ lang, meta, value = "" }: Node, parent: string): boolean {
  if (/(^|\s)run(\s|$)/.test(meta ?? "")) return true;
  if (parent === "setup") return true;
  const isFile = /(^|\s)file=/.test(meta ?? "");
  return isFile && (SHELLS.has(lang ?? "") || /^#!.*\b(?:ba|da)?sh\b/.test(value));
}

function scalarAt(node: Scalar, offset: number, yaml: string): Script {
  const from = node.range?.[0] ?? 0;
  const isBlock = node.type === "BLOCK_LITERAL";
  // A block begins behind its sign and the comment after it.
  const start = isBlock ? yaml.indexOf("\n", from) + 1 : from;
  return { text: String(node.value), offset: offset + start, isVerbatim: isBlock };
}

/** What YAML tells to run: `run:` and `script:`, and each line of a `do:`. */
export function scriptsInYaml(yaml: string, offset = 0): Script[] {
  const found: Script[] = [];
  visit(parseDocument(yaml), {
    Pair(_, { key, value }) {
      if (!isScalar(key)) return;
      if ((key.value === "run" || key.value === "script") && isScalar(value))
        found.push(scalarAt(value, offset, yaml));
      if (key.value === "do" && typeof value === "object" && value !== null && "items" in value)
        for (const item of value.items as unknown[])
          if (isScalar(item)) found.push(scalarAt(item, offset, yaml));
    },
  });
  return found;
}

/** The scripts of a lesson: run blocks, set-ups, files that are scripts, and commands of checks. */
export function scriptsOf(text: string): Script[] {
  const found: Script[] = [];
  const walk = (node: Node, parent: string): void => {
    const from = node.position?.start.offset ?? 0;
    const to = node.position?.end.offset ?? from;
    if (node.type === "code" && isScript(node, parent))
      found.push({ text: node.value ?? "", offset: text.indexOf("\n", from) + 1, isVerbatim: true });
    if (node.type === "containerDirective" && (node.name === "check" || node.name === "target")) {
      const start = text.indexOf("\n", from) + 1;
      found.push(...scriptsInYaml(text.slice(start, text.lastIndexOf("\n", to - 1)), start));
      return;
    }
    for (const child of node.children ?? []) walk(child as Node, node.name ?? "");
  };
  walk(parseMarkdown(text), "");
  return found;
}
