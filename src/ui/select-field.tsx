import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface SelectFieldProps<T extends string | number> {
  /** Its `data-testid`. */
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly words: (value: T) => string;
  readonly onChosen: (value: T) => void;
  /** How a form lays out label and choice. */
  readonly class: "field" | "setting";
}

/** One of several values, with its label. */
export function SelectField<T extends string | number>(props: SelectFieldProps<T>): JSX.Element {
  const { name, label, value, values, words, onChosen } = props;
  const id = useId();
  return (
    <div class={props.class}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={String(value)}
        data-testid={name}
        onChange={(event) => {
          const chosen = values.find((one) => String(one) === event.currentTarget.value);
          if (chosen !== undefined) onChosen(chosen);
        }}
      >
        {values.map((one) => (
          <option key={one} value={String(one)}>
            {words(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
