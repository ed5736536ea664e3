import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sayInLab, sayProgress } from "../i18n/index.ts";
import type { Lesson } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { ProgressRows } from "./progress-rows.tsx";
import { dayOf, saveFile } from "./save-file.ts";
import { closeSheet, Sheet } from "./sheet.tsx";
import { AskingRow, SheetRow } from "./sheet-row.tsx";
import { transcriptText } from "./transcript-text.ts";

export interface LessonMenuProps {
  readonly lesson: Lesson;
  /** The browser keeps progress only as long as the page. */
  readonly isKept: boolean;
}

function LessonSheet(props: LessonMenuProps & { readonly onClosed: () => void }): JSX.Element {
  const { lesson, isKept, onClosed } = props;
  const lab = useLab();
  const [said, setSaid] = useState({ words: "", isBad: false });
  const saveTranscript = (): void => {
    const now = new Date();
    const text = transcriptText(lesson, lab.transcript.state, now);
    const name = `${lesson.id.replaceAll("/", "-")}-${dayOf(now)}.txt`;
    saveFile(new Blob([text], { type: "text/plain;charset=utf-8" }), name);
    setSaid({ words: sayInLab("transcript.saved", { name }), isBad: false });
  };
  return (
    <Sheet name="lesson-menu" title={sayInLab("menu.title")} onClosed={onClosed}>
      <section>
        <h3>{sayInLab("menu.lesson", { title: lesson.title })}</h3>
        <ul class="sheet-rows">
          <SheetRow title={sayInLab("transcript.title")} words={sayInLab("transcript.words")}>
            <button type="button" class="quiet" data-testid="save-transcript" onClick={saveTranscript}>
              {sayInLab("transcript.verb")}
            </button>
          </SheetRow>
          <AskingRow
            title={sayInLab("lesson.start-over")}
            words={sayInLab("lesson.start-over.words")}
            verb={sayInLab("lesson.start-over.verb")}
            question={sayInLab("lesson.start-over.question")}
            isDisabled={!lab.canStartOver.value}
            name="start-over"
            onSure={(button) => {
              void lab.startOver();
              closeSheet(button);
            }}
          />
        </ul>
      </section>
      <section>
        <h3>{sayInLab("menu.progress")}</h3>
        <p class={isKept ? "quiet-line" : "note small"} data-testid="where-kept">
          {sayProgress(isKept ? "progress.kept" : "progress.not-kept")}
        </p>
        <ul class="sheet-rows">
          <ProgressRows onSaid={(words, isBad) => setSaid({ words, isBad })} />
        </ul>
      </section>
      <output class={said.isBad ? "sheet-said bad" : "sheet-said"} data-testid="menu-said">
        {said.words}
      </output>
    </Sheet>
  );
}

/** What one needs of a lesson only now and then. */
export function LessonMenu(props: LessonMenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="quiet small"
        aria-haspopup="dialog"
        title={sayInLab("menu.open.title")}
        data-testid="open-lesson-menu"
        onClick={() => setOpen(true)}
      >
        {sayInLab("menu.open")}
      </button>
      {isOpen && <LessonSheet {...props} onClosed={() => setOpen(false)} />}
    </>
  );
}
