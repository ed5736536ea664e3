import { nearestWord } from "./nearest-word.ts";
import { MAX_SOURCE } from "./limits.ts";
import type { Origin, Problem } from "./problems.ts";

/** A lesson's text with all that it includes, and where each line of it comes from. */
export interface SourceText {
  readonly text: string;
  /** Of line n, at index n − 1. */
  readonly origins: readonly Origin[];
}

/** Reads a file beside another one. Undefined when there is none, or when it lies outside of the courses. */
export type ReadBeside = (
  file: string,
  beside: string,
) => { readonly file: string; readonly text: string } | undefined;

const INCLUDE = /^::include\{file="?([^"}]*)"?\}\s*$/;
/** Deeper is a mistake, or a circle. */
const DEEPEST = 4;
/** `{{name}}`; `{{.Name}}` and `{{json .}}` belong to Podman. */
const VARIABLE = /\{\{([a-z][a-z0-9-]*)\}\}/g;

/** The text of a file with what it includes, line by line. */
export function withIncludes(text: string, file: string, read: ReadBeside, problems: Problem[]): SourceText {
  const lines: string[] = [];
  const origins: Origin[] = [];
  let size = 0;
  const add = (source: string, from: string, depth: number): void => {
    let isFenced = false;
    source.split("\n").forEach((line, i) => {
      if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
      const wanted = isFenced ? undefined : INCLUDE.exec(line)?.[1];
      const refuse = (what: string, fix: string): void =>
        void problems.push({ file: from, line: i + 1, column: 1, what, fix });
      size += line.length + 1;
      if (wanted === undefined || size > MAX_SOURCE) {
        lines.push(line);
        origins.push({ file: from, line: i + 1 });
        return;
      }
      const found = read(wanted, from);
      if (depth >= DEEPEST) refuse("files include each other too deeply", "Include what is meant directly");
      else if (found === undefined)
        refuse(`there is no file \`${wanted}\` to include`, "Name one of this course, relative to this file");
      else add(found.text.replaceAll("\r\n", "\n").replace(/\n$/, ""), found.file, depth + 1);
    });
  };
  add(text, file, 0);
  return { text: lines.join("\n"), origins };
}

/** Puts in what the front matter's `variables` say. Lines stay lines. */
export function withVariables(
  { text, origins }: SourceText,
  variables: Readonly<Record<string, string>>,
  problems: Problem[],
): SourceText {
  const names = Object.keys(variables);
  if (names.length === 0) return { text, origins };
  const lines = text.split("\n").map((line, i) =>
    line.replaceAll(VARIABLE, (whole, name: string, column: number) => {
      if (Object.hasOwn(variables, name)) return (variables[name] ?? "").replaceAll("\n", " ");
      const near = nearestWord(name, names);
      problems.push({
        ...(origins[i] ?? { file: "", line: i + 1 }),
        column: column + 1,
        what: `there is no variable \`${name}\``,
        fix: near === undefined ? `There are ${names.join(", ")}` : `Write {{${near}}}`,
      });
      return whole;
    }),
  );
  return { text: lines.join("\n"), origins };
}
