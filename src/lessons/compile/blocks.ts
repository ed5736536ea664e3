import type { Block } from "../index.ts";
import { compileCode } from "./code-blocks.ts";
import type { Context } from "./context.ts";
import { compileInlines } from "./inlines.ts";
import type { Container, Flow, Leaf } from "./markdown.ts";
import { compileMeasure } from "./measures.ts";
import { compileObservation } from "./observations.ts";
import { nearestWord } from "./nearest-word.ts";
import { compilePredict, compileQuiz } from "./questions.ts";

const CONTAINERS = [
  "step",
  "setup",
  "hint",
  "solution",
  "check",
  "target",
  "predict",
  "quiz",
  "measure",
  "note",
  "afterwards",
  "done",
  "proven",
];
const LEAVES = ["include", "measures", "observation"];

/** Says that a container may not stand here, or is not known at all. */
export function refuseContainer(node: Container, context: Context): void {
  const known = CONTAINERS.includes(node.name);
  const near = nearestWord(node.name, CONTAINERS);
  context.problems.report(
    node.position?.start,
    known ? `:::${node.name} may not stand here` : `there is no :::${node.name}`,
    known
      ? "Steps stand at the top; all else belongs into a step. A container holds others only when it has more colons"
      : near === undefined
        ? `There are ${CONTAINERS.join(", ")}`
        : `Write :::${near}`,
  );
}

function compileContainer(node: Container, context: Context): Block[] {
  if (node.name === "predict") return compilePredict(node, context);
  if (node.name === "quiz") return compileQuiz(node, context);
  if (node.name === "measure") return compileMeasure(node, context);
  context.requireClosed(node);
  if (node.name === "note") return [{ type: "note", children: compileBlocks(node.children, context) }];
  refuseContainer(node, context);
  return [];
}

function refuseLeaf(node: Leaf, context: Context): void {
  const near = nearestWord(node.name, LEAVES);
  context.problems.report(
    node.position?.start,
    `there is no ::${node.name}`,
    CONTAINERS.includes(node.name)
      ? "Containers begin with three colons"
      : near === undefined
        ? `There are ${LEAVES.join(", ")}; containers begin with three colons`
        : `Write ::${near}`,
  );
}

function compileBlock(node: Flow, context: Context): Block[] {
  const { problems } = context;
  if (node.type === "paragraph" || node.type === "heading") {
    return [{ type: node.type, children: compileInlines(node.children, problems) }];
  }
  if (node.type === "code") return compileCode(node, context);
  if (node.type === "list") {
    const items = node.children.map((item) => compileBlocks(item.children, context));
    return [{ type: "list", ordered: node.ordered ?? false, items }];
  }
  if (node.type === "containerDirective") return compileContainer(node, context);
  if (node.type === "leafDirective" && node.name === "measures") return [{ type: "measures" }];
  if (node.type === "leafDirective" && node.name === "observation") return compileObservation(node, context);
  const place = node.position?.start;
  if (node.type === "html") {
    const shown = node.value.split("\n")[0]?.slice(0, 40);
    problems.report(
      place,
      `HTML has no place in a lesson (${shown})`,
      "Use Markdown, or a code block to show it",
    );
  } else if (node.type === "leafDirective") {
    refuseLeaf(node, context);
  } else {
    problems.report(place, `${node.type} has no place in a lesson`, "Write it as text or a list");
  }
  return [];
}

/** Markdown's blocks as ours. What has no place in a lesson is reported. */
export function compileBlocks(nodes: readonly Flow[], context: Context): Block[] {
  return nodes.flatMap((node) => compileBlock(node, context));
}
