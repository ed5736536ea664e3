import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "../i18n/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { useLab } from "./lab-context.ts";

/** Which terminal is in front, where there are several: each with its name and whose it is. */
export function TerminalTabs(): JSX.Element | null {
  const lab = useLab();
  const front = lab.front.value;
  const isAlone = lab.terminals.length < 2;
  const isOneMachine = lab.machines.length < 2;
  useEffect(() => {
    // What is typed goes to the one that is seen.
    if (!isAlone && document.activeElement?.closest(".terminal-pane")) focusTerminal();
  }, [front, isAlone]);
  if (isAlone) return null;
  return (
    <fieldset class="terminal-tabs">
      <legend class="visually-hidden">{say("terminal.tabs")}</legend>
      {lab.terminals.map(({ name, machine, user }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === front}
          data-testid={`terminal-tab-${name}`}
          onClick={() => lab.bringToFront(name)}
        >
          {name} <span class="whose">{isOneMachine ? user : `${user}@${machine}`}</span>
        </button>
      ))}
    </fieldset>
  );
}
