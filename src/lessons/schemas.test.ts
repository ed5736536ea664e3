import { readFileSync, writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ProcessPatternSchema, QuerySchema } from "../isolation/index.ts";
import {
  CheckSourceSchema,
  ChoiceQuizSchema,
  CourseMetaSchema,
  LessonMetaSchema,
  MeasureSourceSchema,
  PredictSourceSchema,
  ProofSourceSchema,
  ShortQuizSchema,
  SignalSourceSchema,
  TargetSourceSchema,
  WhenSourceSchema,
} from "./source.ts";

type Schema = v.GenericSchema;

/** What stands in a lesson's containers, as definitions beside its front matter. */
const PARTS: Readonly<Record<string, Schema>> = {
  check: CheckSourceSchema,
  target: TargetSourceSchema,
  when: WhenSourceSchema,
  predict: PredictSourceSchema,
  quiz: ChoiceQuizSchema,
  measure: MeasureSourceSchema,
  signal: SignalSourceSchema,
  typedQuiz: ShortQuizSchema,
};

/** For editors. `UPDATE=1 npx vitest run --project=unit src/lessons/schemas` writes them anew. */
const FILES: readonly (readonly [name: string, title: string, schema: Schema, parts: typeof PARTS])[] = [
  ["course", "course.yaml of a course", CourseMetaSchema, {}],
  [
    "lesson",
    "The front matter of a lesson.md; what its containers hold is among the definitions",
    LessonMetaSchema,
    PARTS,
  ],
  ["proof", "proof.yaml beside a lesson", ProofSourceSchema, {}],
];

/** The words of queries have a file of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  query: "query.schema.json",
  process: "query.schema.json#/$defs/process",
};

function jsonSchema(title: string, schema: Schema, parts: typeof PARTS): unknown {
  const { $defs, ...rest } = toJsonSchema(schema, {
    target: "draft-2020-12",
    // What an author writes: what has a default may be left out.
    typeMode: "input",
    // Rules that a schema cannot say, such as "one of the choices is right"; `vivarium lint` says them.
    ignoreActions: ["check", "guard"],
    definitions: { query: QuerySchema, process: ProcessPatternSchema, ...parts },
    overrideRef: ({ referenceId }) => ELSEWHERE[referenceId],
  });
  const definitions = Object.entries($defs ?? {}).filter(([name]) => name in parts);
  const whole = {
    title,
    ...rest,
    ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
  return JSON.parse(JSON.stringify(whole));
}

describe("the published schemas are those of the code", () => {
  it.each(FILES)("%s", (name, title, schema, parts) => {
    const file = new URL(`../../docs/${name}.schema.json`, import.meta.url);
    const made = jsonSchema(title, schema, parts);
    if (process.env["UPDATE"] === "1") writeFileSync(file, `${JSON.stringify(made, undefined, 2)}\n`);
    const text = readFileSync(file, "utf8");
    expect(JSON.parse(text)).toEqual(made);
    const referred = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, to = ""]) => to);
    const known = [...Object.values(ELSEWHERE), ...Object.keys(parts).map((part) => `#/$defs/${part}`)];
    expect(referred.filter((to) => !known.includes(to))).toEqual([]);
  });
});
