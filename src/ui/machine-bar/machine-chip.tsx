import { ChevronDown } from "lucide";
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { sayBar, sayInLab } from "../../i18n/index.ts";
import type { MachineState } from "../../state/index.ts";
import { Icon } from "../icon.tsx";
import { MachinePanel } from "./machine-panel.tsx";

interface MachineChipProps {
  readonly name: string;
  readonly phase: MachineState["phase"];
  /** There are no others: its name tells nothing. */
  readonly isAlone: boolean;
  readonly kernel: string;
}

/** Room between the chip, the panel below it, and the edge of the page, in CSS pixels. */
const ROOM = 8;

/** Below the chip, and within the page. Where there is little room the style sheet puts it elsewhere. */
function place(panel: HTMLElement, chip: HTMLElement): void {
  const { left, bottom } = chip.getBoundingClientRect();
  const most = document.documentElement.clientWidth - panel.offsetWidth - ROOM;
  panel.style.setProperty("--panel-left", `${Math.max(ROOM, Math.min(left, most))}px`);
  panel.style.setProperty("--panel-top", `${bottom + ROOM}px`);
}

/** A machine's state; a press opens what else there is to it. */
export function MachineChip({ name, phase, isAlone, kernel }: MachineChipProps): JSX.Element {
  const id = useId();
  const chipRef = useRef<HTMLButtonElement>(null);
  const panelRef = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const words = sayInLab(`machine.phase.${phase}`);
  return (
    <>
      <button
        type="button"
        class={`machine-chip ${phase}`}
        ref={chipRef}
        popoverTarget={id}
        aria-expanded={isOpen}
        title={sayBar("bar.chip.title", { machine: name })}
        data-testid={`machine-chip-${name}`}
        data-phase={phase}
      >
        <span class="dot" aria-hidden="true" />
        {isAlone ? <span class="visually-hidden">{name}: </span> : <span class="chip-name">{name}</span>}
        <span class="chip-phase spared">{words}</span>
        <Icon of={ChevronDown} />
      </button>
      <dialog
        class="machine-panel"
        ref={panelRef}
        id={id}
        popover="auto"
        aria-label={`${sayBar("bar.machine")} ${name}`}
        data-testid={`machine-panel-${name}`}
        onToggle={(event) => {
          const isNow = event.newState === "open";
          setOpen(isNow);
          const chip = chipRef.current;
          if (isNow && chip !== null) place(event.currentTarget, chip);
        }}
      >
        {isOpen && (
          <MachinePanel name={name} kernel={kernel} onDone={() => panelRef.current?.hidePopover()} />
        )}
      </dialog>
    </>
  );
}
