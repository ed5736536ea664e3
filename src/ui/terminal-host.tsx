import { effect, untracked } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { TerminalView } from "../views/index.ts";
import { sayInLab } from "../i18n/index.ts";
import type { DeskTerminal } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { isLeaveKey } from "./leave-keys.ts";
import { mayFocus } from "./may-focus.ts";
import { usePageDesk } from "./page-desk.ts";
import { followLooks, terminalLooks } from "./terminal-looks.ts";

interface TerminalHostProps {
  readonly terminal: DeskTerminal;
  readonly isInFront: boolean;
  /** It can be seen; beside the one in front there may be another. */
  readonly isShown: boolean;
  /** A `grid-area`. */
  readonly area: string;
  /** Its past is shown again after a reload. */
  readonly keepsPast: boolean;
  /** The view, when it is there. */
  readonly onReady: (view: TerminalView) => void;
  readonly onSearchAsked: () => void;
  /** The learner wants the next terminal (1), or the one before (-1). */
  readonly onNextAsked: (which: 1 | -1) => void;
  readonly onLeave: () => void;
  readonly onRendererLost: () => void;
}

/** A learner who is reading or typing elsewhere is not disturbed; who has just asked for a terminal waits for it. */
function isWaiting(place: HTMLElement): boolean {
  const { activeElement } = document;
  if (activeElement === document.body || place.contains(activeElement)) return true;
  return (activeElement?.closest(".terminal-head") ?? undefined) !== undefined;
}

/** The place of the terminal; the view in it is made when its code has arrived and goes with this component. */
export function TerminalHost(props: TerminalHostProps): JSX.Element {
  const lab = useLab();
  const { settings } = usePageDesk();
  const hostRef = useRef<HTMLDivElement>(null);
  const latestRef = useRef(props);
  useEffect(() => {
    latestRef.current = props;
  });

  useEffect(() => {
    const place = hostRef.current;
    if (place === null) return undefined;
    let release: () => void = () => undefined;
    let isGone = false;
    const mount = async (): Promise<void> => {
      const { TerminalView } = await import("../views/index.ts");
      if (isGone) return;
      const made = new TerminalView(place, {
        looks: terminalLooks(settings.value.peek()),
        screenReader: settings.value.peek().screenReader,
        ...(latestRef.current.keepsPast ? { pastWords: sayInLab("terminal.past") } : {}),
        isLeaveKey,
        hasOthers: () => lab.terminals.length > 1,
        reader: lab.transcript.terminal(latestRef.current.terminal.name),
      });
      made.onEnter(() => lab.noteAttempt());
      made.onLeave(() => latestRef.current.onLeave());
      made.onSearchAsked(() => latestRef.current.onSearchAsked());
      made.onNextAsked((which) => latestRef.current.onNextAsked(which));
      made.onRendererLost(() => latestRef.current.onRendererLost());
      const unfollow = followLooks(made, settings);
      const unwatch = effect(() => {
        const { terminal } = latestRef.current;
        const state = terminal.state.value;
        if (state.kind === "open") {
          // Having the focus brings it to the front, which this must not follow: it would connect once more.
          untracked(() => {
            made.connect(state.end);
            if (mayFocus() && latestRef.current.isInFront && isWaiting(place)) made.focus();
          });
        } else {
          terminal.setSize(made.size.cols, made.size.rows);
          made.disconnect();
        }
      });
      release = () => {
        unwatch();
        unfollow();
        made.dispose();
      };
      latestRef.current.onReady(made);
    };
    void mount();
    return () => {
      isGone = true;
      release();
    };
  }, [lab, settings]);

  const { isInFront, isShown, area } = props;
  return (
    <div
      class={`terminal-host${isShown ? "" : " behind"}${isInFront ? " front" : ""}`}
      ref={hostRef}
      inert={!isShown}
      style={{ gridArea: area }}
      data-terminal={props.terminal.name}
      onFocusIn={() => {
        lab.bringToFront(props.terminal.name);
        lab.panels.openTerminal();
      }}
      {...(isInFront ? { id: "terminal", "data-testid": "terminal" } : {})}
    />
  );
}
