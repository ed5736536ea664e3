import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { Step, StepState } from "../state/index.ts";
import { Blocks } from "./blocks.tsx";
import { useLab } from "./lab-context.ts";
import { VerdictLine } from "./verdict-line.tsx";

function Hints({ step }: { readonly step: Step }): JSX.Element {
  const [given, setGiven] = useState(1);
  return (
    <>
      {step.hints.slice(0, given).map((hint, i) => (
        <details key={i} class="aid" data-testid="hint">
          <summary>{say(i === 0 ? "step.hint" : "step.another-hint")}</summary>
          <div
            class="aid-body"
            ref={(body) => {
              if (body?.parentElement instanceof HTMLDetailsElement) {
                body.parentElement.ontoggle = () => setGiven((before) => Math.max(before, i + 2));
              }
            }}
          >
            <Blocks of={hint} />
          </div>
        </details>
      ))}
      {step.solution.length > 0 && (
        <details class="aid" data-testid="solution">
          <summary>{say("step.solution")}</summary>
          <div class="aid-body">
            <Blocks of={step.solution} />
          </div>
        </details>
      )}
    </>
  );
}

/** Brings the last sentences into sight. */
function showProven(): void {
  const proven = document.querySelector<HTMLElement>(".proven h2");
  proven?.scrollIntoView({ block: "center" });
  proven?.focus({ preventScroll: true });
}

function StepActions(props: { readonly state: StepState; readonly next: string | undefined }): JSX.Element {
  const lab = useLab();
  const { state, next } = props;
  const isResetting = lab.resetting.value;
  const canReset = lab.canReset.value;
  return (
    <div class="step-actions">
      <button
        type="button"
        class="quiet"
        disabled={!canReset}
        title={say("step.reset.title")}
        data-testid="reset-step"
        onClick={() => void lab.resetStep()}
      >
        {say(isResetting ? "step.resetting" : "step.reset")}
      </button>
      {next === undefined && state.done && (
        <button type="button" class="primary" data-testid="finish" onClick={showProven}>
          {say("step.finish")}
        </button>
      )}
      {next !== undefined && (
        <button
          type="button"
          class={state.done ? "primary" : "quiet"}
          data-testid="next-step"
          onClick={() => lab.openStep(next)}
        >
          {say(state.done ? "step.next" : "step.skip")}
        </button>
      )}
    </div>
  );
}

export interface StepCardProps {
  readonly step: Step;
  readonly number: number;
  readonly state: StepState;
  readonly isOpen: boolean;
  readonly next: string | undefined;
}

/** One step of the list: a line, or all of it when it is the open one. */
export function StepCard({ step, number, state, isOpen, next }: StepCardProps): JSX.Element {
  const lab = useLab();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const wasOpenRef = useRef(isOpen);
  useEffect(() => {
    // Only a step that was opened by hand moves the page and the focus.
    if (isOpen && !wasOpenRef.current) {
      headingRef.current?.focus({ preventScroll: true });
      headingRef.current?.scrollIntoView({ block: "start" });
    }
    wasOpenRef.current = isOpen;
  }, [isOpen]);
  const marker = (
    <span class={state.done ? "marker done" : "marker"} aria-hidden="true">
      {state.done ? "✓" : number}
    </span>
  );
  if (!isOpen) {
    return (
      <li class="step closed" data-testid={`step-${step.id}`} data-done={state.done}>
        <button type="button" class="step-line" onClick={() => lab.openStep(step.id)}>
          {marker}
          <span>{step.title}</span>
          {state.done && <span class="visually-hidden">({say("step.done")})</span>}
        </button>
      </li>
    );
  }
  const { phase } = lab.machine.value;
  return (
    <li class="step open" aria-current="step" data-testid={`step-${step.id}`} data-done={state.done}>
      <h3 ref={headingRef} tabIndex={-1}>
        {marker}
        {step.title}
        {state.done && <span class="visually-hidden">({say("step.done")})</span>}
      </h3>
      <div class="prose">
        {lab.fresh.value && <p class="note small">{say("lesson.fresh")}</p>}
        <Blocks of={step.body} resolved={state.done} />
        {state.done && <Blocks of={step.afterwards} resolved />}
      </div>
      <Hints step={step} />
      <div class="step-bar">
        <VerdictLine step={step} state={state} hasMachine={phase === "running" || phase === "paused"} />
        <StepActions state={state} next={next} />
      </div>
    </li>
  );
}
