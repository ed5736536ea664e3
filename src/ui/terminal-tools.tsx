import { Columns2, PanelTopClose, PanelTopOpen, Plus, Rows2 } from "lucide";
import type { JSX } from "preact";
import { sayInLab, sayPanels } from "../i18n/index.ts";
import type { SplitDirection } from "../state/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";
import { PanelButton } from "./panels/panel-button.tsx";

/** One more terminal; on which machine, where there are several. */
function AddTerminal(): JSX.Element {
  const lab = useLab();
  if (lab.machines.length === 1)
    return (
      <PanelButton
        icon={Plus}
        label={sayPanels("terminal.add")}
        testId="add-terminal"
        onClick={() => lab.addTerminal()}
      />
    );
  return (
    <label class="panel-button" title={sayPanels("terminal.add")}>
      <Icon of={Plus} />
      <span class="visually-hidden">{sayPanels("terminal.add.on")}</span>
      <select
        data-testid="add-terminal"
        value=""
        onChange={(event) => {
          const machine = event.currentTarget.value;
          event.currentTarget.value = "";
          if (machine !== "") lab.addTerminal(machine);
        }}
      >
        <option value="" disabled>
          {sayPanels("terminal.add.on")} …
        </option>
        {lab.machines.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const SPLITS = [
  { direction: "beside", icon: Columns2, label: "terminal.split.beside" },
  { direction: "below", icon: Rows2, label: "terminal.split.below" },
] as const satisfies readonly { direction: SplitDirection; icon: unknown; label: string }[];

interface TerminalToolsProps {
  /** Something else can have its room. */
  readonly canCollapse: boolean;
}

/** Beside the tabs: more terminals, two of them in sight, or none. */
export function TerminalTools({ canCollapse }: TerminalToolsProps): JSX.Element {
  const lab = useLab();
  const { panels } = lab;
  const { shown, direction: now } = lab.terminalPanes.value;
  const { isTerminalOpen } = panels.layout.value;
  return (
    <span class="panel-buttons">
      <AddTerminal />
      {SPLITS.map(({ direction, icon, label }) => {
        const isPressed = shown.length > 1 && direction === now;
        return (
          <PanelButton
            key={direction}
            icon={icon}
            label={sayPanels(isPressed ? "terminal.split.join" : label)}
            testId={`split-${direction}`}
            isPressed={isPressed}
            onClick={() => {
              if (isPressed) lab.joinTerminals();
              else lab.splitTerminals(direction);
              panels.openTerminal();
              // A new one in front takes the focus when it is drawn; until then that place is the old one's.
              if (shown.length > 1) focusTerminal();
            }}
          />
        );
      })}
      {canCollapse && (
        <PanelButton
          icon={isTerminalOpen ? PanelTopClose : PanelTopOpen}
          label={sayPanels(isTerminalOpen ? "panels.collapse" : "panels.open", {
            name: sayInLab("terminal.label"),
          })}
          testId="collapse-terminal"
          isExpanded={isTerminalOpen}
          onClick={() => panels.setTerminalOpen(!isTerminalOpen)}
        />
      )}
    </span>
  );
}
