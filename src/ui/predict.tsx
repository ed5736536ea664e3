import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { PredictBlock } from "../state/index.ts";
import { Because, Choices } from "./choices.tsx";
import { Inlines } from "./inlines.tsx";
import { useLab } from "./lab-context.ts";

/** A question before something is tried: what happens resolves it, not the answer. */
export function Predict(props: {
  readonly block: PredictBlock;
  /** The step has been done: what the kernel did is known. */
  readonly resolved: boolean;
}): JSX.Element {
  const { block, resolved } = props;
  const lab = useLab();
  const lesson = lab.lesson.value;
  const answer = lesson.kind === "open" ? lesson.run.answers[block.id] : undefined;
  const chosen = typeof answer === "number" ? block.choices[answer] : undefined;
  return (
    <fieldset class="question predict" data-testid={`question-${block.id}`}>
      <legend>{sayInLab("question.predict")}</legend>
      <p>
        <Inlines of={block.question} />
      </p>
      <Choices
        name={block.id}
        of={block.choices}
        chosen={typeof answer === "number" ? [answer] : []}
        isMultiple={false}
        isDisabled={(i) => resolved && i !== answer}
        onChoose={(i) => lab.answer(block.id, i)}
      />
      {resolved && (
        <div class="answer outcome">
          {chosen !== undefined && (
            <p>
              <strong>{sayInLab("question.you-said")}</strong> <Inlines of={chosen.text} />.
            </p>
          )}
          <p>
            <strong>{sayInLab("question.kernel-did")}</strong> <Inlines of={block.outcome} />
          </p>
          {chosen !== undefined && (
            <div class={chosen.right ? "answer right" : "answer wrong"}>
              <Because of={[chosen]} />
            </div>
          )}
        </div>
      )}
    </fieldset>
  );
}
