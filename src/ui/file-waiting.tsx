import type { JSX } from "preact";
import { faultWords, sayInLab } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

/**
 * Why the guest waits for a part of its file system, and a way to try at once. The place of the words is always there:
 * a live region that comes with its words is not read out.
 */
export function FileWaiting(): JSX.Element {
  const lab = useLab();
  const { phase, fileTrouble } = lab.machine.value;
  const isUp = phase === "running" || phase === "paused";
  const shown = isUp || phase === "starting" ? fileTrouble : undefined;
  const words = shown && faultWords(shown.error.code);
  return (
    <div class={shown === undefined ? "" : "terminal-strip waiting"} data-testid="file-waiting">
      <p aria-live="polite">
        {words !== undefined && (
          <>
            <strong>{sayInLab("waiting.title")}</strong> {words.what} {sayInLab("waiting.kept")} {words.next}
          </>
        )}
      </p>
      {shown !== undefined && (
        <div class="waiting-actions">
          {isUp && (
            <button type="button" class="primary" data-testid="retry-files" onClick={() => lab.retryFiles()}>
              {sayInLab("waiting.retry")}
            </button>
          )}
          <span class="waiting-attempts">{sayInLab("waiting.attempts", { attempts: shown.attempts })}</span>
        </div>
      )}
    </div>
  );
}
