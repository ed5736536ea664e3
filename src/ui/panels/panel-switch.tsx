import type { JSX } from "preact";
import { sayInLab, sayPanels, sayXrayPane } from "../../i18n/index.ts";
import type { Panel } from "../../state/index.ts";
import { useLab } from "../lab-context.ts";

interface PanelSwitchProps {
  /** What stands beside the terminals, if anything does. */
  readonly side: "lesson" | "settings" | undefined;
  readonly front: Panel;
}

/** Where everything stands in one column: which panel is seen. All but the terminals leave these in sight below. */
export function PanelSwitch({ side, front }: PanelSwitchProps): JSX.Element {
  const lab = useLab();
  const { panels } = lab;
  const isXrayNew = lab.xray.open.value && !panels.isXrayShown.value;
  const all: readonly [Panel, string][] = [
    ...(side === undefined ? [] : [["lesson", sayPanels(`panels.${side}`)] as [Panel, string]]),
    ...(lab.man.isOpen.value ? [["manual", sayPanels("panels.manual")] as [Panel, string]] : []),
    ["xray", sayXrayPane("xray.open")],
    ["terminal", sayInLab("terminal.label")],
  ];
  return (
    <fieldset class="panel-switch">
      <legend class="visually-hidden">{sayPanels("panels.switch")}</legend>
      {all.map(([panel, words]) => (
        <button
          key={panel}
          type="button"
          aria-pressed={panel === front}
          data-testid={`panel-${panel}`}
          onClick={() => panels.show(panel)}
        >
          {words}
          {panel === "xray" && isXrayNew && (
            <span class="panel-news">
              <span class="visually-hidden">{sayPanels("panels.xray-open")}</span>
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
