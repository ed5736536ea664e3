import { describe, expect, it } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import type { LessonRunState, StepState, Verdict } from "./engine.ts";
import { newsOf } from "./news.ts";
import type { Inline, Lesson, QuizBlock } from "./tree.ts";

const text = (words: string): Inline[] => [{ type: "text", text: words }];

const quiz: QuizBlock = {
  type: "quiz",
  id: "which",
  question: text("Which?"),
  answer: {
    kind: "multiple",
    choices: ["This", "That", "Both"].map((word) => ({ text: text(word), right: true })),
  },
};

const step = (id: string, title: string): Lesson["steps"][number] => ({
  id,
  title,
  setup: [],
  body: [],
  afterwards: [],
  hints: [],
  solution: [],
});

const LESSON: Lesson = {
  ...LESSON_META,
  id: "a/b",
  title: "Lesson",
  intro: [],
  proven: [],
  steps: [
    { ...step("one", "First"), hints: [{ blocks: [{ type: "note", children: [quiz] }] }] },
    {
      ...step("two", "Second"),
      body: [
        {
          type: "quiz",
          id: "name",
          question: text("Its name?"),
          answer: { kind: "short", accept: ["x"], wrong: [], otherwise: [] },
        },
      ],
    },
  ],
};

const state = (more: Partial<LessonRunState> = {}): LessonRunState => ({
  current: "one",
  steps: {},
  answers: {},
  prepared: false,
  typed: false,
  measures: {},
  hints: [],
  activity: { kind: "none" },
  resettable: true,
  startable: true,
  trouble: undefined,
  changed: false,
  ...more,
});

const says = (kind: "not-yet" | "broken", reason: string, detail = ""): Verdict => ({
  kind,
  reason: text(reason),
  detail: detail === "" ? [] : text(detail),
});
const withOne = (verdict: Verdict, done = false): LessonRunState => {
  const one: StepState = { verdict, done };
  return state({ steps: { one } });
};

describe("the news of a lesson", () => {
  it("begin with its opening; what was done and answered before is none", () => {
    const before = state({ current: "two", steps: { one: { done: true, verdict: { kind: "waiting" } } } });
    expect(newsOf(LESSON, undefined, { ...before, answers: { which: [0] } })).toEqual([
      { kind: "opened", lesson: "Lesson" },
      { kind: "step", number: 2, title: "Second" },
    ]);
  });

  it("are none where nothing changed", () => {
    expect(newsOf(LESSON, state(), state({ resettable: false, hints: [1] }))).toEqual([]);
  });

  it("are a verdict's reasons, each once", () => {
    const [waiting, first] = [
      withOne({ kind: "waiting" }),
      withOne(says("not-yet", "No.", "There is none.")),
    ];
    expect(newsOf(LESSON, waiting, first)).toEqual([{ kind: "not-yet", reason: "No. There is none." }]);
    expect(newsOf(LESSON, first, { ...first })).toEqual([]);
    expect(newsOf(LESSON, first, waiting)).toEqual([]);
    expect(newsOf(LESSON, waiting, withOne(says("broken", "Boom.")))).toEqual([
      { kind: "broken", reason: "Boom." },
    ]);
  });

  it("are that a step is done, and from then on only that it broke", () => {
    const done = withOne({ kind: "holds" }, true);
    expect(newsOf(LESSON, withOne({ kind: "waiting" }), done)).toEqual([
      { kind: "done", number: 1, title: "First" },
    ]);
    expect(newsOf(LESSON, done, withOne(says("not-yet", "No more."), true))).toEqual([]);
    expect(newsOf(LESSON, done, withOne(says("broken", "Boom."), true))).toHaveLength(1);
  });

  it("are answers in words, wherever the question stands", () => {
    const after = state({ answers: { which: [0, 2], name: "y", gone: 1 } });
    expect(newsOf(LESSON, state(), after)).toEqual([
      { kind: "answer", question: "Which?", answer: "This; Both" },
      { kind: "answer", question: "Its name?", answer: "y" },
    ]);
    // A choice that the lesson does not have any more.
    expect(newsOf(LESSON, after, { ...after, answers: { ...after.answers, which: 7 } })).toEqual([
      { kind: "answer", question: "Which?", answer: "" },
    ]);
  });

  it("are what the page does in the machine, and the step that it ends at", () => {
    const going = state({ activity: { kind: "going", at: 0, to: 1 } });
    expect(newsOf(LESSON, state(), going)).toEqual([{ kind: "going", to: 2 }]);
    expect(newsOf(LESSON, going, state({ current: "two" }))).toEqual([
      { kind: "step", number: 2, title: "Second" },
    ]);
    expect(newsOf(LESSON, state(), state({ activity: { kind: "resetting" } }))).toEqual([
      { kind: "resetting" },
    ]);
  });
});
