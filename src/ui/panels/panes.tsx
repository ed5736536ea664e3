import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { sayInLab, sayPanels } from "../../i18n/index.ts";
import type { Panel } from "../../state/index.ts";
import { useLab } from "../lab-context.ts";
import { useMedia } from "../use-media.ts";
import { WorkArea } from "../work-area.tsx";
import { PanelSwitch } from "./panel-switch.tsx";
import { trackOf } from "./rooms.ts";
import { Separator } from "./separator.tsx";
import { SidePanel } from "./side-panel.tsx";

/** Heights of letters up to which everything stands in one column. A frame is narrow more often, and has less in it. */
const ONE_COLUMN = { page: 56.25, frame: 47.5 };

interface PanesProps {
  readonly in: keyof typeof ONE_COLUMN;
  /** What stands beside the terminals; without it they are alone. */
  readonly side?: "lesson" | "settings";
  readonly note?: string;
  readonly children?: ComponentChildren;
}

/** What is below a page's head: the lesson, if there is one, and the machines' part, with separators in between. */
export function Panes({ in: place, side, note = "", children }: PanesProps): JSX.Element {
  const { panels, lesson } = useLab();
  const isColumn = useMedia(`(max-width: ${ONE_COLUMN[place]}em)`);
  useLayoutEffect(() => panels.setColumn(isColumn), [panels, isColumn]);
  const { shares, isLessonOpen } = panels.layout.value;
  const wanted = panels.front.value;
  const front: Panel = side === undefined && wanted === "lesson" ? "terminal" : wanted;
  const isCollapsed = !isColumn && !isLessonOpen;
  const isSideSeen = isColumn ? front === "lesson" : isLessonOpen;
  const isTerminalAlone = isColumn && front === "terminal";
  const kind = [
    "panes",
    isColumn ? "in-column" : "in-row",
    side === undefined ? "terminal-alone" : `with-${side}`,
    ...(isTerminalAlone ? ["only-terminal"] : []),
    ...(isCollapsed ? ["collapsed"] : []),
  ].join(" ");
  const style = {
    "--lesson": trackOf("lesson", shares.lesson),
    "--column": trackOf("column", shares.column),
  };
  return (
    <main class={kind} style={style} data-front={isColumn ? front : undefined}>
      {/* Its own title is out of sight then, and every page has one. */}
      {place === "page" && !isSideSeen && (
        <h1 class="visually-hidden">
          {lesson.value.kind === "open" ? lesson.value.lesson.title : sayInLab("free.title")}
        </h1>
      )}
      {isColumn && <PanelSwitch side={side} front={front} />}
      {side !== undefined && (
        <SidePanel
          side={side}
          isCollapsed={isCollapsed}
          isBehind={isColumn && front !== "lesson"}
          hasHead={!isColumn && place === "page"}
          note={note}
        >
          {children}
        </SidePanel>
      )}
      {isColumn && !isTerminalAlone && (
        <Separator share="column" axis="y" label={sayPanels("panels.move.column")} />
      )}
      {!isColumn && side !== undefined && !isCollapsed && (
        <Separator share="lesson" axis="x" label={sayPanels(`panels.move.${side}`)} />
      )}
      <WorkArea front={isColumn ? front : undefined} />
    </main>
  );
}
