import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import type { Block } from "../state/index.ts";
import { Inlines } from "./inlines.tsx";
import { useLab } from "./lab-context.ts";

type QuestionBlock = Extract<Block, { type: "predict" | "quiz" }>;

function Answer({ block, chosen }: { readonly block: QuestionBlock; readonly chosen: number }): JSX.Element {
  const choice = block.choices[chosen];
  const isRight = choice?.right === true;
  return (
    <div class={`answer ${isRight ? "right" : "wrong"}`}>
      {block.type === "quiz" && <strong>{say(isRight ? "question.right" : "question.wrong")} </strong>}
      {choice?.because !== undefined && (
        <p>
          <Inlines of={choice.because} />
        </p>
      )}
    </div>
  );
}

/** A prediction or a quiz question. A prediction is resolved by what happens, not by being answered. */
export function Question(props: {
  readonly block: QuestionBlock;
  /** The step has been done: what the kernel did is known. */
  readonly resolved: boolean;
}): JSX.Element {
  const { block, resolved } = props;
  const lab = useLab();
  const lesson = lab.lesson.value;
  const chosen = lesson.kind === "open" ? lesson.run.answers[block.id] : undefined;
  const answer = chosen === undefined ? undefined : block.choices[chosen];
  const isPrediction = block.type === "predict";
  return (
    <fieldset class={`question ${block.type}`} data-testid={`question-${block.id}`}>
      <legend>{say(isPrediction ? "question.predict" : "question.quiz")}</legend>
      <p>
        <Inlines of={block.question} />
      </p>
      {block.choices.map((choice, i) => (
        <label key={i} class={chosen === i ? "choice chosen" : "choice"}>
          <input
            type="radio"
            name={block.id}
            checked={chosen === i}
            disabled={isPrediction && resolved && chosen !== i}
            onChange={() => lab.answer(block.id, i)}
          />
          <span>
            <Inlines of={choice.text} />
          </span>
        </label>
      ))}
      {!isPrediction && chosen !== undefined && <Answer block={block} chosen={chosen} />}
      {isPrediction && resolved && block.outcome !== undefined && (
        <div class="answer outcome">
          {answer !== undefined && (
            <p>
              <strong>{say("question.you-said")}</strong> <Inlines of={answer.text} />.
            </p>
          )}
          <p>
            <strong>{say("question.kernel-did")}</strong> <Inlines of={block.outcome} />
          </p>
          {chosen !== undefined && <Answer block={block} chosen={chosen} />}
        </div>
      )}
    </fieldset>
  );
}
