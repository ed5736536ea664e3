import type * as v from "valibot";
import {
  type Check,
  CheckSourceSchema,
  type CommandCheck,
  type Need,
  type Reason,
  type Step,
  TargetSourceSchema,
} from "../index.ts";
import type { Context } from "./context.ts";
import type { Container } from "./markdown.ts";
import { readYaml, type YamlData } from "./yaml-data.ts";

type CheckSource = v.InferOutput<typeof CheckSourceSchema>;
type PlaceOf = YamlData<unknown>["placeOf"];

function compileReasons(
  source: CheckSource,
  name: "notYet" | "broken",
  placeOf: PlaceOf,
  context: Context,
): Reason[] {
  return source[name].map(({ on = source.on, when, say }, i) => ({
    ...machineOf(on, placeOf([name, i]), context),
    when,
    say: context.sentence(say, placeOf([name, i, "say"])),
  }));
}

function machineOf(
  name: string | undefined,
  place: ReturnType<PlaceOf>,
  context: Context,
): { readonly machine?: string } {
  return name === undefined ? {} : { machine: context.machine(name, place) };
}

function compileNeeds(source: CheckSource, placeOf: PlaceOf, context: Context): Need[] {
  const { on, query, and, commands } = source;
  const queries: Need[] = [
    ...(query === undefined ? [] : [{ ...machineOf(on, placeOf(["on"]), context), query }]),
    ...and.map((one, i) => ({ ...machineOf(one.on ?? on, placeOf(["and", i]), context), query: one.query })),
  ];
  const asked = commands.map((one, i): Need => {
    const command: CommandCheck = {
      script: one.run,
      user: one.user,
      exit: one.exit,
      say: context.sentence(one.say, placeOf(["commands", i, "say"])),
      ...(one.stdout === undefined ? {} : { stdout: one.stdout }),
    };
    return { ...machineOf(one.on ?? on, placeOf(["commands", i]), context), command };
  });
  return [...queries, ...asked];
}

function compileParts(
  source: CheckSource,
  { placeOf }: Pick<YamlData<unknown>, "placeOf">,
  node: Container,
  context: Context,
): Check {
  const needs = compileNeeds(source, placeOf, context);
  if (needs.length === 0) {
    context.problems.report(
      node.position?.start,
      `:::${node.name} asks for nothing`,
      "Write a `query:` or `commands:` in it",
    );
  }
  const { on, after, otherwise } = source;
  return {
    needs,
    ...(after === undefined ? {} : { after: { ...machineOf(on, placeOf(["on"]), context), query: after } }),
    notYet: compileReasons(source, "notYet", placeOf, context),
    ...(otherwise === undefined ? {} : { otherwise: context.sentence(otherwise, placeOf(["otherwise"])) }),
    broken: compileReasons(source, "broken", placeOf, context),
  };
}

/** `:::check`: when the step is done, and what is said before. */
export function compileCheck(node: Container, context: Context): Pick<Step, "check"> {
  const { text, start } = context.bodyOf(node);
  const data = readYaml(text, start, CheckSourceSchema, "`:::check`", context.problems);
  return data === undefined ? {} : { check: compileParts(data.value, data, node, context) };
}

/** `:::target`: a check whose wanted situation is drawn. */
export function compileTarget(node: Container, context: Context): Pick<Step, "check" | "target"> {
  const { text, start } = context.bodyOf(node);
  const data = readYaml(text, start, TargetSourceSchema, "`:::target`", context.problems);
  if (data === undefined) return {};
  const goal = context.sentence(data.value.goal, data.placeOf(["goal"]));
  return { check: compileParts(data.value, data, node, context), target: { goal } };
}
