import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

/** Back to where the step began; nothing where there is no way back. */
export function ResetButton(): JSX.Element | null {
  const lab = useLab();
  if (!lab.canReset.value) return null;
  return (
    <button type="button" class="primary" data-testid="fault-reset" onClick={() => void lab.resetStep()}>
      {sayInLab("step.reset")}
    </button>
  );
}

export function RestartButton({
  machine,
  isMain,
}: {
  /** The one whose terminal is in front if not given. */
  readonly machine?: string;
  readonly isMain: boolean;
}): JSX.Element {
  const lab = useLab();
  return (
    <button
      type="button"
      class={isMain ? "primary" : "quiet"}
      data-testid="fault-restart"
      onClick={() => void lab.restartMachine(machine)}
    >
      {sayInLab("fault.restart")}
    </button>
  );
}
