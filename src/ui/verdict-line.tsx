import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { Activity, Step, StepState } from "../state/index.ts";
import { Inlines } from "./inlines.tsx";

/** What is being done in the guest, in words; a check says little of a world that is half made. */
function activityWords(activity: Activity): string | undefined {
  if (activity.kind === "none") return undefined;
  if (activity.kind === "going") return sayInLab("step.going", { at: activity.at + 1, to: activity.to + 1 });
  return sayInLab(`step.${activity.kind}`);
}

/** What is being done, else what the open step's check says. Announced politely when it changes. */
export function VerdictLine(props: {
  readonly step: Step;
  readonly state: StepState;
  readonly hasMachine: boolean;
  readonly activity: Activity;
  /** What the learner needs for it is there, and one can come back to its beginning. */
  readonly isReady: boolean;
}): JSX.Element {
  const { step, state, hasMachine, activity, isReady } = props;
  const { verdict, done } = state;
  const present = hasMachine ? verdict.kind : "waiting";
  const kind = done && present !== "broken" ? "holds" : present;
  const doing =
    activityWords(activity) ??
    (hasMachine && !isReady && kind === "waiting" ? sayInLab("step.getting-ready") : undefined);
  if (doing !== undefined) {
    return (
      <div
        class="verdict busy"
        aria-live="polite"
        data-testid="verdict"
        data-verdict={kind}
        data-live={verdict.kind}
      >
        <span class="verdict-mark" aria-hidden="true" />
        <p {...(activity.kind === "none" ? {} : { "data-testid": "activity" })}>{doing} …</p>
      </div>
    );
  }
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
            <strong>{sayInLab("verdict.holds")}</strong>{" "}
            {step.done !== undefined && <Inlines of={step.done} />}
            {verdict.kind !== "holds" && hasMachine && (
              <span class="verdict-detail">{sayInLab("verdict.was-done")}</span>
            )}
          </p>
        )}
        {kind === "waiting" && <p>{sayInLab(hasMachine ? "verdict.waiting" : "verdict.no-machine")}</p>}
        {(verdict.kind === "not-yet" || verdict.kind === "broken") && kind === verdict.kind && (
          <>
            <p>
              <strong>{sayInLab(verdict.kind === "broken" ? "verdict.broken" : "verdict.not-yet")}</strong>{" "}
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
