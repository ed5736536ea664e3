import { type Block, MeasureSourceSchema } from "../index.ts";
import type { Context } from "./context.ts";
import type { Container } from "./markdown.ts";
import { idOf } from "./questions.ts";
import { readYaml } from "./yaml-data.ts";

/** `:::measure{#id}`: something whose cost is taken when the step comes to hold. */
export function compileMeasure(node: Container, context: Context): Block[] {
  const id = idOf(node, context);
  const { text, start } = context.bodyOf(node);
  const data = readYaml(text, start, MeasureSourceSchema, "`:::measure`", context.problems);
  if (data === undefined) return [];
  const { name, on, process } = data.value;
  return [
    {
      type: "measure",
      id,
      name: context.sentence(name, data.placeOf(["name"])),
      ...(on === undefined ? {} : { machine: context.machine(on, data.placeOf(["on"])) }),
      ...(process === undefined ? {} : { process }),
    },
  ];
}
