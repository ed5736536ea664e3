import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayDiagnostics } from "../../i18n/index.ts";
import { copyText } from "../copy-text.ts";
import { usePageDesk } from "../page-desk.ts";
import { Sheet } from "../sheet.tsx";
import { diagnosticsText } from "./diagnostics-text.ts";
import { gatherFacts } from "./gather-facts.ts";

/** What can be told to somebody who helps, to be looked at and copied. Open for as long as it is there. */
export function DiagnosticsSheet({ onClosed }: { readonly onClosed: () => void }): JSX.Element {
  const desk = usePageDesk();
  const [text, setText] = useState("");
  const [copied, setCopied] = useState<"no" | "copied" | "failed">("no");
  const textRef = useRef<HTMLPreElement>(null);
  useEffect(() => {
    let isGone = false;
    const gather = async (): Promise<void> => {
      const facts = await gatherFacts(desk);
      if (!isGone) setText(diagnosticsText(facts));
    };
    void gather();
    return () => {
      isGone = true;
    };
  }, [desk]);
  const copy = async (): Promise<void> => {
    try {
      await copyText(text);
      setCopied("copied");
    } catch {
      setCopied("failed");
      if (textRef.current !== null) getSelection()?.selectAllChildren(textRef.current);
    }
  };
  return (
    <Sheet name="diagnostics" title={sayDiagnostics("diagnostics.title")} onClosed={onClosed}>
      <p>{sayDiagnostics("diagnostics.words")}</p>
      <div class="form-end">
        <button
          type="button"
          class="primary"
          disabled={text === ""}
          data-testid="copy-diagnostics"
          onClick={() => void copy()}
        >
          {sayDiagnostics("diagnostics.copy")}
        </button>
        <output data-testid="diagnostics-said">
          {text === "" && `${sayDiagnostics("diagnostics.gathering")} …`}
          {copied !== "no" && sayDiagnostics(`diagnostics.${copied}`)}
        </output>
      </div>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be in a keyboard's reach
        tabIndex={0}
        ref={textRef}
        class="diagnostics-text"
        aria-label={sayDiagnostics("diagnostics.label")}
        data-testid="diagnostics-text"
      >
        {text}
      </pre>
    </Sheet>
  );
}
