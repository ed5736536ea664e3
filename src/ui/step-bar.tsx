import { ArrowRight, Lightbulb, Play, RotateCcw, Square } from "lucide";
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { faultSentences, sayInLab } from "../i18n/index.ts";
import type { LessonRunState, Step, StepState } from "../state/index.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";
import { scrollTo } from "./scroll-to.ts";
import { VerdictLine } from "./verdict-line.tsx";

/** Brings the last sentences into sight. */
function showProven(): void {
  const proven = document.querySelector<HTMLElement>(".proven h2");
  if (proven === null) return;
  scrollTo(proven, "center");
  proven.focus({ preventScroll: true });
}

interface StepBarProps {
  readonly step: Step;
  readonly state: StepState;
  readonly run: LessonRunState;
  readonly next: string | undefined;
  /** Gives the next hint; undefined where none is left. */
  readonly onHint: (() => void) | undefined;
  readonly hasHints: boolean;
}

/** Has the solution typed, and stops that. */
function ShowMe(): JSX.Element {
  const lab = useLab();
  const isShowing = lab.activity.value.kind === "showing";
  return (
    <button
      type="button"
      class="quiet"
      title={sayInLab("step.show-me.title")}
      data-testid="show-me"
      disabled={!isShowing && !lab.canReset.value}
      onClick={() => (isShowing ? lab.stopShowing() : void lab.showMe())}
    >
      <Icon of={isShowing ? Square : Play} />
      {sayInLab(isShowing ? "step.stop" : "step.show-me")}
    </button>
  );
}

/** Goes on: to the next step, or to what was shown. A step that has no check is done by that. */
function Onward({ step, state, next }: Pick<StepBarProps, "step" | "state" | "next">): JSX.Element | null {
  const lab = useLab();
  const isThrough = state.done || step.check === undefined;
  if (next === undefined) {
    if (!isThrough) return null;
    const finish = (): void => {
      lab.acknowledgeStep();
      // They are drawn by then.
      requestAnimationFrame(showProven);
    };
    return (
      <button type="button" class="primary onward" data-testid="finish" onClick={finish}>
        {sayInLab("step.finish")}
      </button>
    );
  }
  return (
    <button
      type="button"
      class={isThrough ? "primary onward" : "quiet onward"}
      data-testid="next-step"
      onClick={() => {
        lab.acknowledgeStep();
        lab.openStep(next);
      }}
    >
      {sayInLab(isThrough ? "step.next" : "step.skip")}
      <Icon of={ArrowRight} />
    </button>
  );
}

/** Tells the panel how high its bar is, so that its end can be scrolled to above it. */
function useTellHeight(barRef: RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const bar = barRef.current;
    const scroller = bar?.closest<HTMLElement>(".lesson-scroll");
    if (bar === null || !scroller) return undefined;
    const tell = (): void => scroller.style.setProperty("--bar", `${bar.offsetHeight}px`);
    tell();
    const observer = new ResizeObserver(tell);
    observer.observe(bar);
    return () => observer.disconnect();
  }, [barRef]);
}

/** Stays in sight: whether the step holds, why not yet, what is being done meanwhile, and what helps. */
export function StepBar(props: StepBarProps): JSX.Element {
  const { step, state, run, next, onHint, hasHints } = props;
  const { activity, trouble } = run;
  const lab = useLab();
  const hasMachine = lab.machines.some(({ name }) => lab.isUp(name));
  const isReady = run.resettable || trouble !== undefined;
  const barRef = useRef<HTMLDivElement>(null);
  useTellHeight(barRef);
  return (
    <div class="step-bar" ref={barRef}>
      {/* What comes and goes stands here: the bar grows upward, away from its buttons. */}
      {trouble !== undefined && (
        <div class="note small" role="alert" data-testid="step-trouble">
          <p>{faultSentences(trouble.code)}</p>
          <details class="fault-details">
            <summary>{sayInLab("fault.details")}</summary>
            <code>{trouble.message.split("\n")[0]}</code>
          </details>
        </div>
      )}
      <VerdictLine step={step} state={state} hasMachine={hasMachine} activity={activity} isReady={isReady} />
      <div class="step-actions">
        {hasHints && (
          <button
            type="button"
            class="quiet"
            data-testid="ask-hint"
            disabled={onHint === undefined}
            onClick={onHint}
          >
            <Icon of={Lightbulb} />
            <span class="word spared">{sayInLab("step.hint")}</span>
          </button>
        )}
        {step.solution.length > 0 && <ShowMe />}
        <button
          type="button"
          class="quiet"
          disabled={!lab.canReset.value}
          title={sayInLab("step.reset.title")}
          data-testid="reset-step"
          onClick={() => void lab.resetStep()}
        >
          <Icon of={RotateCcw} />
          <span class="word spared">{sayInLab("step.reset")}</span>
        </button>
        <Onward step={step} state={state} next={next} />
      </div>
    </div>
  );
}
