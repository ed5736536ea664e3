import type { JSX } from "preact";
import { sayInLab } from "../../i18n/index.ts";
import { useLab } from "../lab-context.ts";
import { MachineChip } from "./machine-chip.tsx";

interface MachineBarProps {
  /** Shown when they are not empty. */
  readonly profile: string;
  readonly kernel: string;
}

/** The machines of the page, each with its state and, behind it, all that can be done with it. */
export function MachineBar({ profile, kernel }: MachineBarProps): JSX.Element {
  const lab = useLab();
  const { machines } = lab;
  return (
    <div class="machine-bar" data-testid="machine-chip" data-phase={lab.machine.value.phase}>
      <ul class="machine-chips" aria-label={sayInLab("machine.all")}>
        {machines.map(({ name, state }) => (
          <li key={name}>
            <MachineChip
              name={name}
              phase={state.value.phase}
              isAlone={machines.length === 1}
              kernel={kernel}
            />
          </li>
        ))}
      </ul>
      {profile !== "" && (
        <p class="machine-profile" data-testid="profile">
          <span class="visually-hidden">{sayInLab("machine.profile")} </span>
          {profile}
        </p>
      )}
    </div>
  );
}
