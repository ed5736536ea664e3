import { PanelLeftClose, PanelLeftOpen } from "lucide";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say, sayPanels } from "../../i18n/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { PanelButton } from "./panel-button.tsx";

interface SidePanelProps {
  readonly side: "lesson" | "settings";
  /** A narrow strip is left of it. */
  readonly isCollapsed: boolean;
  /** Another panel is seen in its place. */
  readonly isBehind: boolean;
  /** It has a head, in which it can be put away. */
  readonly hasHead: boolean;
  /** Something to know about the page; it has its own place and moves nothing. */
  readonly note: string;
  readonly children: ComponentChildren;
}

/** How far the lesson is, where it is not seen itself. */
function Standing(): JSX.Element | null {
  const lesson = useLab().lesson.value;
  if (lesson.kind !== "open") return null;
  const { steps } = lesson.lesson;
  const done = steps.filter(({ id }) => lesson.run.steps[id]?.done === true).length;
  return <span class="rail-standing">{say("lesson.progress", { done, total: steps.length })}</span>;
}

/** The lesson, or what stands in its place, beside the terminals. What is put away keeps all that was done in it. */
export function SidePanel(props: SidePanelProps): JSX.Element {
  const { side, isCollapsed, isBehind, hasHead, note, children } = props;
  const { panels } = useLab();
  const rootRef = useRef<HTMLDivElement>(null);
  const wasCollapsedRef = useRef(isCollapsed);
  const hadFocusRef = useRef(false);
  const name = sayPanels(`panels.${side}`);
  const turn = (isOpen: boolean): void => {
    hadFocusRef.current = true;
    panels.setLessonOpen(isOpen);
  };
  useEffect(() => {
    if (wasCollapsedRef.current === isCollapsed) return;
    wasCollapsedRef.current = isCollapsed;
    if (!hadFocusRef.current) return;
    hadFocusRef.current = false;
    // The button that was pressed is gone; the way back stands where it was.
    rootRef.current?.querySelector<HTMLElement>(isCollapsed ? ".rail" : ".panel-head button")?.focus();
  }, [isCollapsed]);
  return (
    <div
      ref={rootRef}
      class={isBehind ? "side-panel behind" : "side-panel"}
      inert={isBehind}
      data-testid="side-panel"
    >
      {isCollapsed && (
        <button
          type="button"
          class="rail"
          title={sayPanels("panels.open", { name })}
          aria-expanded={false}
          data-testid="open-lesson"
          onClick={() => turn(true)}
        >
          <Icon of={PanelLeftOpen} />
          <span class="rail-name">{name}</span>
          <Standing />
        </button>
      )}
      {!isCollapsed && (hasHead || note !== "") && (
        <header class="panel-head">
          <p class={note === "" ? "panel-name" : "panel-note"} aria-live="polite">
            {note === "" ? name : note}
          </p>
          {hasHead && (
            <PanelButton
              icon={PanelLeftClose}
              label={sayPanels("panels.collapse", { name })}
              testId="collapse-lesson"
              isExpanded
              onClick={() => turn(false)}
            />
          )}
        </header>
      )}
      <div class="lesson-scroll" hidden={isCollapsed}>
        {children}
      </div>
    </div>
  );
}
