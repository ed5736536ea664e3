import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { sayTouch } from "../i18n/index.ts";
import type { TerminalView } from "../views/index.ts";
import { copyText } from "./copy-text.ts";
import { Sheet } from "./sheet.tsx";

interface TextSheetProps {
  readonly text: TerminalView["text"] | undefined;
  readonly onClosed: () => void;
}

/** The terminal as text of the page: fingers select in it, and screen readers read it. */
export function TextSheet({ text, onClosed }: TextSheetProps): JSX.Element {
  // It does not change under the finger.
  const [shown] = useState(text);
  const [said, setSaid] = useState<"text.copied" | "text.copy-failed" | undefined>();
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    const area = areaRef.current;
    // The newest stands at the end.
    if (area !== null) area.scrollTop = area.scrollHeight;
  }, []);
  const copy = async (what: string): Promise<void> => {
    try {
      await copyText(what);
      setSaid("text.copied");
    } catch {
      setSaid("text.copy-failed");
    }
  };
  const all = shown?.all ?? "";
  return (
    <Sheet name="text-sheet" title={sayTouch("text.title")} onClosed={onClosed}>
      <p>{all === "" ? sayTouch("text.empty") : sayTouch("text.words")}</p>
      <label for={id} class="visually-hidden">
        {sayTouch("text.field")}
      </label>
      <textarea
        id={id}
        class="terminal-text"
        rows={14}
        readOnly
        spellcheck={false}
        ref={areaRef}
        value={all}
        data-testid="terminal-text"
      />
      <div class="sheet-actions">
        <output data-testid="text-said">{said === undefined ? "" : sayTouch(said)}</output>
        <button
          type="button"
          class="quiet"
          disabled={all === ""}
          onClick={() => void copy(shown?.inSight ?? "")}
        >
          {sayTouch("text.copy-screen")}
        </button>
        <button
          type="button"
          class="primary"
          disabled={all === ""}
          data-testid="copy-all"
          onClick={() => void copy(all)}
        >
          {sayTouch("text.copy-all")}
        </button>
      </div>
    </Sheet>
  );
}
