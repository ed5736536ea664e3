import type { XapiStatement } from "../../protocol/embed.ts";

/** Of ADL's vocabulary, which course systems know. */
const COMPLETED = "http://adlnet.gov/expapi/verbs/completed";
const LESSON = "http://adlnet.gov/expapi/activities/lesson";

export interface CompletedLesson {
  /** Its address in Vivarium. */
  readonly address: string;
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** That somebody completed a lesson, as xAPI (IEEE 9274.1.1) says it. Nothing in it tells who. */
export function completedStatement({ address, title, language, time }: CompletedLesson): XapiStatement {
  return {
    actor: { objectType: "Agent", account: { homePage: new URL(address).origin, name: "anonymous" } },
    verb: { id: COMPLETED, display: { en: "completed" } },
    object: {
      objectType: "Activity",
      id: address,
      definition: { type: LESSON, name: { [language]: title } },
    },
    result: { completion: true },
    timestamp: new Date(time).toISOString(),
  };
}
