import type { Inline, LessonMeta } from "../index.ts";
import { compileInlines } from "./inlines.ts";
import { type Code, type Container, parseMarkdown } from "./markdown.ts";
import { nearestWord } from "./nearest-word.ts";
import { type Place, ProblemList } from "./problems.ts";
import type { ReadBeside, SourceText } from "./source-text.ts";

/** What all parts of the compiler share while they work on one lesson. */
export class Context {
  readonly #lines: readonly string[];
  readonly problems: ProblemList;
  /** Undefined when the front matter is wrong: names are not checked then. */
  readonly #meta: LessonMeta | undefined;
  readonly #ids = new Map<string, number>();
  readonly #read: ReadBeside;

  constructor(
    { text }: SourceText,
    meta: LessonMeta | undefined,
    problems: ProblemList,
    read: ReadBeside = () => undefined,
  ) {
    this.#lines = text.split("\n");
    this.problems = problems;
    this.#meta = meta;
    this.#read = read;
  }

  /** A file of the course, named relative to the one in which `place` is. */
  readBeside(file: string, place: Place | undefined): ReturnType<ReadBeside> {
    return this.#read(file, this.problems.fileAt(place));
  }

  /** The name of a machine of the lesson; reports one that is not. */
  machine(name: string, place: Place | undefined): string {
    return this.#known("machine", name, this.#meta?.machines, place);
  }

  /** The name of a terminal of the lesson; reports one that is not. */
  terminal(name: string, place: Place | undefined): string {
    return this.#known("terminal", name, this.#meta?.terminals, place);
  }

  #known(
    kind: string,
    name: string,
    all: readonly { readonly name: string }[] | undefined,
    place: Place | undefined,
  ): string {
    const names = (all ?? [{ name }]).map((one) => one.name);
    if (names.includes(name)) return name;
    const near = nearestWord(name, names);
    this.problems.report(
      place,
      `the lesson has no ${kind} \`${name}\``,
      near === undefined ? `The front matter names ${names.join(", ")}` : `Write \`${near}\``,
    );
    return name;
  }

  /** The raw lines inside a container, and where they begin. Reports a container that is not closed. */
  bodyOf(container: Container): { text: string; start: Place } {
    const from = container.position?.start.line ?? 1;
    const to = container.position?.end.line ?? from;
    const lines = this.#lines.slice(from - 1, to);
    this.requireClosed(container);
    return { text: lines.slice(1, -1).join("\n"), start: { line: from + 1, column: 1 } };
  }

  /**
   * What stands behind the language of a code block, as it is written: the parser takes backslashes out of it, and
   * regular expressions need theirs.
   */
  fenceOf(code: Code): string {
    const line = this.#lines[(code.position?.start.line ?? 1) - 1] ?? "";
    return /^[\s>]*(?:`{3,}|~{3,})\s*\S+\s+(.*)$/.exec(line)?.[1] ?? "";
  }

  requireClosed(container: Container): void {
    const to = container.position?.end.line ?? 1;
    const last = this.#lines[to - 1] ?? "";
    if (/^\s*:{3,}\s*$/.test(last) && to > (container.position?.start.line ?? to)) return;
    this.problems.report(
      container.position?.start,
      `:::${container.name} is not closed`,
      "End it with a line of as many colons as it began with",
    );
  }

  /** A sentence that is written in YAML, with Markdown's inline marks. */
  sentence(text: string, place: Place): Inline[] {
    const [first, ...more] = parseMarkdown(text).children;
    if (first?.type !== "paragraph" || more.length > 0) {
      this.problems.report(place, "this must be one paragraph", "Write it as plain sentences");
      return [];
    }
    const own = new ProblemList(this.problems.file);
    const inlines = compileInlines(first.children, own);
    if (own.count > 0) {
      this.problems.report(
        place,
        "this sentence holds something that has no place in a lesson",
        "Use text, `code`, *emphasis*, :man[page(1)] and :key[Ctrl+D] only",
      );
    }
    return inlines;
  }

  /** Takes an id, which nothing else in the file may have. */
  claim(id: string, place: Place): void {
    const taken = this.#ids.get(id);
    if (taken !== undefined) {
      this.problems.report(
        place,
        `the id \`${id}\` is taken by line ${taken}`,
        "Give each step and question an id of its own; ids never change afterwards",
      );
    } else this.#ids.set(id, place.line);
  }
}
