import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { faultSentences, sayFree } from "../../i18n/index.ts";
import type { ExportState, FreeDesk } from "../../state/index.ts";
import { sizeWords } from "../size-words.ts";

function words(state: ExportState): string {
  switch (state.kind) {
    case "fetching":
      return sayFree("free.files.fetching", { path: state.path });
    case "saved":
      return sayFree("free.files.saved", { name: state.name, size: sizeWords(state.size) });
    case "refused":
      return sayFree(`free.files.${state.reason}`);
    case "stopped":
      return sayFree("free.files.stopped");
    case "failed":
      // What this code says in general is said more exactly here.
      return state.error.code === "file-failed"
        ? sayFree("free.files.failed")
        : faultSentences(state.error.code, false);
    case "none":
    default:
      return "";
  }
}

/** The way of files out of the machine. */
export function FileExportCard({ desk }: { readonly desk: FreeDesk }): JSX.Element {
  const id = useId();
  const [path, setPath] = useState("");
  const state = desk.fileExport.state.value;
  const isBad = state.kind === "refused" || state.kind === "failed";
  const isBusy = state.kind === "fetching";
  return (
    <section class="free-card" aria-labelledby="free-files-title">
      <h2 id="free-files-title">{sayFree("free.files.title")}</h2>
      <p class="free-words">{sayFree("free.files.in")}</p>
      <form
        class="field-and-button"
        onSubmit={(event) => {
          event.preventDefault();
          void desk.exportFile(path);
        }}
      >
        <label class="visually-hidden" htmlFor={id}>
          {sayFree("free.files.path")}
        </label>
        <input
          id={id}
          type="text"
          value={path}
          placeholder="~/notes.txt"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          data-testid="export-path"
          onInput={(event) => setPath(event.currentTarget.value)}
        />
        {isBusy ? (
          <button type="button" class="quiet" onClick={() => desk.fileExport.stop()}>
            {sayFree("free.files.stop")}
          </button>
        ) : (
          <button type="submit" class="quiet" data-testid="export-file">
            {sayFree("free.files.download")}
          </button>
        )}
      </form>
      <output class={isBad ? "bad" : ""} data-testid="export-said">
        {words(state)}
      </output>
    </section>
  );
}
