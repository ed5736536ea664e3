import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { sayTouch } from "../i18n/index.ts";
import { closeSheet, Sheet } from "./sheet.tsx";

interface PasteSheetProps {
  readonly onPasted: (text: string) => void;
  readonly onClosed: () => void;
}

/** Where the page may not read the clipboard, one pastes into a field of it. */
export function PasteSheet({ onPasted, onClosed }: PasteSheetProps): JSX.Element {
  const [text, setText] = useState("");
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  return (
    <Sheet name="paste-sheet" title={sayTouch("paste.title")} onClosed={onClosed}>
      <p>{sayTouch("paste.words")}</p>
      <label for={id} class="visually-hidden">
        {sayTouch("paste.field")}
      </label>
      <textarea
        id={id}
        class="terminal-text"
        rows={6}
        ref={areaRef}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        data-testid="paste-field"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {text.trimEnd().includes("\n") && <p class="note">{sayTouch("paste.lines")}</p>}
      <div class="sheet-actions">
        <button
          type="button"
          class="primary"
          disabled={text === ""}
          data-testid="paste-now"
          onClick={(event) => {
            onPasted(text);
            closeSheet(event.currentTarget);
          }}
        >
          {sayTouch("paste.verb")}
        </button>
      </div>
    </Sheet>
  );
}
