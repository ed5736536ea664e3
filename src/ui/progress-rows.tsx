import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { ImportOutcome } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { dayOf, saveFile } from "./save-file.ts";
import { AskingRow, SheetRow } from "./sheet-row.tsx";

function importWords(outcome: ImportOutcome): string {
  if (outcome.kind === "imported") return say("progress.imported", { lessons: outcome.lessons });
  const { reason, detail } = outcome;
  return `${say(`progress.refused.${reason}`, { detail })} ${say("progress.unchanged")}`;
}

/** What is kept of the learner: out as a file, in from a file, and away. */
export function ProgressRows(props: {
  /** Shown to the learner, and read out. */
  readonly onSaid: (words: string, isBad: boolean) => void;
}): JSX.Element {
  const { kept } = useLab();
  const inputRef = useRef<HTMLInputElement>(null);
  const exportNow = async (): Promise<void> => {
    const text = await kept.exportFile();
    saveFile(new Blob([text], { type: "application/json" }), `vivarium-progress-${dayOf(new Date())}.json`);
    props.onSaid(say("progress.exported"), false);
  };
  const importNow = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const outcome = await kept.importFile(file);
    props.onSaid(importWords(outcome), outcome.kind === "refused");
  };
  const eraseNow = async (): Promise<void> => {
    await kept.erase();
    props.onSaid(say("progress.erased"), false);
  };
  return (
    <>
      <SheetRow title={say("progress.export")} words={say("progress.export.words")}>
        <button type="button" class="quiet" data-testid="export-progress" onClick={() => void exportNow()}>
          {say("progress.export.verb")}
        </button>
      </SheetRow>
      <SheetRow title={say("progress.import")} words={say("progress.import.words")}>
        <input
          type="file"
          accept=".json,application/json"
          hidden
          ref={inputRef}
          data-testid="import-file"
          onChange={(event) => {
            void importNow(event.currentTarget.files?.[0]);
            // The same file may be chosen again.
            event.currentTarget.value = "";
          }}
        />
        <button
          type="button"
          class="quiet"
          data-testid="import-progress"
          onClick={() => inputRef.current?.click()}
        >
          {say("progress.import.verb")}
        </button>
      </SheetRow>
      <AskingRow
        title={say("progress.erase")}
        words={say("progress.erase.words")}
        verb={say("progress.erase.verb")}
        question={say("progress.erase.question")}
        name="erase-progress"
        onSure={() => void eraseNow()}
      >
        <button type="button" class="quiet" data-testid="export-first" onClick={() => void exportNow()}>
          {say("progress.erase.export")}
        </button>
      </AskingRow>
    </>
  );
}
