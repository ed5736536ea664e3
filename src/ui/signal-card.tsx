import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { faultSentences, sayInLab } from "../i18n/index.ts";
import { asCodedError, type ErrorCode, type SignalBlock, targetOf } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

type Sent =
  | { readonly kind: "none" | "nobody" }
  | { readonly kind: "failed"; readonly code: ErrorCode }
  | { readonly kind: "sent"; readonly to: readonly { readonly comm: string; readonly pid: number }[] };

/** A signal that a click sends from outside. */
export function SignalCard({ block }: { readonly block: SignalBlock }): JSX.Element {
  const lab = useLab();
  const [sent, setSent] = useState<Sent>({ kind: "none" });
  const [isBusy, setBusy] = useState(false);
  const signal = `SIG${block.signal}`;
  const target = targetOf(block);
  const send = async (): Promise<void> => {
    setBusy(true);
    setSent({ kind: "none" });
    try {
      const to = await lab.sendSignal(block);
      setSent(to.length === 0 ? { kind: "nobody" } : { kind: "sent", to });
    } catch (thrown) {
      setSent({ kind: "failed", code: asCodedError(thrown).code });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="signal-card" data-testid="signal">
      <div class="command">
        <p>
          <strong>{signal}</strong> {sayInLab("signal.to")} <code class="whole">{target}</code>,{" "}
          {sayInLab("signal.outside")}
        </p>
        <div class="command-buttons">
          <button
            type="button"
            class="command-button run"
            disabled={isBusy || lab.machine.value.phase !== "running"}
            aria-label={sayInLab("signal.send.label", { signal, target })}
            onClick={() => void send()}
          >
            {sayInLab("signal.send")}
          </button>
        </div>
      </div>
      <p class="command-note" aria-live="polite">
        {sent.kind === "sent" &&
          sayInLab("signal.sent", {
            signal,
            to: sent.to.map(({ comm, pid }) => `${comm} (${pid})`).join(", "),
          })}
        {sent.kind === "nobody" && sayInLab("signal.nobody", { target })}
        {sent.kind === "failed" && `${sayInLab("signal.failed")} ${faultSentences(sent.code)}`}
      </p>
    </div>
  );
}
