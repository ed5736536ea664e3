/** Why a query does not hold, in a sentence: the nearest miss, and what is missing in it. */
import type { Observation } from "./observation.ts";
import { holds, type Query, questionOf, unseen } from "./query.ts";

/** What is there that should not be. */
function stillThere(query: Query, observation: Observation): string {
  if ("not" in query) return whyNot(query.not, observation);
  if ("all" in query || "any" in query) {
    const parts = "all" in query ? query.all : query.any;
    const first = parts.find((one) => holds(one, observation));
    return first === undefined ? "" : stillThere(first, observation);
  }
  if ("kernel" in query) {
    if (query.kernel.panicked !== undefined) {
      return `The kernel has ${query.kernel.panicked ? "" : "not "}panicked.`;
    }
    return "The kernel's log says it.";
  }
  const names = questionOf(query)?.asked.names(observation) ?? "";
  return names === "" ? "There is none." : `Still there: ${names}.`;
}

/**
 * A sentence on why the query does not hold; the empty string when it holds. Code is between backticks.
 */
export function whyNot(query: Query, observation: Observation): string {
  if (holds(query, observation)) return "";
  if ("all" in query) {
    const failed = query.all.find((one) => !holds(one, observation));
    return failed === undefined ? "" : whyNot(failed, observation);
  }
  if ("any" in query) {
    // The first is the author's favourite.
    const [first] = query.any;
    return first === undefined ? "No way is given in which it could hold." : whyNot(first, observation);
  }
  if ("not" in query) return unseen(query, observation) ?? stillThere(query.not, observation);
  const question = questionOf(query);
  if (question === undefined) return "";
  const { asked, wanted } = question;
  if ("none" in query) return asked.unseen(observation) ?? `Still there: ${asked.names(observation)}.`;
  return asked.whyNot(observation, wanted);
}
