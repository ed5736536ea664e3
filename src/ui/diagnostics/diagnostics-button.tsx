import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../../i18n/index.ts";
import { Sheet } from "../sheet.tsx";
import { useLate } from "../use-late.ts";
import type * as DiagnosticsCode from "./diagnostics-sheet.tsx";

const load = (): Promise<typeof DiagnosticsCode> => import("./diagnostics-sheet.tsx");

/** The way to the diagnostics, from wherever something may be wrong. @param words On it, where others stand around it. */
export function DiagnosticsButton({ words }: { readonly words?: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const code = useLate(isOpen, load);
  const close = (): void => setOpen(false);
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
      {isOpen && typeof code === "object" && <code.DiagnosticsSheet onClosed={close} />}
      {isOpen && code === "failed" && (
        <Sheet name="diagnostics" title={say("diagnostics.open")} onClosed={close}>
          <p>{say("about.failed")}</p>
        </Sheet>
      )}
    </>
  );
}
