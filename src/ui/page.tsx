import { render } from "preact";
import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import type { Lab } from "../state/index.ts";
import { LabProvider } from "./lab-context.ts";
import type { LessonChoiceProps } from "./lesson-choice.tsx";
import { LessonPane, type LinkTo } from "./lesson-pane.tsx";
import { type OutwardLinks, PageHeader } from "./page-header.tsx";
import { type PageDesk, PageDeskProvider } from "./page-desk.ts";
import { Panes } from "./panels/panes.tsx";
import { useLeaveKeys } from "./use-leave-keys.ts";

export interface PageProps {
  readonly lab: Lab;
  readonly desk: PageDesk;
  readonly kernel: string;
  /** Shown when it is not empty. */
  readonly profile: string;
  readonly choice: LessonChoiceProps;
  readonly linkTo: LinkTo;
  readonly links: OutwardLinks;
  /** Progress lasts only as long as the page. */
  readonly notKept: { readonly value: boolean };
}

function Page({ lab, desk, notKept, linkTo, ...head }: PageProps): JSX.Element {
  useLeaveKeys();
  return (
    <PageDeskProvider value={desk}>
      <LabProvider value={lab}>
        <PageHeader {...head} />
        <Panes in="page" side="lesson" note={notKept.value ? say("lesson.not-kept") : ""}>
          <LessonPane choice={head.choice} isKept={!notKept.value} linkTo={linkTo} />
        </Panes>
      </LabProvider>
    </PageDeskProvider>
  );
}

/** Shows the page in `root`, in place of what was there. Returns what takes it away again. */
export function showPage(root: HTMLElement, props: PageProps): () => void {
  root.replaceChildren();
  render(<Page {...props} />, root);
  return () => render(null, root);
}
