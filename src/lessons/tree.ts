/**
 * A lesson as data: what the compiler gives and the page renders. Text is text; there is no HTML in it anywhere.
 * Ids are immutable: progress and links hang on them.
 */
import * as v from "valibot";
import { type Query, QuerySchema } from "../isolation/index.ts";

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  /** A manual page: `unshare(1)`. */
  | { readonly type: "man"; readonly page: string; readonly section: string }
  /** A key or a combination of keys, as printed on them. */
  | { readonly type: "key"; readonly text: string }
  | { readonly type: "break" };

export interface Choice {
  readonly text: readonly Inline[];
  readonly right: boolean;
  /** Why it is right or wrong. */
  readonly because?: readonly Inline[] | undefined;
}

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "heading"; readonly children: readonly Inline[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly type: "note"; readonly children: readonly Block[] }
  | {
      readonly type: "code";
      readonly language: string;
      readonly text: string;
      /** `run`: one click types it into the terminal; `copy`: to be copied; `show`: to be looked at only. */
      readonly use: "run" | "copy" | "show";
    }
  /** To be answered before it is tried; the answer is kept and shown beside what happened. */
  | {
      readonly type: "predict" | "quiz";
      readonly id: string;
      readonly question: readonly Inline[];
      readonly choices: readonly Choice[];
      /** `predict`: what the kernel did. */
      readonly outcome?: readonly Inline[] | undefined;
    };

/** A sentence for the learner that applies when its query holds. */
export interface Reason {
  readonly when: Query;
  readonly say: readonly Inline[];
}

export interface Check {
  /** Something that has to have been so since the step began, before `query` counts. */
  readonly after?: Query | undefined;
  readonly query: Query;
  /** Said while it does not hold: the first that applies. */
  readonly notYet: readonly Reason[];
  /** Said while it does not hold and no reason of `notYet` applies. */
  readonly otherwise?: readonly Inline[] | undefined;
  /** Situations out of which only a reset helps. */
  readonly broken: readonly Reason[];
}

export interface Step {
  readonly id: string;
  readonly title: string;
  readonly body: readonly Block[];
  /** Shown once the step is done: what would have given the surprise away. */
  readonly afterwards: readonly Block[];
  readonly hints: readonly (readonly Block[])[];
  readonly solution: readonly Block[];
  readonly check?: Check | undefined;
  /** Said when the step is done. */
  readonly done?: readonly Inline[] | undefined;
}

export interface LessonMeta {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly authors: readonly string[];
  readonly minutes: number;
  readonly profile: string;
  readonly user: string;
  readonly topics: readonly string[];
  readonly language: string;
  readonly licence: string;
}

export interface Lesson extends LessonMeta {
  readonly intro: readonly Block[];
  readonly steps: readonly Step[];
  /** What was proven, after the last step. */
  readonly proven: readonly Block[];
}

export interface CourseMeta {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

/** A course as the page lists it; lessons are loaded when they are opened. */
export interface Course extends CourseMeta {
  readonly lessons: readonly (LessonMeta & { readonly load: () => Promise<Lesson> })[];
}

const ID = /^[a-z][a-z0-9-]*$/;
const LESSON_ID = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;
const Text = v.pipe(v.string("must be text"), v.nonEmpty("must not be empty"));
export const IdSchema = v.pipe(
  v.string("must be text"),
  v.regex(ID, "must be lower-case words joined by hyphens, such as `mount-proc`"),
);
const LessonId = v.pipe(
  v.string("must be text"),
  v.regex(LESSON_ID, "must be `course/lesson`, both lower-case words joined by hyphens"),
);

export const LessonMetaSchema = v.strictObject({
  id: LessonId,
  aliases: v.optional(v.array(LessonId), []),
  version: v.pipe(
    v.number("must be a number"),
    v.integer("must be a whole number"),
    v.minValue(1, "must be 1 or more"),
  ),
  title: Text,
  summary: Text,
  authors: v.optional(v.array(Text), []),
  minutes: v.pipe(
    v.number("must be a number"),
    v.minValue(1, "must be 1 or more"),
    v.maxValue(60, "must be 60 or less"),
  ),
  profile: v.picklist(["base", "containers"], "must be `base` or `containers`"),
  user: v.picklist(["root", "learner"], "must be `root` or `learner`"),
  topics: v.pipe(v.array(Text, "must be a list"), v.minLength(1, "must name at least one topic")),
  language: v.pipe(v.string("must be text"), v.regex(/^[a-z]{2}(-[A-Z]{2})?$/, "must be a tag such as `en`")),
  licence: v.optional(Text, "CC-BY-SA-4.0"),
});

export const CourseMetaSchema = v.strictObject({ id: IdSchema, title: Text, summary: Text });

/** A choice as it is written. */
const ChoiceSourceSchema = v.strictObject({
  text: Text,
  right: v.optional(v.boolean("must be true or false"), false),
  because: v.optional(Text),
});

const Choices = v.pipe(
  v.array(ChoiceSourceSchema, "must be a list of choices"),
  v.minLength(2, "must offer at least two choices"),
  v.check((choices) => choices.some((choice) => choice.right), "must have a choice with `right: true`"),
);

export const PredictSourceSchema = v.strictObject({ ask: Text, choices: Choices, outcome: Text });
export const QuizSourceSchema = v.strictObject({ ask: Text, choices: Choices });

const ReasonSource = v.strictObject({ when: QuerySchema, say: Text });

/** The body of `:::check` as it is written. */
export const CheckSourceSchema = v.strictObject({
  after: v.optional(QuerySchema),
  query: QuerySchema,
  notYet: v.optional(
    v.array(
      ReasonSource,
      "must be a list of `when` and `say`; a sentence that always applies is `otherwise`",
    ),
    [],
  ),
  otherwise: v.optional(Text),
  broken: v.optional(v.array(ReasonSource, "must be a list of `when` and `say`"), []),
});
