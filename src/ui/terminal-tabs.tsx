import { X } from "lucide";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { sayInLab, sayPanels } from "../i18n/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";
import { scrollAcross } from "./scroll-to.ts";
import { TerminalBox } from "./terminal-box.tsx";

/** The terminals, each with its name and whose it is, and which of them are in sight. */
export function TerminalTabs(): JSX.Element {
  const lab = useLab();
  const front = lab.front.value;
  const isAlone = lab.terminals.length < 2;
  const isOneMachine = lab.machines.length < 2;
  const { shown } = lab.terminalPanes.value;
  const rootRef = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // Where there is no room for all tabs, the one in front is seen.
    const tabs = rootRef.current;
    const tab = tabs?.querySelector('[data-front="true"]') ?? null;
    if (tabs !== null && tab !== null) scrollAcross(tab, tabs);
  }, [front]);
  useEffect(() => {
    // What is typed goes to the one that is seen.
    if (document.activeElement?.closest(".terminal-head, .terminal-host")) focusTerminal();
  }, [front, isAlone]);
  return (
    <fieldset class="terminal-tabs" ref={rootRef}>
      <legend class="visually-hidden">{sayInLab("terminal.tabs")}</legend>
      {lab.terminals.map(({ name, machine, user, isAdded }) => (
        <span
          key={name}
          class="terminal-tab"
          data-front={name === front}
          data-shown={shown.some((one) => one === name)}
        >
          <button
            type="button"
            aria-pressed={name === front}
            data-testid={`terminal-tab-${name}`}
            {...(isAlone ? {} : { title: sayPanels("terminal.next") })}
            onClick={() => {
              lab.bringToFront(name);
              lab.panels.openTerminal();
            }}
          >
            {name} <span class="whose">{isOneMachine ? user : `${user}@${machine}`}</span>
            <TerminalBox terminal={name} />
          </button>
          {isAdded && (
            <button
              type="button"
              class="tab-close"
              title={sayPanels("terminal.close", { name })}
              data-testid={`close-terminal-${name}`}
              onClick={() => lab.removeTerminal(name)}
            >
              <Icon of={X} />
              <span class="visually-hidden">{sayPanels("terminal.close", { name })}</span>
            </button>
          )}
        </span>
      ))}
    </fieldset>
  );
}
