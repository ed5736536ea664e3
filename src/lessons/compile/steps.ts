import {
  type Block,
  type Deed,
  deedsOf,
  type Hint,
  type Inline,
  isDeed,
  type Setup,
  type Step,
  WhenSourceSchema,
} from "../index.ts";
import { compileBlocks, refuseContainer } from "./blocks.ts";
import { compileCheck, compileTarget } from "./checks.ts";
import type { Context } from "./context.ts";
import { parseFence } from "./fence.ts";
import { compileInlines } from "./inlines.ts";
import type { Container, Flow } from "./markdown.ts";
import { idOf } from "./questions.ts";
import { readYaml } from "./yaml-data.ts";

function oneParagraph(node: Container, context: Context): Inline[] {
  const [first, ...more] = node.children;
  if (first?.type === "paragraph" && more.length === 0)
    return compileInlines(first.children, context.problems);
  context.problems.report(node.position?.start, `:::${node.name} must be one paragraph`, "Shorten it");
  return [];
}

/** A hint; a `when` block at its beginning says that it comes by itself. */
function compileHint(node: Container, context: Context): Hint {
  context.requireClosed(node);
  const [first, ...rest] = node.children;
  if (first?.type !== "code" || first.lang !== "when")
    return { blocks: compileBlocks(node.children, context) };
  const blocks = compileBlocks(rest, context);
  const line = (first.position?.start.line ?? 1) + 1;
  const start = { line, column: 1 };
  const data = readYaml(first.value, start, WhenSourceSchema, "the hint's `when`", context.problems);
  if (data === undefined) return { blocks };
  const { on, query } = data.value;
  const machine = on === undefined ? {} : { machine: context.machine(on, data.placeOf(["on"])) };
  return { when: { ...machine, query }, blocks };
}

/** `:::setup{shown}`: scripts that the agent runs before the step begins. */
function compileSetup(node: Container, context: Context): Setup[] {
  context.requireClosed(node);
  const shown = Object.hasOwn(node.attributes ?? {}, "shown");
  return node.children.flatMap((child): Setup[] => {
    if (child.type !== "code") {
      context.problems.report(child.position?.start, "a :::setup holds scripts only", "Write them as ```sh");
      return [];
    }
    const { values } = parseFence(
      context.fenceOf(child),
      { on: "value" },
      child.position?.start,
      context.problems,
    );
    const on = values.get("on");
    const machine = on === undefined ? {} : { machine: context.machine(on, child.position?.start) };
    return [{ script: child.value, ...machine, shown }];
  });
}

/** `:::solution`: what does the step, where the text itself does not say it. */
function compileSolution(node: Container, context: Context): Deed[] {
  context.requireClosed(node);
  const blocks = compileBlocks(node.children, context);
  if (!blocks.every(isDeed)) {
    context.problems.report(
      node.position?.start,
      "a :::solution holds commands, keys, signals and files only",
      "Write the prose outside of it",
    );
  }
  return blocks.filter(isDeed).map((deed) => ({ ...deed, solves: true }));
}

/** Compiles a `::::step{#id title="…"}` and all that is in it. */
export function compileStep(node: Container, context: Context): Step {
  context.requireClosed(node);
  const id = idOf(node, context);
  const place = node.position?.start;
  const title = node.attributes?.["title"] ?? "";
  const xray = Object.hasOwn(node.attributes ?? {}, "xray");
  if (title === "") {
    context.problems.report(
      place,
      "the step has no title",
      'Write it as ::::step{#some-id title="Some title"}',
    );
  }
  const prose: Flow[] = [];
  const setup: Setup[] = [];
  const hints: Hint[] = [];
  const told: Deed[] = [];
  const afterwards: Block[] = [];
  const checks: Pick<Step, "check" | "target">[] = [];
  let done: Inline[] | undefined;
  for (const child of node.children) {
    if (child.type !== "containerDirective") {
      prose.push(child);
      continue;
    }
    switch (child.name) {
      case "setup":
        setup.push(...compileSetup(child, context));
        break;
      case "hint":
        hints.push(compileHint(child, context));
        break;
      case "solution":
        told.push(...compileSolution(child, context));
        break;
      case "afterwards":
        context.requireClosed(child);
        afterwards.push(...compileBlocks(child.children, context));
        break;
      case "done":
        context.requireClosed(child);
        done = oneParagraph(child, context);
        break;
      case "check":
      case "target":
        if (checks.length > 0)
          context.problems.report(
            child.position?.start,
            `the step has a second check`,
            "Join the two queries with `all:`",
          );
        else if (child.name === "check") checks.push(compileCheck(child, context));
        else checks.push(compileTarget(child, context));
        break;
      case "step":
        refuseContainer(child, context);
        break;
      default:
        prose.push(child);
    }
  }
  const body = compileBlocks(prose, context);
  const written = deedsOf(body).filter(({ solves }) => solves);
  const solution = told.length > 0 ? told : written;
  if (told.length > 0 && written.length > 0)
    context.problems.report(
      place,
      "the step's solution is told twice",
      "Mark run blocks with `solve`, or write a :::solution",
    );
  if (checks.length > 0 && solution.length === 0)
    context.problems.report(
      place,
      "the step has a check but no solution",
      "Mark the run blocks that it takes with `solve`, or write a :::solution",
    );
  const typed = [...deedsOf(body), ...told].filter((deed) => deed.type === "run" && deed.typed === true);
  if (typed.length > 1)
    context.problems.report(
      place,
      "two lines of the step are `typed`, and only one can stand in the terminal",
      "Leave `typed` to the first that is to be run",
    );
  return {
    id,
    title,
    ...(xray ? { xray } : {}),
    setup,
    body,
    afterwards,
    hints,
    solution,
    ...checks[0],
    ...(done === undefined ? {} : { done }),
  };
}
