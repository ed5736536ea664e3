import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { ResetButton, RestartButton } from "./recovery-buttons.tsx";
import { useLab } from "./lab-context.ts";

/** Says that the guest has hung, and the ways on. It goes when the guest answers again. */
export function GuestSilent(): JSX.Element {
  const lab = useLab();
  const { phase, guest } = lab.machine.value;
  const isSilent = phase === "running" && guest === "silent";
  return (
    <div class={isSilent ? "terminal-strip waiting" : ""} data-testid="guest-silent">
      <p aria-live="polite">
        {isSilent && (
          <>
            <strong>{sayInLab("silent.title")}</strong> {sayInLab("silent.words")}
          </>
        )}
      </p>
      {isSilent && (
        <div class="waiting-actions">
          <ResetButton />
          <RestartButton isMain={!lab.canReset.value} />
        </div>
      )}
    </div>
  );
}
