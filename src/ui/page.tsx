import { render } from "preact";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { AboutSource, Lab } from "../state/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { isLeaveKey } from "./leave-keys.ts";
import { LabProvider } from "./lab-context.ts";
import type { LessonChoiceProps } from "./lesson-choice.tsx";
import { LessonPane, type LinkTo } from "./lesson-pane.tsx";
import { ManPane } from "./man-pane.tsx";
import { type OutwardLinks, PageHeader } from "./page-header.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import { XrayPane } from "./xray-pane.tsx";

export interface PageProps {
  readonly lab: Lab;
  readonly kernel: string;
  /** Shown when it is not empty. */
  readonly profile: string;
  readonly choice: LessonChoiceProps;
  readonly linkTo: LinkTo;
  readonly links: OutwardLinks;
  readonly about: AboutSource;
  /** Progress lasts only as long as the page. */
  readonly notKept: { readonly value: boolean };
}

/** Which of the panes beside the terminal are open, as the style sheet calls it. */
function workClass(man: boolean, xray: boolean): string {
  return ["work", ...(man ? ["with-man"] : []), ...(xray ? ["with-xray"] : [])].join(" ");
}

function Page({ lab, notKept, linkTo, ...head }: PageProps): JSX.Element {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isLeaveKey(event)) return;
      event.preventDefault();
      focusTerminal();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <LabProvider value={lab}>
      <PageHeader {...head} />
      <main class="panes">
        <div class="lesson-scroll">
          {notKept.value && (
            <p class="note small" aria-live="polite">
              {say("lesson.not-kept")}
            </p>
          )}
          <LessonPane choice={head.choice} isKept={!notKept.value} linkTo={linkTo} />
        </div>
        <div class={workClass(lab.man.isOpen.value, lab.xray.open.value)}>
          <TerminalPane />
          {lab.man.isOpen.value && <ManPane />}
          {lab.xray.open.value && (
            <XrayPane state={lab.xray} isUnasked={lab.xray.openedBy.value === "lesson"} />
          )}
        </div>
      </main>
    </LabProvider>
  );
}

/** Shows the page in `root`, in place of what was there. Returns what takes it away again. */
export function showPage(root: HTMLElement, props: PageProps): () => void {
  root.replaceChildren();
  render(<Page {...props} />, root);
  return () => render(null, root);
}
