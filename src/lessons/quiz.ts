import type { Answer } from "./progress.ts";
import type { Inline, QuizBlock } from "./tree.ts";

/** What is said of an answer. */
export interface JudgedAnswer {
  readonly isRight: boolean;
  /** One sentence for each thing that deserves one. */
  readonly because: readonly (readonly Inline[])[];
}

const plain = (text: string): string => text.trim().replaceAll(/\s+/g, " ").toLowerCase();

/** Judges an answer. One that cannot be of this question, as from a lesson that has changed, is wrong. */
export function judgeQuiz({ answer: of }: QuizBlock, answer: Answer): JudgedAnswer {
  if (of.kind === "short") {
    const typed = typeof answer === "string" ? plain(answer) : "";
    if (of.accept.some((one) => plain(one) === typed))
      return { isRight: true, because: of.because === undefined ? [] : [of.because] };
    const known = of.wrong.find((one) => plain(one.answer) === typed);
    return { isRight: false, because: [known?.because ?? of.otherwise] };
  }
  const chosen = typeof answer === "number" ? [answer] : typeof answer === "string" ? [] : answer;
  const isRight =
    of.kind === "single"
      ? of.choices[chosen[0] ?? -1]?.right === true
      : chosen.length > 0 && of.choices.every(({ right }, i) => right === chosen.includes(i));
  // Of several, a right one beside a wrong one is not spoken of: that would give the others away.
  const told = of.choices.filter(
    ({ right }, i) => chosen.includes(i) && (of.kind === "single" || isRight || !right),
  );
  return { isRight, because: told.flatMap(({ because }) => (because === undefined ? [] : [because])) };
}
