import { whyNot, holds, type Observation } from "../isolation/index.ts";
import type { Check, Inline } from "./tree.ts";

/** What a check says about an observation. */
export type Verdict =
  /** Nothing has been tried yet. */
  | { readonly kind: "waiting" }
  | { readonly kind: "holds" }
  | {
      readonly kind: "not-yet" | "broken";
      readonly reason: readonly Inline[];
      readonly detail: readonly Inline[];
    };

/** Text with code between backticks, as {@link whyNot} gives it, as inlines. */
function withCode(text: string): Inline[] {
  return text
    .split("`")
    .map((piece, i): Inline => (i % 2 === 1 ? { type: "code", text: piece } : { type: "text", text: piece }))
    .filter((piece) => piece.type !== "text" || piece.text !== "");
}

/**
 * Judges an observation. The author's sentence comes first, and the query's own explanation as detail.
 * @param prepared whether the check's `after` has held before
 */
export function judge(check: Check, observation: Observation, prepared: boolean): Verdict {
  if (prepared && holds(check.query, observation)) return { kind: "holds" };
  const unmet = !prepared && check.after !== undefined ? check.after : check.query;
  const detail = withCode(whyNot(unmet, observation));
  const broken = check.broken.find(({ when }) => holds(when, observation));
  if (broken !== undefined) return { kind: "broken", reason: broken.say, detail };
  const said = check.notYet.find(({ when }) => holds(when, observation))?.say;
  if (said !== undefined) return { kind: "not-yet", reason: said, detail };
  if (unmet === check.query && check.otherwise !== undefined) {
    return { kind: "not-yet", reason: check.otherwise, detail };
  }
  return { kind: "not-yet", reason: detail, detail: [] };
}
