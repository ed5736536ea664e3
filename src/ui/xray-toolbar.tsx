import type { ComponentChildren, JSX } from "preact";
import { sayXrayPane } from "../i18n/index.ts";
import { XRAY_TABS } from "../state/index.ts";
import type { XrayState } from "./xray-state.ts";

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  readonly words: (name: Name) => string;
  readonly onChoose: (name: Name) => void;
}

/** A few buttons of which one is pressed. */
function Choice<Name extends string>(props: ChoiceProps<Name>): JSX.Element {
  return (
    <fieldset class="xray-choice">
      <legend class="spared">{props.label}</legend>
      {props.names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === props.chosen}
          data-testid={`xray-${name}`}
          onClick={() => props.onChoose(name)}
        >
          {props.words(name)}
        </button>
      ))}
    </fieldset>
  );
}

export interface ToolbarProps {
  readonly state: XrayState;
  /** What the page adds, at the end. */
  readonly controls: ComponentChildren;
  readonly onSave: (kind: "svg" | "png" | "json") => void;
}

export function XrayToolbar({ state, controls, onSave }: ToolbarProps): JSX.Element {
  const tab = state.tab.value;
  const { isLive } = state.history.value;
  return (
    <div class="xray-tools">
      <Choice
        label={sayXrayPane("xray.pane.view")}
        names={XRAY_TABS}
        chosen={tab}
        words={(name) => sayXrayPane(`xray.pane.${name}`)}
        onChoose={(chosen) => state.setTab(chosen)}
      />
      {tab === "picture" && (
        <>
          <Choice
            label={sayXrayPane("xray.pane.lens")}
            names={["namespaces", "cgroups"]}
            chosen={state.lens.value}
            words={(name) => sayXrayPane(`xray.pane.${name}`)}
            onChoose={(lens) => state.setLens(lens)}
          />
          <Choice
            label={sayXrayPane("xray.pane.seen")}
            names={["outside", "inside"]}
            chosen={state.seen.value}
            words={(name) => sayXrayPane(`xray.pane.${name}`)}
            onChoose={(seen) => state.setSeen(seen)}
          />
        </>
      )}
      <button
        type="button"
        class="quiet"
        data-testid="xray-live"
        onClick={() => (isLive ? state.pause() : state.goLive())}
      >
        {sayXrayPane(isLive ? "xray.pane.pause" : "xray.pane.live")}
      </button>
      <label class="xray-export">
        <span class="visually-hidden">{sayXrayPane("xray.pane.export")}</span>
        <select
          data-testid="xray-export"
          value=""
          onChange={(event) => {
            const kind = event.currentTarget.value;
            event.currentTarget.value = "";
            if (kind === "svg" || kind === "png" || kind === "json") onSave(kind);
          }}
        >
          <option value="">{sayXrayPane("xray.pane.export")} …</option>
          {tab === "picture" && <option value="svg">{sayXrayPane("xray.pane.export-svg")}</option>}
          {tab === "picture" && <option value="png">{sayXrayPane("xray.pane.export-png")}</option>}
          <option value="json">{sayXrayPane("xray.pane.export-json")}</option>
        </select>
      </label>
      {controls}
    </div>
  );
}
