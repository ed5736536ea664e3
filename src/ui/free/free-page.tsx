import { effect } from "@preact/signals";
import { render } from "preact";
import type { JSX } from "preact";
import { sayInLab } from "../../i18n/index.ts";
import type { FreeDeskOptions, Lab } from "../../state/index.ts";
import { FreeDesk } from "../../state/index.ts";
import { LabProvider } from "../lab-context.ts";
import type { LessonChoiceProps } from "../lesson-choice.tsx";
import { PageHeader } from "../page-header.tsx";
import { type PageDesk, PageDeskProvider } from "../page-desk.ts";
import type { PageProps } from "../page.tsx";
import { dayOf, saveFile } from "../save-file.ts";
import { Panes } from "../panels/panes.tsx";
import { useLeaveKeys } from "../use-leave-keys.ts";
import { FreePane, type FreePaneProps } from "./free-pane.tsx";

export interface FreePageProps
  extends
    Pick<PageProps, "lab" | "desk" | "kernel" | "profile" | "links">,
    Pick<FreePaneProps, "linkTo" | "open">,
    Omit<FreeDeskOptions, "deliver" | "today"> {}

const NO_LESSONS: LessonChoiceProps = { courses: { value: [] }, openLesson: () => undefined };

interface FreeProps extends Pick<PageProps, "kernel" | "profile" | "links">, FreePaneProps {
  readonly lab: Lab;
  readonly pageDesk: PageDesk;
}

function FreePage({ lab, desk, pageDesk, linkTo, open, ...head }: FreeProps): JSX.Element {
  useLeaveKeys();
  return (
    <PageDeskProvider value={pageDesk}>
      <LabProvider value={lab}>
        <PageHeader {...head} choice={NO_LESSONS} title={sayInLab("free.title")} />
        <Panes in="page" side="settings">
          <FreePane desk={desk} linkTo={linkTo} open={open} />
        </Panes>
      </LabProvider>
    </PageDeskProvider>
  );
}

/** Shows the free terminal in `root`, in place of what was there. Returns what takes it away again. */
export function showFreePage(root: HTMLElement, props: FreePageProps): () => void {
  const { lab, desk: pageDesk, kernel, profile, links, linkTo, open, ...asked } = props;
  const desk = new FreeDesk({ ...asked, deliver: saveFile, today: () => dayOf(new Date()) }, lab);
  const unwatch = effect(() => {
    for (const { value } of [desk.saved.state, desk.fileExport.state, desk.script])
      if (value.kind === "failed") pageDesk.faults.note(value.error, "files");
  });
  // On a small screen the terminal is what one is here for, unless there is something to read first.
  if (desk.refusals.length === 0 && desk.settings.script === "") lab.panels.show("terminal");
  root.replaceChildren();
  render(<FreePage {...{ lab, pageDesk, kernel, profile, links, linkTo, open, desk }} />, root);
  return () => {
    render(null, root);
    unwatch();
    desk.dispose();
  };
}
