import { type Block, type Lesson, type LessonMeta, LessonMetaSchema } from "../index.ts";
import { compileBlocks, refuseContainer } from "./blocks.ts";
import { Context } from "./context.ts";
import { type Flow, parseMarkdown } from "./markdown.ts";
import { compileStep } from "./steps.ts";
import { readYaml } from "./yaml-data.ts";

/** Characters; a lesson of more is a book. */
const MAX_SOURCE = 1024 * 1024;

function readFrontMatter(nodes: readonly Flow[], context: Context): LessonMeta | undefined {
  const [first] = nodes;
  if (first?.type === "yaml") {
    const start = { line: (first.position?.start.line ?? 1) + 1, column: 1 };
    return readYaml(first.value, start, LessonMetaSchema, "the front matter", context.problems)?.value;
  }
  context.problems.report(
    undefined,
    "the lesson has no front matter",
    "Begin the file with --- and `id:`, `version:`, `title:`, `summary:`, `minutes:`, `profile:`, `user:`, `topics:`, `language:`, then ---",
  );
  return undefined;
}

/**
 * Compiles one lesson from its Markdown.
 * @param file how messages name it
 * @throws LessonError with everything that is wrong
 */
export function compileLesson(source: string, file: string): Lesson {
  const text = source.replaceAll("\r\n", "\n");
  const context = new Context(file, text);
  if (text.length > MAX_SOURCE) {
    context.problems.report(undefined, "the lesson is longer than 1 MiB", "Split it into several lessons");
    context.problems.throwIfAny();
  }
  const nodes = parseMarkdown(text).children;
  const meta = readFrontMatter(nodes, context);
  const intro: Flow[] = [];
  const steps: Lesson["steps"][number][] = [];
  let proven: Block[] = [];
  for (const node of nodes) {
    if (node.type === "yaml") continue;
    if (node.type === "containerDirective" && node.name === "step") {
      steps.push(compileStep(node, context));
    } else if (node.type === "containerDirective" && node.name === "proven") {
      context.requireClosed(node);
      proven = compileBlocks(node.children, context);
    } else if (steps.length === 0 && node.type !== "containerDirective") {
      intro.push(node);
    } else if (node.type === "containerDirective") {
      refuseContainer(node, context);
    } else {
      context.problems.report(
        node.position?.start,
        "this stands between steps, where nobody sees it",
        "Move it into a step or before the first one; a step ends with as many colons as it began with",
      );
    }
  }
  if (steps.length === 0) {
    context.problems.report(
      undefined,
      "the lesson has no step",
      'Add one: ::::step{#some-id title="Some title"} … ::::',
    );
  }
  const introduction = compileBlocks(intro, context);
  context.problems.throwIfAny();
  if (meta === undefined) throw new Error("a lesson without front matter was not reported");
  return { ...meta, intro: introduction, steps, proven };
}
