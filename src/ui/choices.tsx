import type { JSX } from "preact";
import type { Choice } from "../state/index.ts";
import { Inlines } from "./inlines.tsx";

/** Choices of a question, of which one or several can be marked. */
export function Choices(props: {
  readonly name: string;
  readonly of: readonly Choice[];
  readonly chosen: readonly number[];
  readonly isMultiple: boolean;
  readonly isDisabled: (index: number) => boolean;
  readonly onChoose: (index: number) => void;
}): JSX.Element {
  return (
    <>
      {props.of.map((choice, i) => (
        <label key={i} class={props.chosen.includes(i) ? "choice chosen" : "choice"}>
          <input
            type={props.isMultiple ? "checkbox" : "radio"}
            name={props.name}
            checked={props.chosen.includes(i)}
            disabled={props.isDisabled(i)}
            onChange={() => props.onChoose(i)}
          />
          <span>
            <Inlines of={choice.text} />
          </span>
        </label>
      ))}
    </>
  );
}

/** Why a choice is right or wrong. */
export function Because({ of }: { readonly of: readonly Choice[] }): JSX.Element {
  return (
    <>
      {of.map(
        ({ because }, i) =>
          because !== undefined && (
            <p key={i}>
              <Inlines of={because} />
            </p>
          ),
      )}
    </>
  );
}
