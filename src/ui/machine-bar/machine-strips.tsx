import { Play } from "lucide";
import type { JSX } from "preact";
import { say } from "../../i18n/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { agoWords } from "./time-words.ts";

/** What is awaited of the machine whose terminal is in front, in words; empty when nothing is. */
function awaited(lab: ReturnType<typeof useLab>): string {
  const { machineDesk } = lab;
  const back = machineDesk.goingBack.value;
  const machine = lab.frontMachine.value;
  if (back.kind === "going" && back.machine === machine)
    return say("wait.going-back", { time: agoWords(back.agoMs) });
  if (back.kind === "failed" && back.machine === machine) return say("wait.back-failed");
  if (lab.resetting.value) return say("wait.resetting");
  const isUp = lab.machine.value.phase === "running";
  return isUp && machineDesk.joining.value.includes(machine) ? say("wait.joining", { machine }) : "";
}

/** Over the terminal: that its machine stands still, or what it is about to do. */
export function MachineStrips(): JSX.Element {
  const lab = useLab();
  const machine = lab.frontMachine.value;
  const isPaused = lab.machine.value.phase === "paused";
  const words = awaited(lab);
  return (
    <>
      <div class={isPaused ? "terminal-strip waiting" : ""} data-testid="machine-paused">
        <p aria-live="polite">
          {isPaused && (
            <>
              <strong>{say("wait.paused")}</strong> {say("wait.paused.words", { machine })}
            </>
          )}
        </p>
        {isPaused && (
          <div class="waiting-actions">
            <button
              type="button"
              class="primary"
              data-testid="paused-resume"
              onClick={() => void lab.machineDesk.resume(machine)}
            >
              <Icon of={Play} />
              {say("bar.resume")}
            </button>
          </div>
        )}
      </div>
      <div class={words === "" ? "" : "terminal-strip waiting"} data-testid="machine-wait">
        <p aria-live="polite">{words}</p>
      </div>
    </>
  );
}
