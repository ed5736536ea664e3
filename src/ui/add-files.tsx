import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { faultWords, sayInLab } from "../i18n/index.ts";
import type { IntakeState } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

/** What became of the files; nothing while they are on their way, since that changes too often to be read out. */
function words(state: IntakeState): string {
  switch (state.kind) {
    case "copied": {
      const [name = "", ...more] = state.names;
      const said =
        more.length === 0
          ? sayInLab("files.copied.one", { name })
          : sayInLab("files.copied.many", { count: state.names.length });
      return state.leftOut === 0 ? said : `${said} ${sayInLab("files.left-out", { count: state.leftOut })}`;
    }
    case "refused":
      return sayInLab(`files.${state.reason}`);
    case "stopped":
      return sayInLab("files.stopped");
    case "failed":
      return `${faultWords(state.error.code).what} ${sayInLab("files.failed")}`;
    case "none":
    case "copying":
    default:
      return "";
  }
}

/** The way into the machine for files without a mouse, and the place where all ways say how it went. */
export function AddFiles(): JSX.Element {
  const lab = useLab();
  const inputRef = useRef<HTMLInputElement>(null);
  const state = lab.files.value;
  const isCopying = state.kind === "copying";
  const isBad = state.kind === "refused" || state.kind === "failed";
  return (
    <div class="add-files">
      <input
        type="file"
        multiple
        hidden
        ref={inputRef}
        data-testid="file-input"
        onChange={(event) => {
          const { files } = event.currentTarget;
          void lab.addFiles([...(files ?? [])].map((file) => ({ path: file.name, content: file })));
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class="quiet small"
        title={sayInLab("files.add.title")}
        disabled={isCopying}
        data-testid="add-files"
        onClick={() => inputRef.current?.click()}
      >
        {sayInLab("files.add")}
      </button>
      {isCopying && (
        <>
          <progress
            value={state.done}
            max={Math.max(1, state.total)}
            aria-label={sayInLab("files.copying")}
            data-testid="files-progress"
          />
          <span>{sayInLab("files.copying")}</span>
          <button type="button" class="quiet small" data-testid="stop-files" onClick={() => lab.stopFiles()}>
            {sayInLab("files.stop")}
          </button>
        </>
      )}
      <output class={isBad ? "bad" : ""} data-testid="files-notice">
        {words(state)}
      </output>
    </div>
  );
}
