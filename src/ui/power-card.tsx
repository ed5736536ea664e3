import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

/** A machine that a click switches on. */
export function PowerCard({ machine }: { readonly machine: string }): JSX.Element {
  const lab = useLab();
  const phase = lab.machines.find(({ name }) => name === machine)?.state.value.phase;
  const words = phase === "starting" ? "power.starting" : "power.is-on";
  return (
    <div class="command" data-testid="power">
      <pre>
        <code>{machine}</code>
      </pre>
      <div class="command-buttons">
        {phase === "unpowered" ? (
          <button
            type="button"
            class="command-button run"
            aria-label={sayInLab("power.on.label", { machine })}
            data-testid={`power-on-${machine}`}
            onClick={() => void lab.switchOn(machine)}
          >
            {sayInLab("power.on")}
          </button>
        ) : (
          <span class="command-where" aria-live="polite">
            {sayInLab(words, { machine })}
          </span>
        )}
      </div>
    </div>
  );
}
