import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import type { LessonRunState, Step, StepState } from "../state/index.ts";
import { Blocks } from "./blocks.tsx";
import { Listing } from "./command.tsx";
import { askedHints, Hints } from "./hints.tsx";
import { Inlines } from "./inlines.tsx";
import { copyText } from "./copy-text.ts";
import { useLab } from "./lab-context.ts";
import { mayFocus } from "./may-focus.ts";
import { scrollTo } from "./scroll-to.ts";
import { StepBar } from "./step-bar.tsx";
import { useMoment } from "./use-moment.ts";

/** What a step without instructions wants, and where it is to be seen. */
function Goal({ goal }: { readonly goal: NonNullable<Step["target"]>["goal"] }): JSX.Element {
  const { panels } = useLab();
  const isOpen = panels.isXrayShown.value;
  return (
    <div class="note goal" data-testid="goal">
      <p>
        <strong>{sayInLab("step.goal")}</strong> <Inlines of={goal} />
      </p>
      <p class="small">
        {sayInLab(isOpen ? "step.goal.shown" : "step.goal.look")}{" "}
        {!isOpen && (
          <button type="button" class="quiet" data-testid="goal-xray" onClick={() => panels.show("xray")}>
            {sayInLab("step.goal.open")}
          </button>
        )}
      </p>
    </div>
  );
}

export interface StepCardProps {
  readonly step: Step;
  readonly number: number;
  readonly state: StepState;
  readonly run: LessonRunState;
  readonly isOpen: boolean;
  readonly next: string | undefined;
  readonly link: string;
}

/** Copies the step's address; as a link it can be opened elsewhere, or dragged into a page. */
function StepLink({ link }: Pick<StepCardProps, "link">): JSX.Element {
  const [isCopied, setCopied] = useMoment();
  return (
    <a
      class="step-link"
      href={link}
      title={sayInLab("step.link")}
      aria-label={sayInLab("step.link")}
      data-testid="step-link"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void copyText(link).then(setCopied, () => undefined);
      }}
    >
      <span aria-hidden="true">#</span>
      <output>{isCopied ? sayInLab("step.link.copied") : ""}</output>
    </a>
  );
}

/** One step of the list: a line, or all of it when it is the open one. */
export function StepCard({ step, number, state, run, isOpen, next, link }: StepCardProps): JSX.Element {
  const lab = useLab();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const wasOpenRef = useRef(isOpen);
  const hintsRef = useRef<HTMLDivElement>(null);
  const [given, setGiven] = useState(0);
  useEffect(() => {
    // The button that asks for one stays in sight, the hint may not be.
    if (given > 0 && hintsRef.current !== null) scrollTo(hintsRef.current, "center");
  }, [given]);
  useEffect(() => {
    // Only a step that was opened by hand moves the page and the focus.
    const heading = headingRef.current;
    if (isOpen && !wasOpenRef.current && heading !== null) {
      // Going back and forth opens one too, and must not take what is typed away from the terminal.
      const isTyping = (document.activeElement?.closest("#terminal") ?? undefined) !== undefined;
      if (!isTyping && mayFocus()) heading.focus({ preventScroll: true });
      scrollTo(heading, "start");
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
          {state.done && <span class="visually-hidden">({sayInLab("step.done")})</span>}
        </button>
      </li>
    );
  }
  const { activity } = run;
  const hints = askedHints(step).length;
  const give = (count: number): void => setGiven((before) => Math.max(before, count));
  return (
    <li class="step open" aria-current="step" data-testid={`step-${step.id}`} data-done={state.done}>
      <div class="step-head">
        <h3 ref={headingRef} tabIndex={-1}>
          {marker}
          {step.title}
          {state.done && <span class="visually-hidden">({sayInLab("step.done")})</span>}
        </h3>
        <StepLink link={link} />
      </div>
      <div class="prose">
        {lab.fresh.value && (
          <div class="note small">
            <p>{sayInLab("lesson.fresh")}</p>
            <button
              type="button"
              class="quiet"
              data-testid="catch-up"
              disabled={!run.startable || activity.kind !== "none"}
              onClick={() => void lab.goToStep(step.id)}
            >
              {sayInLab("lesson.catch-up")}
            </button>
          </div>
        )}
        {step.target !== undefined && <Goal goal={step.target.goal} />}
        {step.setup.some(({ shown }) => shown) && (
          <details class="aid">
            <summary>{sayInLab("step.set-up")}</summary>
            {step.setup.map(({ shown, script }, i) => shown && <Listing key={i} text={script} />)}
          </details>
        )}
        <Blocks of={step.body} resolved={state.done} />
      </div>
      <div ref={hintsRef}>
        <Hints step={step} now={run.hints} given={given} onGiven={give} />
      </div>
      {state.done && step.afterwards.length > 0 && (
        <div class="prose afterwards">
          <Blocks of={step.afterwards} resolved />
        </div>
      )}
      {step.xray === true && lab.xray.open.value && lab.panels.isColumn.value && (
        <button type="button" class="quiet to-xray" onClick={() => lab.panels.show("xray")}>
          {sayInLab("step.to-xray")}
        </button>
      )}
      <StepBar
        step={step}
        state={state}
        run={run}
        next={next}
        hasHints={hints > 0}
        onHint={given < hints ? () => give(given + 1) : undefined}
      />
    </li>
  );
}
