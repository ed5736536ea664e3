import { Play } from "lucide";
import type { JSX } from "preact";
import { sayBar } from "../../i18n/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { agoWords } from "./time-words.ts";

/** What is awaited of the machine whose terminal is in front, in words; empty when nothing is. */
function awaited(lab: ReturnType<typeof useLab>): string {
  const { machineDesk } = lab;
  const back = machineDesk.goingBack.value;
  const machine = lab.frontMachine.value;
  if (back.kind === "going" && back.machine === machine)
    return sayBar("wait.going-back", { time: agoWords(back.agoMs) });
  if (back.kind === "failed" && back.machine === machine) return sayBar("wait.back-failed");
  if (lab.resetting.value) return sayBar("wait.resetting");
  const isUp = lab.machine.value.phase === "running";
  return isUp && machineDesk.joining.value.includes(machine) ? sayBar("wait.joining", { machine }) : "";
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
              <strong>{sayBar("wait.paused")}</strong> {sayBar("wait.paused.words", { machine })}
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
              {sayBar("bar.resume")}
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
