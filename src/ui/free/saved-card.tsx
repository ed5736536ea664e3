import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { faultSentences, sayFree, sayInLab } from "../../i18n/index.ts";
import type { FreeDesk, SavedState } from "../../state/index.ts";
import { useLab } from "../lab-context.ts";
import { dayOf, saveFile } from "../save-file.ts";
import { SheetRow } from "../sheet-row.tsx";
import { sizeWords } from "../size-words.ts";
import { transcriptText } from "../transcript-text.ts";

function words(state: SavedState): string {
  switch (state.kind) {
    case "saved":
      return sayFree("free.saved.saved", { name: state.name, size: sizeWords(state.size) });
    case "loading":
    case "loaded":
      return sayFree(`free.saved.${state.kind}`, { name: state.name });
    case "refused":
      return sayFree(`free.saved.${state.reason}`);
    case "failed":
      if (state.error.code === "snapshot-mismatch") return sayFree("free.saved.mismatch");
      if (state.error.code === "snapshot-invalid") return sayFree("free.saved.invalid");
      return `${sayFree("free.saved.failed")} ${faultSentences(state.error.code, false)}`;
    case "saving":
      return sayFree("free.saved.saving");
    case "none":
    default:
      return "";
  }
}

function TranscriptRow(): JSX.Element {
  const lab = useLab();
  const save = (): void => {
    const now = new Date();
    const text = transcriptText(undefined, lab.transcript.state, now);
    saveFile(new Blob([text], { type: "text/plain;charset=utf-8" }), `terminal-${dayOf(now)}.txt`);
  };
  return (
    <SheetRow title={sayInLab("transcript.title")} words={sayFree("free.transcript.words")}>
      <button type="button" class="quiet" data-testid="save-transcript" onClick={save}>
        {sayInLab("transcript.verb")}
      </button>
    </SheetRow>
  );
}

/** The machine whose terminal is in front: to a file, and from one. */
export function SavedCard({ desk }: { readonly desk: FreeDesk }): JSX.Element {
  const lab = useLab();
  const inputRef = useRef<HTMLInputElement>(null);
  const state = desk.saved.state.value;
  const machine = lab.frontMachine.value;
  const isBusy = state.kind === "saving" || state.kind === "loading";
  const isBad = state.kind === "refused" || state.kind === "failed";
  return (
    <section class="free-card" aria-labelledby="free-saved-title">
      <h2 id="free-saved-title">{sayFree("free.saved.title")}</h2>
      <ul class="sheet-rows">
        <SheetRow title={sayFree("free.saved.save")} words={sayFree("free.saved.save.words", { machine })}>
          <button
            type="button"
            class="quiet"
            disabled={isBusy}
            data-testid="save-machine"
            onClick={() => void desk.saveMachine()}
          >
            {sayFree("free.saved.save.verb")}
          </button>
        </SheetRow>
        <SheetRow title={sayFree("free.saved.load")} words={sayFree("free.saved.load.words", { machine })}>
          <input
            type="file"
            hidden
            ref={inputRef}
            data-testid="saved-input"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file !== undefined) void desk.loadMachine(file);
              // The same file may be chosen again.
              event.currentTarget.value = "";
            }}
          />
          <button
            type="button"
            class="quiet"
            disabled={isBusy}
            data-testid="load-machine"
            onClick={() => inputRef.current?.click()}
          >
            {sayFree("free.saved.load.verb")}
          </button>
        </SheetRow>
        <TranscriptRow />
      </ul>
      {isBusy && <progress aria-hidden="true" />}
      <output class={isBad ? "bad" : ""} data-testid="saved-said">
        {words(state)}
      </output>
    </section>
  );
}
