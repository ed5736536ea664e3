import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import type { Step, StepState } from "../state/index.ts";
import { Inlines } from "./inlines.tsx";

/** What the open step's check says. Announced politely when it changes. */
export function VerdictLine(props: {
  readonly step: Step;
  readonly state: StepState;
  readonly hasMachine: boolean;
}): JSX.Element {
  const { step, state, hasMachine } = props;
  const { verdict, done } = state;
  const present = hasMachine ? verdict.kind : "waiting";
  const kind = done && present !== "broken" ? "holds" : present;
  return (
    <div
      class={`verdict ${kind}`}
      aria-live="polite"
      data-testid="verdict"
      data-verdict={kind}
      data-live={verdict.kind}
    >
      <span class="verdict-mark" aria-hidden="true" />
      <div>
        {kind === "holds" && (
          <p>
            <strong>{say("verdict.holds")}</strong> {step.done !== undefined && <Inlines of={step.done} />}
            {verdict.kind !== "holds" && hasMachine && (
              <span class="verdict-detail">{say("verdict.was-done")}</span>
            )}
          </p>
        )}
        {kind === "waiting" && <p>{say(hasMachine ? "verdict.waiting" : "verdict.no-machine")}</p>}
        {(verdict.kind === "not-yet" || verdict.kind === "broken") && kind === verdict.kind && (
          <>
            <p>
              <strong>{say(verdict.kind === "broken" ? "verdict.broken" : "verdict.not-yet")}</strong>{" "}
              <Inlines of={verdict.reason} />
            </p>
            {verdict.detail.length > 0 && (
              <p class="verdict-detail">
                <Inlines of={verdict.detail} />
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
