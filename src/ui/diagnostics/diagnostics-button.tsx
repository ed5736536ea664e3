import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../../i18n/index.ts";
import { DiagnosticsSheet } from "./diagnostics-sheet.tsx";

/** The way to the diagnostics, from wherever something may be wrong. @param words On it, where others stand around it. */
export function DiagnosticsButton({ words }: { readonly words?: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="quiet"
        aria-haspopup="dialog"
        title={say("diagnostics.open.words")}
        data-testid="open-diagnostics"
        onClick={() => setOpen(true)}
      >
        {words ?? say("diagnostics.open")}
      </button>
      {isOpen && <DiagnosticsSheet onClosed={() => setOpen(false)} />}
    </>
  );
}
