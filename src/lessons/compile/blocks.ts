import * as v from "valibot";
import { type Block, type Choice, IdSchema, PredictSourceSchema, QuizSourceSchema } from "../index.ts";
import type { Context } from "./context.ts";
import { compileInlines } from "./inlines.ts";
import type { Code, Container, Flow } from "./markdown.ts";
import { nearestWord } from "./nearest-word.ts";
import { readYaml } from "./yaml-data.ts";

const USES = ["run", "copy"] as const;
const CONTAINERS = [
  "step",
  "hint",
  "solution",
  "check",
  "predict",
  "quiz",
  "note",
  "afterwards",
  "done",
  "proven",
];
const START = { line: 1, column: 1 };

function compileCode(node: Code, context: Context): Block[] {
  const words = (node.meta ?? "").split(/\s+/).filter((word) => word !== "");
  for (const word of words) {
    if ((USES as readonly string[]).includes(word)) continue;
    context.problems.report(
      node.position?.start,
      `a code block has no use \`${word}\``,
      "Write ```sh run, ```sh copy, or ```sh",
    );
  }
  const use = USES.find((one) => words.includes(one)) ?? "show";
  if (use === "run" && node.value.trim() === "") {
    context.problems.report(node.position?.start, "a run block is empty", "Write the command in it");
  }
  if (use === "run" && node.value.includes("\n")) {
    context.problems.report(
      node.position?.start,
      "a run block has several lines",
      "Write one line; each line to run gets a block of its own",
    );
  }
  return [{ type: "code", language: node.lang ?? "", text: node.value, use }];
}

interface Attributed {
  readonly attributes?: Readonly<Record<string, string | null | undefined>> | null | undefined;
}

/** The `#id` of a container; reports when it is missing, malformed or taken. */
export function idOf(node: Container & Attributed, context: Context): string {
  const id = node.attributes?.["id"] ?? "";
  const place = node.position?.start ?? START;
  const parsed = v.safeParse(IdSchema, id);
  if (id === "") {
    context.problems.report(place, `:::${node.name} has no id`, `Write it as :::${node.name}{#some-id}`);
  } else if (!parsed.success) {
    context.problems.report(place, `the id \`${id}\` is malformed`, `An id ${parsed.issues[0].message}`);
  } else context.claim(id, place);
  return id;
}

function compileQuestion(node: Container, type: "predict" | "quiz", context: Context): Block[] {
  const id = idOf(node, context);
  const { text, start } = context.bodyOf(node);
  const schema: v.GenericSchema<unknown, v.InferOutput<typeof QuizSourceSchema> & { outcome?: string }> =
    type === "predict" ? PredictSourceSchema : QuizSourceSchema;
  const data = readYaml(text, start, schema, `\`:::${type}\``, context.problems);
  if (data === undefined) return [];
  const { ask, choices, outcome } = data.value;
  return [
    {
      type,
      id,
      question: context.sentence(ask, data.placeOf(["ask"])),
      choices: choices.map((choice, i): Choice => ({
        text: context.sentence(choice.text, data.placeOf(["choices", i, "text"])),
        right: choice.right,
        ...(choice.because === undefined
          ? {}
          : { because: context.sentence(choice.because, data.placeOf(["choices", i, "because"])) }),
      })),
      ...(outcome === undefined ? {} : { outcome: context.sentence(outcome, data.placeOf(["outcome"])) }),
    },
  ];
}

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
  if (node.name === "predict" || node.name === "quiz") return compileQuestion(node, node.name, context);
  context.requireClosed(node);
  if (node.name === "note") return [{ type: "note", children: compileBlocks(node.children, context) }];
  refuseContainer(node, context);
  return [];
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
  const place = node.position?.start;
  if (node.type === "html") {
    const shown = node.value.split("\n")[0]?.slice(0, 40);
    problems.report(
      place,
      `HTML has no place in a lesson (${shown})`,
      "Use Markdown, or a code block to show it",
    );
  } else if (node.type === "leafDirective") {
    problems.report(place, `there is no ::${node.name}`, "Containers begin with three colons");
  } else {
    problems.report(place, `${node.type} has no place in a lesson`, "Write it as text or a list");
  }
  return [];
}

/** Markdown's blocks as ours. What has no place in a lesson is reported. */
export function compileBlocks(nodes: readonly Flow[], context: Context): Block[] {
  return nodes.flatMap((node) => compileBlock(node, context));
}
