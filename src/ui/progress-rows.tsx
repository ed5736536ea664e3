import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { sayProgress } from "../i18n/index.ts";
import type { ImportOutcome } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { dayOf, saveFile } from "./save-file.ts";
import { AskingRow, SheetRow } from "./sheet-row.tsx";

function importWords(outcome: ImportOutcome): string {
  if (outcome.kind === "imported") return sayProgress("progress.imported", { lessons: outcome.lessons });
  const { reason, detail } = outcome;
  return `${sayProgress(`progress.refused.${reason}`, { detail })} ${sayProgress("progress.unchanged")}`;
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
    props.onSaid(sayProgress("progress.exported"), false);
  };
  const importNow = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const outcome = await kept.importFile(file);
    props.onSaid(importWords(outcome), outcome.kind === "refused");
  };
  const eraseNow = async (): Promise<void> => {
    await kept.erase();
    props.onSaid(sayProgress("progress.erased"), false);
  };
  return (
    <>
      <SheetRow title={sayProgress("progress.export")} words={sayProgress("progress.export.words")}>
        <button type="button" class="quiet" data-testid="export-progress" onClick={() => void exportNow()}>
          {sayProgress("progress.export.verb")}
        </button>
      </SheetRow>
      <SheetRow title={sayProgress("progress.import")} words={sayProgress("progress.import.words")}>
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
          {sayProgress("progress.import.verb")}
        </button>
      </SheetRow>
      <AskingRow
        title={sayProgress("progress.erase")}
        words={sayProgress("progress.erase.words")}
        verb={sayProgress("progress.erase.verb")}
        question={sayProgress("progress.erase.question")}
        name="erase-progress"
        onSure={() => void eraseNow()}
      >
        <button type="button" class="quiet" data-testid="export-first" onClick={() => void exportNow()}>
          {sayProgress("progress.erase.export")}
        </button>
      </AskingRow>
    </>
  );
}
