import { ArrowRight, Lightbulb, Play, RotateCcw, Square } from "lucide";
import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import type { Activity, Step, StepState } from "../state/index.ts";
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
  readonly activity: Activity;
  readonly next: string | undefined;
  /** Gives the next hint; undefined where none is left. */
  readonly onHint: (() => void) | undefined;
  readonly hasHints: boolean;
  /** Nothing is awaited any more before it can be worked on. */
  readonly isReady: boolean;
}

/** Has the solution typed, and stops that. */
function ShowMe(): JSX.Element {
  const lab = useLab();
  const isShowing = lab.activity.value.kind === "showing";
  return (
    <button
      type="button"
      class="quiet"
      title={say("step.show-me.title")}
      data-testid="show-me"
      disabled={!isShowing && !lab.canReset.value}
      onClick={() => (isShowing ? lab.stopShowing() : void lab.showMe())}
    >
      <Icon of={isShowing ? Square : Play} />
      {say(isShowing ? "step.stop" : "step.show-me")}
    </button>
  );
}

/** Goes on: to the next step, or to what was shown. */
function Onward({ state, next }: Pick<StepBarProps, "state" | "next">): JSX.Element | null {
  const lab = useLab();
  if (next === undefined) {
    if (!state.done) return null;
    return (
      <button type="button" class="primary onward" data-testid="finish" onClick={showProven}>
        {say("step.finish")}
      </button>
    );
  }
  return (
    <button
      type="button"
      class={state.done ? "primary onward" : "quiet onward"}
      data-testid="next-step"
      onClick={() => lab.openStep(next)}
    >
      {say(state.done ? "step.next" : "step.skip")}
      <Icon of={ArrowRight} />
    </button>
  );
}

/** Stays in sight: whether the step holds, why not yet, what is being done meanwhile, and what helps. */
export function StepBar(props: StepBarProps): JSX.Element {
  const { step, state, activity, next, onHint, hasHints, isReady } = props;
  const lab = useLab();
  const hasMachine = lab.machines.some(({ name }) => lab.isUp(name));
  return (
    <div class="step-bar">
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
            <span class="word">{say("step.hint")}</span>
          </button>
        )}
        {step.solution.length > 0 && <ShowMe />}
        <button
          type="button"
          class="quiet"
          disabled={!lab.canReset.value}
          title={say("step.reset.title")}
          data-testid="reset-step"
          onClick={() => void lab.resetStep()}
        >
          <Icon of={RotateCcw} />
          <span class="word">{say("step.reset")}</span>
        </button>
        <Onward state={state} next={next} />
      </div>
    </div>
  );
}
