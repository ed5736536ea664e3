import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { MachineState } from "../state/index.ts";

/** In a chip: what a machine that has no others beside it does now. */
export function PhaseWords({ phase }: Pick<MachineState, "phase">): JSX.Element {
  const name = sayInLab(`machine.phase.${phase}`);
  return (
    <>
      <span class="dot" aria-hidden="true" />
      <span class="visually-hidden">{sayInLab("machine.state", { phase: name })}</span>
      <span aria-hidden="true">{name}</span>
    </>
  );
}
