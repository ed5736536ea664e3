import { render } from "preact";
import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { Lab } from "../state/index.ts";
import { EmbedHead } from "./embed-head.tsx";
import { LabProvider } from "./lab-context.ts";
import { LessonPane, type LinkTo } from "./lesson-pane.tsx";
import { type PageDesk, PageDeskProvider } from "./page-desk.ts";
import { Panes } from "./panels/panes.tsx";
import { useLeaveKeys } from "./use-leave-keys.ts";

export interface EmbedPageProps {
  readonly lab: Lab;
  readonly desk: PageDesk;
  readonly hasLesson: boolean;
  readonly linkTo: LinkTo;
  /** The address of the whole page; undefined where the frame may open none. */
  readonly whole: string | undefined;
  /** A signal's value: progress lasts only as long as the frame. */
  readonly notKept: { readonly value: boolean };
  /** A signal's value: the page around has ended the lab. */
  readonly isEnded: { readonly value: boolean };
  readonly startAgain: () => void;
}

/** There is one lesson; others are the page's business. */
const NO_CHOICE = { courses: { value: [] }, openLesson: () => undefined };

function Ended({ startAgain }: Pick<EmbedPageProps, "startAgain">): JSX.Element {
  return (
    <main class="ended" data-testid="ended">
      <p>{sayInLab("embed.ended")}</p>
      <button type="button" class="primary" onClick={startAgain}>
        {sayInLab("embed.again")}
      </button>
    </main>
  );
}

function EmbedPage({
  lab,
  desk,
  hasLesson,
  linkTo,
  whole,
  notKept,
  isEnded,
  startAgain,
}: EmbedPageProps): JSX.Element {
  useLeaveKeys();
  if (isEnded.value) return <Ended startAgain={startAgain} />;
  return (
    <PageDeskProvider value={desk}>
      <LabProvider value={lab}>
        <EmbedHead hasLesson={hasLesson} whole={whole} />
        <Panes in="frame" {...(hasLesson ? { side: "lesson" as const } : {})}>
          {hasLesson && <LessonPane choice={NO_CHOICE} isKept={!notKept.value} linkTo={linkTo} />}
        </Panes>
      </LabProvider>
    </PageDeskProvider>
  );
}

/** Shows a lab in another page's frame, in place of what was in `root`. */
export function showEmbedPage(root: HTMLElement, props: EmbedPageProps): void {
  root.replaceChildren();
  render(<EmbedPage {...props} />, root);
}
