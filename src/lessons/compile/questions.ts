import * as v from "valibot";
import {
  type Block,
  type Choice,
  ChoiceQuizSchema,
  IdSchema,
  PredictSourceSchema,
  ShortQuizSchema,
} from "../index.ts";
import type { Context } from "./context.ts";
import type { Container } from "./markdown.ts";
import { readYaml, type YamlData } from "./yaml-data.ts";

const START = { line: 1, column: 1 };

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

interface ChoiceSource {
  readonly text: string;
  readonly right: boolean;
  readonly because?: string | undefined;
}

function compileChoices(
  choices: readonly ChoiceSource[],
  data: Pick<YamlData<unknown>, "placeOf">,
  context: Context,
): Choice[] {
  return choices.map((choice, i): Choice => {
    const { because } = choice;
    return {
      text: context.sentence(choice.text, data.placeOf(["choices", i, "text"])),
      right: choice.right,
      ...(because === undefined
        ? {}
        : { because: context.sentence(because, data.placeOf(["choices", i, "because"])) }),
    };
  });
}

/** `:::predict{#id}`: a question before something is tried. */
export function compilePredict(node: Container, context: Context): Block[] {
  const id = idOf(node, context);
  const { text, start } = context.bodyOf(node);
  const data = readYaml(text, start, PredictSourceSchema, "`:::predict`", context.problems);
  if (data === undefined) return [];
  const { ask, choices, outcome } = data.value;
  return [
    {
      type: "predict",
      id,
      question: context.sentence(ask, data.placeOf(["ask"])),
      choices: compileChoices(choices, data, context),
      outcome: context.sentence(outcome, data.placeOf(["outcome"])),
    },
  ];
}

/** `:::quiz{#id}`: a question about what was seen. */
export function compileQuiz(node: Container, context: Context): Block[] {
  const id = idOf(node, context);
  const { text, start } = context.bodyOf(node);
  // An answer that is typed is another kind of question, with words of its own.
  if (/^(accept|otherwise|wrong):/m.test(text)) {
    const data = readYaml(text, start, ShortQuizSchema, "`:::quiz`", context.problems);
    if (data === undefined) return [];
    const { ask, accept, wrong, otherwise, because } = data.value;
    return [
      {
        type: "quiz",
        id,
        question: context.sentence(ask, data.placeOf(["ask"])),
        answer: {
          kind: "short",
          accept,
          wrong: wrong.map((one, i) => ({
            answer: one.answer,
            because: context.sentence(one.because, data.placeOf(["wrong", i, "because"])),
          })),
          otherwise: context.sentence(otherwise, data.placeOf(["otherwise"])),
          ...(because === undefined ? {} : { because: context.sentence(because, data.placeOf(["because"])) }),
        },
      },
    ];
  }
  const data = readYaml(text, start, ChoiceQuizSchema, "`:::quiz`", context.problems);
  if (data === undefined) return [];
  const { ask, choices, multiple } = data.value;
  if (!multiple && choices.filter(({ right }) => right).length > 1)
    context.problems.report(
      data.placeOf(["choices"]),
      "the quiz has several right choices",
      "Write `multiple: true` where all of them are to be chosen",
    );
  return [
    {
      type: "quiz",
      id,
      question: context.sentence(ask, data.placeOf(["ask"])),
      answer: {
        kind: multiple ? "multiple" : "single",
        choices: compileChoices(choices, data, context),
      },
    },
  ];
}
