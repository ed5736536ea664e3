import type { JSX } from "preact";
import { useLab } from "./lab-context.ts";
import { ManPane } from "./man-pane.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import { XrayPane } from "./xray-pane.tsx";

/** Which of the panes beside the terminal are open, as the style sheet calls it. */
function workClass(man: boolean, xray: boolean): string {
  return ["work", ...(man ? ["with-man"] : []), ...(xray ? ["with-xray"] : [])].join(" ");
}

/** The terminal, and what is open above it. */
export function WorkArea(): JSX.Element {
  const lab = useLab();
  return (
    <div class={workClass(lab.man.isOpen.value, lab.xray.open.value)}>
      <TerminalPane />
      {lab.man.isOpen.value && <ManPane />}
      {lab.xray.open.value && <XrayPane state={lab.xray} isUnasked={lab.xray.openedBy.value === "lesson"} />}
    </div>
  );
}
