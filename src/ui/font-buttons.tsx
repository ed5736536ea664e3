import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

/** Smaller and larger letters in all terminals. */
export function FontButtons(): JSX.Element {
  const { font } = useLab().bench;
  const size = font.size.value;
  const button = (direction: 1 | -1, words: string, sign: string, name: string): JSX.Element => (
    <button
      type="button"
      class="quiet small"
      title={say("terminal.font", { size })}
      disabled={font.next(direction) === undefined}
      data-testid={name}
      onClick={() => font.step(direction)}
    >
      {sign}
      <span class="visually-hidden"> {words}</span>
    </button>
  );
  return (
    <>
      {button(-1, say("terminal.font.smaller"), "A−", "font-smaller")}
      {button(1, say("terminal.font.larger"), "A+", "font-larger")}
    </>
  );
}
