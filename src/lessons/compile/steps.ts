import { type Block, type Check, CheckSourceSchema, type Inline, type Step } from "../index.ts";
import { compileBlocks, idOf, refuseContainer } from "./blocks.ts";
import type { Context } from "./context.ts";
import { compileInlines } from "./inlines.ts";
import type { Container, Flow } from "./markdown.ts";
import { readYaml } from "./yaml-data.ts";

function compileCheck(node: Container, context: Context): Check | undefined {
  const { text, start } = context.bodyOf(node);
  const data = readYaml(text, start, CheckSourceSchema, "`:::check`", context.problems);
  if (data === undefined) return undefined;
  const { after, query, notYet, otherwise, broken } = data.value;
  const reasons = (name: "notYet" | "broken", from: typeof notYet): Check["notYet"] =>
    from.map(({ when, say }, i) => ({ when, say: context.sentence(say, data.placeOf([name, i, "say"])) }));
  return {
    ...(after === undefined ? {} : { after }),
    query,
    notYet: reasons("notYet", notYet),
    ...(otherwise === undefined
      ? {}
      : { otherwise: context.sentence(otherwise, data.placeOf(["otherwise"])) }),
    broken: reasons("broken", broken),
  };
}

function oneParagraph(node: Container, context: Context): Inline[] {
  const [first, ...more] = node.children;
  if (first?.type === "paragraph" && more.length === 0)
    return compileInlines(first.children, context.problems);
  context.problems.report(node.position?.start, `:::${node.name} must be one paragraph`, "Shorten it");
  return [];
}

/** Compiles a `::::step{#id title="…"}` and all that is in it. */
export function compileStep(node: Container, context: Context): Step {
  context.requireClosed(node);
  const id = idOf(node, context);
  const place = node.position?.start;
  const title = node.attributes?.["title"] ?? "";
  if (title === "") {
    context.problems.report(
      place,
      "the step has no title",
      'Write it as ::::step{#some-id title="Some title"}',
    );
  }
  const prose: Flow[] = [];
  const hints: Block[][] = [];
  let solution: Block[] = [];
  let afterwards: Block[] = [];
  let check: Check | undefined;
  let checks = 0;
  let done: Inline[] | undefined;
  for (const child of node.children) {
    if (child.type !== "containerDirective") {
      prose.push(child);
      continue;
    }
    switch (child.name) {
      case "hint":
        context.requireClosed(child);
        hints.push(compileBlocks(child.children, context));
        break;
      case "solution":
        context.requireClosed(child);
        solution = [...solution, ...compileBlocks(child.children, context)];
        break;
      case "afterwards":
        context.requireClosed(child);
        afterwards = [...afterwards, ...compileBlocks(child.children, context)];
        break;
      case "done":
        context.requireClosed(child);
        done = oneParagraph(child, context);
        break;
      case "check":
        checks++;
        if (checks > 1) {
          context.problems.report(
            child.position?.start,
            "the step has a second :::check",
            "Join the two queries with `all:`",
          );
        } else check = compileCheck(child, context);
        break;
      case "step":
        refuseContainer(child, context);
        break;
      default:
        prose.push(child);
    }
  }
  const body = compileBlocks(prose, context);
  if (checks > 0 && solution.length === 0) {
    context.problems.report(
      place,
      "the step has a check but no solution",
      "Add a :::solution with its commands",
    );
  }
  return {
    id,
    title,
    body,
    afterwards,
    hints,
    solution,
    ...(check === undefined ? {} : { check }),
    ...(done === undefined ? {} : { done }),
  };
}
