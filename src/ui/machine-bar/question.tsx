import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { sayBar } from "../../i18n/index.ts";

interface QuestionProps {
  /** What will be gone. */
  readonly words: string;
  readonly verb: string;
  readonly name: string;
  readonly onSure: () => void;
  readonly onCancel: () => void;
}

/** Asks once, in the place of what was pressed, before something is taken away. */
export function Question({ words, verb, name, onSure, onCancel }: QuestionProps): JSX.Element {
  const id = useId();
  const cancelRef = useRef<HTMLButtonElement>(null);
  // The button that was pressed has gone; what takes nothing away is nearest.
  useEffect(() => cancelRef.current?.focus(), []);
  return (
    <fieldset class="machine-question" aria-labelledby={id}>
      <p id={id}>{words}</p>
      <div>
        <button type="button" class="quiet" ref={cancelRef} onClick={onCancel}>
          {sayBar("bar.cancel")}
        </button>
        <button type="button" class="danger" data-testid={name} onClick={onSure}>
          {verb}
        </button>
      </div>
    </fieldset>
  );
}
