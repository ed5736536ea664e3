import { PanelBottom, PanelRight, X } from "lucide";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { sayPanels, sayXrayPane } from "../i18n/index.ts";
import type { Panel } from "../state/index.ts";
import { useBesideDesk } from "./beside-offers.ts";
import { useLab } from "./lab-context.ts";
import { ManPane } from "./man-pane.tsx";
import { PanelButton } from "./panels/panel-button.tsx";
import { letterScale, trackOf } from "./panels/rooms.ts";
import { Separator } from "./panels/separator.tsx";
import { useExtent } from "./panels/use-extent.ts";
import { TerminalPane } from "./terminal-pane.tsx";
import { XrayPane } from "./xray-pane.tsx";

/** CSS pixels, with usual letters, in which a terminal and a picture can stand beside each other; with less, one is below the other. */
const BESIDE = 820;

/** Where the X-ray stands, and out of the way with it. */
function XrayControls({ isRoomBeside }: { readonly isRoomBeside: boolean }): JSX.Element {
  const { panels, xray } = useLab();
  const isBelow = panels.layout.value.place === "below";
  return (
    <span class="panel-buttons">
      {isRoomBeside && (
        <PanelButton
          icon={isBelow ? PanelRight : PanelBottom}
          label={sayPanels(isBelow ? "panels.place.beside" : "panels.place.below")}
          testId="xray-place"
          onClick={() => panels.setPlace(isBelow ? "beside" : "below")}
        />
      )}
      <PanelButton
        icon={X}
        label={sayPanels("panels.collapse", { name: sayXrayPane("xray.open") })}
        testId="close-xray"
        onClick={() => {
          xray.setOpen(false);
          document.querySelector<HTMLElement>('[data-testid="open-xray"]')?.focus();
        }}
      />
    </span>
  );
}

/** The terminals, and what is open beside them. */
export function WorkArea({ front }: { readonly front: Panel | undefined }): JSX.Element {
  const { man, xray, panels } = useLab();
  const besideDesk = useBesideDesk();
  const rootRef = useRef<HTMLDivElement>(null);
  const { width } = useExtent(rootRef);
  const { shares, place, isTerminalOpen } = panels.layout.value;
  const isColumn = front !== undefined;
  const isMan = man.isOpen.value;
  const isXray = isColumn ? front === "xray" && xray.open.value : xray.open.value;
  const hasOthers = isMan || isXray;
  const isRoomBeside = !isColumn && width >= BESIDE * letterScale();
  const isBeside = isRoomBeside && place === "beside" && isTerminalOpen;
  const share = isBeside ? "beside" : "above";
  const kind = [
    "work",
    isBeside ? "others-beside" : "others-below",
    ...(hasOthers ? ["with-others"] : []),
    ...(isMan && isXray ? ["with-both"] : []),
    ...(isTerminalOpen || isColumn ? [] : ["terminal-closed"]),
  ].join(" ");
  const style = {
    "--terminal-share": trackOf(share, shares[share]),
    "--manual": trackOf("manual", shares.manual),
  };
  return (
    <div ref={rootRef} class={kind} style={style}>
      <TerminalPane canCollapse={hasOthers && !isColumn} />
      {hasOthers && !isColumn && isTerminalOpen && (
        <Separator
          key={share}
          share={share}
          axis={isBeside ? "x" : "y"}
          label={sayPanels("panels.move.terminal")}
        />
      )}
      {hasOthers && (
        <div class={isColumn && front !== "manual" && front !== "xray" ? "others behind" : "others"}>
          {isMan && <ManPane isBehind={isColumn && front !== "manual"} />}
          {isMan && isXray && !isColumn && (
            <Separator
              key={`manual-${share}`}
              share="manual"
              axis={isBeside ? "y" : "x"}
              label={sayPanels("panels.move.manual")}
            />
          )}
          {isXray && (
            <XrayPane
              state={xray}
              besideDesk={besideDesk}
              controls={!isColumn && <XrayControls isRoomBeside={isRoomBeside} />}
            />
          )}
        </div>
      )}
    </div>
  );
}
