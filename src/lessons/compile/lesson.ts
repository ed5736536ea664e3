import {
  type Block,
  FIRST_MACHINE,
  FIRST_TERMINAL,
  type Lesson,
  type LessonMeta,
  LessonMetaSchema,
} from "../index.ts";
import { compileBlocks, refuseContainer } from "./blocks.ts";
import { Context } from "./context.ts";
import { beyondLimits } from "./limits.ts";
import { type Flow, parseMarkdown } from "./markdown.ts";
import { type Problem, ProblemList } from "./problems.ts";
import { type ReadBeside, type SourceText, withIncludes, withVariables } from "./source-text.ts";
import { compileStep } from "./steps.ts";
import { readYaml } from "./yaml-data.ts";

interface FrontMatter {
  readonly meta: LessonMeta;
  readonly variables: Readonly<Record<string, string>>;
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n---(\n|$)/;

function readFrontMatter(text: string, problems: ProblemList): FrontMatter | undefined {
  const yaml = FRONT_MATTER.exec(text)?.[1];
  if (yaml === undefined) {
    problems.report(
      undefined,
      "the lesson has no front matter",
      "Begin the file with --- and `id:`, `version:`, `title:`, `summary:`, `minutes:`, `profile:`, `topics:`, `language:`, then ---",
    );
    return undefined;
  }
  const data = readYaml(yaml, { line: 2, column: 1 }, LessonMetaSchema, "the front matter", problems);
  if (data === undefined) return undefined;
  const { user, variables, machines, terminals, ...rest } = data.value;
  const first = machines[0]?.name ?? FIRST_MACHINE;
  const opened = terminals ?? [{ name: FIRST_TERMINAL, machine: first, user }];
  for (const [kind, all] of [
    ["machines", machines],
    ["terminals", opened],
  ] as const) {
    const names = all.map(({ name }) => name);
    names.forEach((name, i) => {
      if (names.indexOf(name) !== i)
        problems.report(
          data.placeOf([kind, i, "name"]),
          `\`${kind}\` names \`${name}\` twice`,
          "Give each a name of its own",
        );
    });
  }
  opened.forEach(({ machine }, i) => {
    if (!machines.some(({ name }) => name === machine))
      problems.report(
        data.placeOf(["terminals", i, "machine"]),
        `there is no machine \`${machine}\``,
        `\`machines\` names ${machines.map(({ name }) => name).join(", ")}`,
      );
  });
  return { meta: { ...rest, machines, terminals: opened }, variables };
}

/** A lesson's parts: what stands before, its steps, and what stands after. */
function compileBody(text: SourceText, context: Context): Pick<Lesson, "intro" | "steps" | "proven"> {
  const intro: Flow[] = [];
  const steps: Lesson["steps"][number][] = [];
  let proven: Block[] = [];
  for (const node of parseMarkdown(text.text).children) {
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
  return { intro: compileBlocks(intro, context), steps, proven };
}

/** Before anything is parsed. @throws LessonError */
function refuseExcess({ text, origins }: SourceText, file: string): void {
  const found = beyondLimits(text);
  if (found === undefined) return;
  const problems = new ProblemList(file, origins);
  problems.report({ line: found.line, column: 1 }, found.what, found.fix);
  problems.throwIfAny();
}

/** A lesson with what it was compiled from. */
export interface CompiledLesson {
  readonly lesson: Lesson;
  /** Its source with what it includes. */
  readonly written: SourceText;
  /** The same with what its variables stand for. */
  readonly filled: SourceText;
}

/**
 * Compiles one lesson from its Markdown.
 * @param file how messages name it
 * @param readBeside finds what it includes; a lesson that includes nothing needs none
 * @throws LessonError with everything that is wrong
 */
export function compileLesson(source: string, file: string, readBeside?: ReadBeside): Lesson {
  return compileSource(source, file, readBeside).lesson;
}

/** As {@link compileLesson}, and keeps what it was compiled from. */
export function compileSource(
  source: string,
  file: string,
  readBeside: ReadBeside = () => undefined,
): CompiledLesson {
  const found: Problem[] = [];
  const whole = withIncludes(source.replaceAll("\r\n", "\n"), file, readBeside, found);
  refuseExcess(whole, file);
  const problems = new ProblemList(file, whole.origins);
  problems.add(found);
  const front = readFrontMatter(whole.text, problems);
  const missing: Problem[] = [];
  const text = withVariables(whole, front?.variables ?? {}, missing);
  problems.add(missing);
  refuseExcess(text, file);
  const context = new Context(text, front?.meta, problems, readBeside);
  const body = compileBody(text, context);
  const postcard = front?.meta.postcard;
  if (postcard !== undefined && !body.steps.some(({ id }) => id === postcard))
    problems.report(
      undefined,
      `the postcard's picture is of a step \`${postcard}\`, which the lesson has not`,
      `Write \`postcard:\` with one of ${body.steps.map(({ id }) => id).join(", ")}`,
    );
  problems.throwIfAny();
  if (front === undefined) throw new Error("a lesson without front matter was not reported");
  return { lesson: { ...front.meta, ...body }, written: whole, filled: text };
}
