import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import { type Answer, judgeQuiz, type QuizBlock } from "../state/index.ts";
import { Because, Choices } from "./choices.tsx";
import { Inlines } from "./inlines.tsx";
import { useLab } from "./lab-context.ts";

interface ChoosingProps {
  readonly id: string;
  readonly of: Extract<QuizBlock["answer"], { kind: "single" | "multiple" }>;
  readonly answer: Answer | undefined;
}

function SingleChoice({ id, of, answer }: ChoosingProps): JSX.Element {
  const lab = useLab();
  return (
    <Choices
      name={id}
      of={of.choices}
      chosen={typeof answer === "number" ? [answer] : []}
      isMultiple={false}
      isDisabled={() => false}
      onChoose={(i) => lab.answer(id, i)}
    />
  );
}

/** Marks are the learner's until they are handed in. */
function SeveralChoices({ id, of, answer }: ChoosingProps): JSX.Element {
  const lab = useLab();
  const [marked, setMarked] = useState<readonly number[]>(Array.isArray(answer) ? answer : []);
  return (
    <>
      <Choices
        name={id}
        of={of.choices}
        chosen={marked}
        isMultiple
        isDisabled={() => false}
        onChoose={(i) => setMarked(marked.includes(i) ? marked.filter((one) => one !== i) : [...marked, i])}
      />
      <button
        type="button"
        class="quiet"
        disabled={marked.length === 0}
        onClick={() =>
          lab.answer(
            id,
            marked.toSorted((a, b) => a - b),
          )
        }
      >
        {sayInLab("question.check")}
      </button>
    </>
  );
}

function ShortAnswer(props: { readonly id: string; readonly answer: Answer | undefined }): JSX.Element {
  const lab = useLab();
  const { id, answer } = props;
  const [typed, setTyped] = useState(typeof answer === "string" ? answer : "");
  return (
    <form
      class="short-answer"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") lab.answer(id, typed);
      }}
    >
      <input
        type="text"
        value={typed}
        maxLength={200}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        aria-label={sayInLab("question.answer")}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button type="submit" class="quiet" disabled={typed.trim() === ""}>
        {sayInLab("question.check")}
      </button>
    </form>
  );
}

/** A question about what was seen; the answer is judged at once, and may be given again. */
export function Quiz({ block }: { readonly block: QuizBlock }): JSX.Element {
  const lab = useLab();
  const lesson = lab.lesson.value;
  const answer = lesson.kind === "open" ? lesson.run.answers[block.id] : undefined;
  const judged = answer === undefined ? undefined : judgeQuiz(block, answer);
  const { id, answer: of } = block;
  return (
    <fieldset class="question quiz" data-testid={`question-${id}`}>
      <legend>{sayInLab("question.quiz")}</legend>
      <p>
        <Inlines of={block.question} />
      </p>
      {of.kind === "single" && <SingleChoice id={id} of={of} answer={answer} />}
      {of.kind === "multiple" && <SeveralChoices id={id} of={of} answer={answer} />}
      {of.kind === "short" && <ShortAnswer id={id} answer={answer} />}
      <div aria-live="polite">
        {judged !== undefined && (
          <div class={`answer ${judged.isRight ? "right" : "wrong"}`}>
            <strong>{sayInLab(judged.isRight ? "question.right" : "question.wrong")} </strong>
            <Because of={judged.because.map((because) => ({ text: [], right: judged.isRight, because }))} />
          </div>
        )}
      </div>
    </fieldset>
  );
}
