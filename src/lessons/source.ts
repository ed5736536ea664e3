/**
 * The parts of a lesson that are written as data: front matter, checks, questions. Messages complete "It …" or
 * "An id …", so that the compiler can say what would be right. As JSON Schema: `docs/lesson.schema.json`.
 */
import * as v from "valibot";
import { ProcessPatternSchema, QuerySchema, type SignalName, SIGNALS } from "../isolation/index.ts";

const ID = /^[a-z][a-z0-9-]*$/;
const LESSON_ID = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;
/** The first machine and the first terminal, where a lesson names none. */
export const FIRST_MACHINE = "machine-1";
export const FIRST_TERMINAL = "terminal";

const Text = v.pipe(v.string("must be text"), v.nonEmpty("must not be empty"));
const Whole = v.pipe(v.number("must be a number"), v.integer("must be a whole number"));
const User = v.picklist(["root", "learner"], "must be `root` or `learner`");

export const IdSchema = v.pipe(
  v.string("must be text"),
  v.regex(ID, "must be lower-case words joined by hyphens, such as `mount-proc`"),
);
const LessonId = v.pipe(
  v.string("must be text"),
  v.regex(LESSON_ID, "must be `course/lesson`, both lower-case words joined by hyphens"),
);

const MachineSource = v.strictObject({
  name: v.pipe(
    v.string("must be text"),
    // The lab names its machines so, and they find each other by these names.
    v.regex(/^machine-[1-9]$/, "must be `machine-1`, `machine-2` and so on"),
  ),
  memory: v.optional(
    v.pipe(Whole, v.minValue(64, "must be 64 or more MiB"), v.maxValue(1024, "must be 1024 or less MiB")),
  ),
  segment: v.optional(
    v.pipe(Whole, v.minValue(1, "must be 1 or more"), v.maxValue(9, "must be 9 or less")),
    1,
  ),
  power: v.optional(v.picklist(["on", "off"], "must be `on` or `off`"), "on"),
});

const TerminalSource = v.strictObject({
  name: IdSchema,
  machine: v.optional(Text, FIRST_MACHINE),
  user: v.optional(User, "root"),
});

export const LessonMetaSchema = v.strictObject({
  id: LessonId,
  aliases: v.optional(v.array(LessonId), []),
  version: v.pipe(Whole, v.minValue(1, "must be 1 or more")),
  title: Text,
  summary: Text,
  authors: v.optional(v.array(Text), []),
  minutes: v.pipe(
    v.number("must be a number"),
    v.minValue(1, "must be 1 or more"),
    v.maxValue(60, "must be 60 or less"),
  ),
  profile: v.picklist(["base", "containers"], "must be `base` or `containers`"),
  /** Whose the first terminal is, where `terminals` is not given. */
  user: v.optional(User, "root"),
  machines: v.optional(
    v.pipe(v.array(MachineSource, "must be a list of machines"), v.minLength(1, "must name a machine")),
    [{ name: FIRST_MACHINE }],
  ),
  terminals: v.optional(
    v.pipe(v.array(TerminalSource, "must be a list of terminals"), v.minLength(1, "must name a terminal")),
  ),
  prerequisites: v.optional(v.array(LessonId), []),
  /** Words that stand for `{{name}}` in the text. */
  variables: v.optional(v.record(IdSchema, Text), {}),
  topics: v.pipe(v.array(Text, "must be a list"), v.minLength(1, "must name at least one topic")),
  language: v.pipe(v.string("must be text"), v.regex(/^[a-z]{2}(-[A-Z]{2})?$/, "must be a tag such as `en`")),
  licence: v.optional(Text, "CC-BY-SA-4.0"),
  /** The step whose X-ray is on the lesson's postcard. */
  postcard: v.optional(IdSchema),
});

export const CourseMetaSchema = v.strictObject({
  id: IdSchema,
  title: Text,
  summary: Text,
  /** Courses are listed by it; those that have none come last, in the order of their folders. */
  order: v.optional(v.pipe(Whole, v.minValue(0, "must be 0 or more")), Number.MAX_SAFE_INTEGER),
});
export type CourseSource = v.InferOutput<typeof CourseMetaSchema>;

const ChoiceSourceSchema = v.strictObject({
  text: Text,
  right: v.optional(v.boolean("must be true or false"), false),
  because: v.optional(Text),
});
type ChoiceSource = v.InferOutput<typeof ChoiceSourceSchema>;

const hasRight = (choices: ChoiceSource[]): boolean => choices.some(({ right }) => right);
const hasWrong = (choices: ChoiceSource[]): boolean => choices.some(({ right }) => !right);
const isExplained = (choices: ChoiceSource[]): boolean =>
  choices.every(({ right, because }) => right || because !== undefined);

const Choices = v.pipe(
  v.array(ChoiceSourceSchema, "must be a list of choices"),
  v.minLength(2, "must offer at least two choices"),
  v.check(hasRight, "must have a choice with `right: true`"),
);

export const PredictSourceSchema = v.strictObject({ ask: Text, choices: Choices, outcome: Text });

/** One right choice; with `multiple: true` all right ones have to be chosen. */
export const ChoiceQuizSchema = v.strictObject({
  ask: Text,
  multiple: v.optional(v.boolean("must be true or false"), false),
  choices: v.pipe(
    Choices,
    v.check(isExplained, "must say `because:` of each wrong choice"),
    v.check(hasWrong, "must have a choice that is wrong"),
  ),
});

/** An answer that is typed. */
export const ShortQuizSchema = v.strictObject({
  ask: Text,
  accept: v.pipe(
    v.array(Text, "must be a list of right answers"),
    v.minLength(1, "must hold a right answer"),
  ),
  wrong: v.optional(v.array(v.strictObject({ answer: Text, because: Text }), "must be a list"), []),
  otherwise: Text,
  because: v.optional(Text),
});

const MachineName = v.optional(Text);

/** The body of `:::measure`. */
export const MeasureSourceSchema = v.strictObject({
  name: Text,
  on: MachineName,
  process: v.optional(ProcessPatternSchema),
});

const ReasonSource = v.strictObject({ on: MachineName, when: QuerySchema, say: Text });
const REASONS = "must be a list of `when` and `say`; a sentence that always applies is `otherwise`";

const isSignal = (name: string): name is SignalName => Object.hasOwn(SIGNALS, name);

/** A signal from outside: its name without SIG, and to which processes. */
export const SignalSourceSchema = v.strictObject({
  on: MachineName,
  send: v.pipe(
    v.string("must be text"),
    v.guard(isSignal, `must be one of ${Object.keys(SIGNALS).join(", ")}`),
  ),
  to: ProcessPatternSchema,
});

const Regex = v.pipe(
  Text,
  v.check((text) => isRegex(text), "must be a regular expression"),
  v.check((text) => !isRegex(text) || !new RegExp(text, "mu").test(""), "must not fit an empty output"),
);

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, "mu") instanceof RegExp;
  } catch {
    return false;
  }
}

const CommandSource = v.strictObject({
  on: MachineName,
  run: Text,
  user: v.optional(User, "root"),
  exit: v.optional(
    v.pipe(Whole, v.minValue(0, "must be 0 or more"), v.maxValue(255, "must be 255 or less")),
    0,
  ),
  stdout: v.optional(Regex),
  say: Text,
});

const CHECK = {
  /** Name of the machine that is asked, here and in `when`, where another is not named. */
  on: MachineName,
  after: v.optional(QuerySchema),
  query: v.optional(QuerySchema),
  /** Queries about other machines. */
  and: v.optional(
    v.array(v.strictObject({ on: MachineName, query: QuerySchema }), "must be a list of queries"),
    [],
  ),
  commands: v.optional(v.array(CommandSource, "must be a list of commands"), []),
  notYet: v.optional(v.array(ReasonSource, REASONS), []),
  otherwise: v.optional(Text),
  broken: v.optional(v.array(ReasonSource, "must be a list of `when` and `say`"), []),
};

/** The body of `:::check` as it is written. */
export const CheckSourceSchema = v.strictObject(CHECK);
/** The body of `:::target`. */
export const TargetSourceSchema = v.strictObject({ goal: Text, ...CHECK });

/** The `when` of a hint. */
export const WhenSourceSchema = v.strictObject({ on: MachineName, query: QuerySchema });

const Deeds = v.pipe(
  v.array(
    v.union([
      Text,
      v.strictObject({
        run: Text,
        in: v.optional(Text),
        stays: v.optional(v.boolean("must be true or false"), false),
        expect: v.optional(Regex),
      }),
      v.strictObject({ keys: Text, in: v.optional(Text) }),
      v.strictObject({ script: Text, on: MachineName }),
      SignalSourceSchema,
    ]),
    "must be a list of commands",
  ),
);

const FixtureSource = v.strictObject({
  name: Text,
  /** What is done from the step's beginning; after the solution's first `after` deeds. */
  do: Deeds,
  after: v.optional(v.pipe(Whole, v.minValue(0, "must be 0 or more")), 0),
  /** Part of what the learner is told then. */
  says: Text,
});

/** `proof.yaml` beside a lesson: what goes wrong in each step, and what the learner is told then. */
export const ProofSourceSchema = v.strictObject({
  steps: v.record(
    IdSchema,
    v.strictObject({
      /** What doing nothing is answered with. */
      nothing: v.optional(Text),
      wrong: v.optional(v.array(FixtureSource, "must be a list of fixtures"), []),
      broken: v.optional(v.array(FixtureSource, "must be a list of fixtures"), []),
      hints: v.optional(v.array(FixtureSource, "must be a list of fixtures"), []),
    }),
  ),
});
export type ProofSource = v.InferOutput<typeof ProofSourceSchema>;
