import { expect, it } from "vitest";
import { judgeQuiz } from "./quiz.ts";
import type { Inline, QuizBlock } from "./tree.ts";

const say = (text: string): Inline[] => [{ type: "text", text }];
const quiz = (answer: QuizBlock["answer"]): QuizBlock => ({ type: "quiz", id: "q", question: [], answer });
const choices = [
  { text: say("a"), right: true, because: say("yes a") },
  { text: say("b"), right: false, because: say("no b") },
  { text: say("c"), right: true },
];

it("one choice is right or wrong, with its own words", () => {
  const one = quiz({ kind: "single", choices: choices.slice(0, 2) });
  expect(judgeQuiz(one, 0)).toEqual({ isRight: true, because: [say("yes a")] });
  expect(judgeQuiz(one, 1)).toEqual({ isRight: false, because: [say("no b")] });
  expect(judgeQuiz(one, 7)).toEqual({ isRight: false, because: [] });
  expect(judgeQuiz(one, "a")).toEqual({ isRight: false, because: [] });
});

it("of several all have to be chosen, and what is missing is not given away", () => {
  const several = quiz({ kind: "multiple", choices });
  expect(judgeQuiz(several, [0, 2])).toEqual({ isRight: true, because: [say("yes a")] });
  expect(judgeQuiz(several, [0])).toEqual({ isRight: false, because: [] });
  expect(judgeQuiz(several, [0, 1, 2])).toEqual({ isRight: false, because: [say("no b")] });
});

it("what is typed may differ in case and blanks", () => {
  const short = quiz({
    kind: "short",
    accept: ["PID 1"],
    wrong: [{ answer: "pid 0", because: say("the idle task") }],
    otherwise: say("look again"),
    because: say("indeed"),
  });
  expect(judgeQuiz(short, "  pid  1 ")).toEqual({ isRight: true, because: [say("indeed")] });
  expect(judgeQuiz(short, "PID 0")).toEqual({ isRight: false, because: [say("the idle task")] });
  expect(judgeQuiz(short, "init")).toEqual({ isRight: false, because: [say("look again")] });
  expect(judgeQuiz(short, 3)).toEqual({ isRight: false, because: [say("look again")] });
});
