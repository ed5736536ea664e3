import * as v from "valibot";
import { type Alias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { QUERY_WORDS } from "../../isolation/index.ts";
import { nearestWord } from "./nearest-word.ts";
import type { Place, ProblemList } from "./problems.ts";

/** YAML inside a lesson, parsed and validated, with the places of its parts. */
export interface YamlData<T> {
  readonly value: T;
  /** Where the part at `path` stands in the file. */
  placeOf(path: readonly (string | number)[]): Place;
}

type Path = readonly (string | number)[];

/** Brackets within brackets; queries of people have a handful. */
const DEEPEST_FLOW = 40;
/** Columns before a line's first word. */
const DEEPEST_INDENT = 200;

/** The line whose nesting is too deep for the parser, which would take minutes or all memory; undefined when none is. */
function tooDeepLine(text: string): number | undefined {
  let depth = 0;
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    if ((/^[ \t]*(?:[-?][ \t]+)*/.exec(line)?.[0].length ?? 0) > DEEPEST_INDENT) return i + 1;
    for (const char of line) {
      if (char === "[" || char === "{") depth++;
      else if (char === "]" || char === "}") depth = Math.max(0, depth - 1);
      if (depth > DEEPEST_FLOW) return i + 1;
    }
  }
  return undefined;
}

/** Where the language of queries is spoken: below these keys. */
const QUERY_KEYS = new Set(["query", "after", "when", "to"]);

function wrongQueryWord(
  value: unknown,
  path: Path,
  inQuery: boolean,
): { path: Path; word: string } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (inQuery && !Array.isArray(value) && !QUERY_WORDS.includes(key)) return { path: at, word: key };
    const found = wrongQueryWord(inner, at, inQuery || QUERY_KEYS.has(key));
    if (found !== undefined) return found;
  }
  return undefined;
}

interface DeepIssue {
  readonly issue: v.BaseIssue<unknown>;
  readonly path: Path;
}

/** Goes down into the alternatives that fit best, so that the message is about what was meant. */
function deepestIssue(issue: v.BaseIssue<unknown>, above: Path = []): DeepIssue {
  const own = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  let best: DeepIssue = { issue, path: [...above, ...own] };
  for (const inner of issue.issues ?? []) {
    const deep = deepestIssue(inner, [...above, ...own]);
    if (deep.path.length > best.path.length) best = deep;
  }
  return best;
}

function reportIssue<T>(
  issue: v.BaseIssue<unknown>,
  schema: v.GenericSchema<unknown, T>,
  placeOf: (path: Path) => Place,
  problems: ProblemList,
  what: string,
): void {
  const { issue: deep, path } = deepestIssue(issue);
  const key = path.join(".") || what;
  const known = "entries" in schema ? Object.keys(schema.entries as object) : [];
  if (deep.expected === "never") {
    const near = nearestWord(String(path.at(-1)), known);
    problems.report(
      placeOf(path),
      `${what} knows no \`${key}\``,
      near === undefined ? `It may hold ${known.join(", ") || "something else"}` : `Write \`${near}\``,
    );
  } else if (deep.received === "undefined") {
    problems.report(placeOf(path), `${what} lacks \`${key}\``, `Add \`${key}:\``);
  } else {
    const custom = !deep.message.startsWith("Invalid");
    const right = custom ? `It ${deep.message}` : `It must be ${deep.expected ?? "something else"}`;
    problems.report(placeOf(path), `\`${key}\` of ${what} is ${deep.received}`, right);
  }
}

/**
 * Parses and validates YAML that stands at `start` in a file. Returns undefined after reporting what is wrong.
 * @param what how a message calls it: "the front matter", "`:::check`"
 */
export function readYaml<T>(
  text: string,
  start: Place,
  schema: v.GenericSchema<unknown, T>,
  what: string,
  problems: ProblemList,
): YamlData<T> | undefined {
  const deep = tooDeepLine(text);
  if (deep !== undefined) {
    problems.report(
      { line: start.line + deep - 1, column: 1 },
      `${what} is nested too deeply`,
      "Write it flatter; close the brackets that you open",
    );
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: start.line + line - 1, column: line === 1 ? start.column + col - 1 : col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    problems.report(
      placeAt(error.pos[0]),
      `${what} is no valid YAML: ${error.message.replace(/\.$/, "")}`,
      "Correct it; text with a colon or a leading symbol goes between quotes",
    );
    return undefined;
  }
  const placeOf = (path: Path): Place => {
    for (let length = path.length; length > 0; length--) {
      const parent: unknown = document.getIn(path.slice(0, length - 1), true);
      if (isMap(parent)) {
        const key = parent.items.find(
          (pair) => isScalar(pair.key) && String(pair.key.value) === String(path[length - 1]),
        )?.key;
        if (isNode(key) && key.range) return placeAt(key.range[0]);
      }
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return placeAt(node.range[0]);
    }
    return start;
  };
  // An alias may lead into itself, or make a few lines grow without end; no lesson needs one.
  let alias: Alias | undefined;
  visit(document, {
    Alias: (_, node) => {
      alias = node;
      return visit.BREAK;
    },
  });
  if (alias !== undefined) {
    problems.report(placeAt(alias.range?.[0] ?? 0), `${what} has an alias, *${alias.source}`, "Write it out");
    return undefined;
  }
  const data: unknown = document.toJS();
  const wrong = wrongQueryWord(data, [], false);
  if (wrong !== undefined) {
    const near = nearestWord(wrong.word, QUERY_WORDS);
    problems.report(
      placeOf(wrong.path),
      `a query has no word \`${wrong.word}\``,
      near === undefined ? `It may use ${QUERY_WORDS.join(", ")}` : `Write \`${near}\``,
    );
    return undefined;
  }
  const parsed = v.safeParse(schema, data ?? {});
  if (parsed.success) return { value: parsed.output, placeOf };
  for (const issue of parsed.issues) reportIssue(issue, schema, placeOf, problems, what);
  return undefined;
}
