import { readFileSync, writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { describe, expect, it } from "vitest";
import { QuerySchema } from "../isolation/index.ts";
import {
  CheckSourceSchema,
  ChoiceQuizSchema,
  CourseMetaSchema,
  LessonMetaSchema,
  MeasureSourceSchema,
  PredictSourceSchema,
  ProofSourceSchema,
  ShortQuizSchema,
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

function jsonSchema(title: string, schema: Schema, parts: typeof PARTS): unknown {
  const { $defs, ...rest } = toJsonSchema(schema, {
    target: "draft-2020-12",
    // What an author writes: what has a default may be left out.
    typeMode: "input",
    // Rules that a schema cannot say, such as "one of the choices is right"; `vivarium lint` says them.
    ignoreActions: ["check"],
    definitions: { query: QuerySchema, ...parts },
    // The words of queries have a file of their own.
    overrideRef: ({ referenceId }) => (referenceId === "query" ? "query.schema.json" : undefined),
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
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(made);
  });
});
