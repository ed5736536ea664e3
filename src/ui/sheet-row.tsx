import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";

export interface SheetRowProps {
  readonly title: string;
  readonly words: string;
  readonly children: ComponentChildren;
}

/** One thing that can be done or set: what it is called, what it does, and what does it. */
export function SheetRow({ title, words, children }: SheetRowProps): JSX.Element {
  return (
    <li class="sheet-row">
      <div>
        <p class="row-title">{title}</p>
        <p>{words}</p>
      </div>
      <div class="sheet-buttons">{children}</div>
    </li>
  );
}

export interface AskingRowProps {
  readonly title: string;
  readonly words: string;
  /** On the button that asks, and on the one that does it. */
  readonly verb: string;
  /** What will be gone. */
  readonly question: string;
  readonly isDisabled?: boolean;
  readonly name: string;
  readonly onSure: (button: HTMLElement) => void;
  /** What else can be done instead of it or before. */
  readonly children?: ComponentChildren;
}

/** As {@link SheetRow}, for what takes something away: it asks once. */
export function AskingRow(props: AskingRowProps): JSX.Element {
  const { title, words, verb, question, name, isDisabled = false } = props;
  const [isAsking, setAsking] = useState(false);
  const questionId = useId();
  const askRef = useRef<HTMLButtonElement>(null);
  const cancelRef = useRef<HTMLButtonElement>(null);
  const wasAskingRef = useRef(false);
  useEffect(() => {
    // The button that was pressed has gone; what takes nothing away is nearest.
    if (isAsking) cancelRef.current?.focus();
    else if (wasAskingRef.current) askRef.current?.focus();
    wasAskingRef.current = isAsking;
  }, [isAsking]);
  if (!isAsking) {
    return (
      <SheetRow title={title} words={words}>
        <button
          type="button"
          class="quiet"
          ref={askRef}
          disabled={isDisabled}
          data-testid={name}
          onClick={() => setAsking(true)}
        >
          {verb} …
        </button>
      </SheetRow>
    );
  }
  return (
    <li class="sheet-row asking">
      <fieldset aria-labelledby={questionId}>
        <p class="row-title">{title}</p>
        <p id={questionId}>{question}</p>
        <div class="sheet-buttons">
          <button type="button" class="quiet" ref={cancelRef} onClick={() => setAsking(false)}>
            {say("sheet.cancel")}
          </button>
          {props.children}
          <button
            type="button"
            class="danger"
            disabled={isDisabled}
            data-testid={`${name}-sure`}
            onClick={(event) => {
              setAsking(false);
              props.onSure(event.currentTarget);
            }}
          >
            {verb}
          </button>
        </div>
      </fieldset>
    </li>
  );
}
