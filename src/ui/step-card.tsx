import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { faultSentences, say } from "../i18n/index.ts";
import type { Block, LessonRunState, Step, StepState } from "../state/index.ts";
import { Blocks } from "./blocks.tsx";
import { Listing } from "./command.tsx";
import { Inlines } from "./inlines.tsx";
import { copyText } from "./copy-text.ts";
import { useLab } from "./lab-context.ts";
import { mayFocus } from "./may-focus.ts";
import { scrollTo } from "./scroll-to.ts";
import { useMoment } from "./use-moment.ts";
import { VerdictLine } from "./verdict-line.tsx";

function AidBody(props: { readonly of: readonly Block[]; readonly onOpen?: () => void }): JSX.Element {
  return (
    <div
      class="aid-body"
      ref={(body) => {
        if (body?.parentElement instanceof HTMLDetailsElement)
          body.parentElement.ontoggle = () => props.onOpen?.();
      }}
    >
      <Blocks of={props.of} />
    </div>
  );
}

/** Hints: those that come by themselves, then one after the other for who asks, and what does the step. */
function Hints({ step, now }: { readonly step: Step; readonly now: readonly number[] }): JSX.Element {
  const lab = useLab();
  const [given, setGiven] = useState(1);
  const asked = step.hints.filter(({ when }) => when === undefined);
  const isShowing = lab.activity.value.kind === "showing";
  return (
    <>
      <div aria-live="polite">
        {step.hints.map(
          (hint, i) =>
            now.includes(i) && (
              <aside key={i} class="note" data-testid="hint-now">
                <Blocks of={hint.blocks} />
              </aside>
            ),
        )}
      </div>
      {asked.slice(0, given).map((hint, i) => (
        <details key={i} class="aid" data-testid="hint">
          <summary>{say(i === 0 ? "step.hint" : "step.another-hint")}</summary>
          <AidBody of={hint.blocks} onOpen={() => setGiven((before) => Math.max(before, i + 2))} />
        </details>
      ))}
      {step.solution.length > 0 && (
        <details class="aid" data-testid="solution">
          <summary>{say("step.solution")}</summary>
          <AidBody
            of={step.solution.map((deed) => (deed.type === "run" ? { ...deed, typed: false } : deed))}
          />
          <button
            type="button"
            class="quiet"
            data-testid="show-me"
            disabled={!isShowing && !lab.canReset.value}
            onClick={() => (isShowing ? lab.stopShowing() : void lab.showMe())}
          >
            {say(isShowing ? "step.stop" : "step.show-me")}
          </button>
        </details>
      )}
    </>
  );
}

/** Brings the last sentences into sight. */
function showProven(): void {
  const proven = document.querySelector<HTMLElement>(".proven h2");
  if (proven === null) return;
  scrollTo(proven, "center");
  proven.focus({ preventScroll: true });
}

/** What a step without instructions wants, and where it is to be seen. */
function Goal({ goal }: { readonly goal: NonNullable<Step["target"]>["goal"] }): JSX.Element {
  const { xray } = useLab();
  const isOpen = xray.open.value;
  return (
    <div class="note goal" data-testid="goal">
      <p>
        <strong>{say("step.goal")}</strong> <Inlines of={goal} />
      </p>
      <p class="small">
        {say(isOpen ? "step.goal.shown" : "step.goal.look")}{" "}
        {!isOpen && (
          <button type="button" class="quiet" data-testid="goal-xray" onClick={() => xray.setOpen(true)}>
            {say("step.goal.open")}
          </button>
        )}
      </p>
    </div>
  );
}

/** Where everything stands in one column, the X-ray is below the lesson. */
function showXrayPane(): void {
  const pane = document.querySelector(".xray-pane");
  if (pane !== null) scrollTo(pane, "start");
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
      title={say("step.link")}
      aria-label={say("step.link")}
      data-testid="step-link"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void copyText(link).then(setCopied, () => undefined);
      }}
    >
      <span aria-hidden="true">#</span>
      <output>{isCopied ? say("step.link.copied") : ""}</output>
    </a>
  );
}

/** One step of the list: a line, or all of it when it is the open one. */
export function StepCard({ step, number, state, run, isOpen, next, link }: StepCardProps): JSX.Element {
  const lab = useLab();
  const headingRef = useRef<HTMLHeadingElement>(null);
  const wasOpenRef = useRef(isOpen);
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
          {state.done && <span class="visually-hidden">({say("step.done")})</span>}
        </button>
      </li>
    );
  }
  const hasMachine = lab.machines.some(({ name }) => lab.isUp(name));
  const { activity, trouble } = run;
  return (
    <li class="step open" aria-current="step" data-testid={`step-${step.id}`} data-done={state.done}>
      <div class="step-head">
        <h3 ref={headingRef} tabIndex={-1}>
          {marker}
          {step.title}
          {state.done && <span class="visually-hidden">({say("step.done")})</span>}
        </h3>
        <StepLink link={link} />
      </div>
      <div class="prose">
        {lab.fresh.value && (
          <div class="note small">
            <p>{say("lesson.fresh")}</p>
            <button
              type="button"
              class="quiet"
              data-testid="catch-up"
              disabled={!run.startable || activity.kind !== "none"}
              onClick={() => void lab.goToStep(step.id)}
            >
              {say("lesson.catch-up")}
            </button>
          </div>
        )}
        {activity.kind !== "none" && activity.kind !== "resetting" && (
          <p class="quiet-line" aria-live="polite" data-testid="activity">
            {activity.kind === "going"
              ? say("step.going", { at: activity.at + 1, to: activity.to + 1 })
              : say(`step.${activity.kind}`)}{" "}
            …
          </p>
        )}
        {trouble !== undefined && (
          <div class="note small" role="alert" data-testid="step-trouble">
            <p>{faultSentences(trouble.code)}</p>
            <details class="fault-details">
              <summary>{say("fault.details")}</summary>
              <code>{trouble.message.split("\n")[0]}</code>
            </details>
          </div>
        )}
        {step.target !== undefined && <Goal goal={step.target.goal} />}
        {step.setup.some(({ shown }) => shown) && (
          <details class="aid">
            <summary>{say("step.set-up")}</summary>
            {step.setup.map(({ shown, script }, i) => shown && <Listing key={i} text={script} />)}
          </details>
        )}
        <Blocks of={step.body} resolved={state.done} />
        {state.done && <Blocks of={step.afterwards} resolved />}
      </div>
      <Hints step={step} now={run.hints} />
      {step.xray === true && lab.xray.open.value && (
        <button type="button" class="quiet to-xray" onClick={showXrayPane}>
          {say("step.to-xray")}
        </button>
      )}
      <div class="step-bar">
        <VerdictLine step={step} state={state} hasMachine={hasMachine} />
        <StepActions state={state} next={next} />
      </div>
    </li>
  );
}
