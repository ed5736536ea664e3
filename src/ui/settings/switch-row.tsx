import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface SwitchRowProps {
  readonly title: string;
  readonly words: string;
  readonly isOn: boolean;
  readonly name: string;
  readonly onChange: (isOn: boolean) => void;
}

/** Something that is on or off; all of its row is the place to click. */
export function SwitchRow({ title, words, isOn, name, onChange }: SwitchRowProps): JSX.Element {
  const id = useId();
  return (
    <li class="sheet-row switch-row">
      <div>
        <label class="row-title" htmlFor={id}>
          {title}
        </label>
        <p id={`${id}-words`}>{words}</p>
      </div>
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        aria-describedby={`${id}-words`}
        data-testid={name}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </li>
  );
}
