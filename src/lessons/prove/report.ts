/** One thing that was tried in a step, and how it went. */
export interface Trial {
  /** Id of the step. */
  readonly step: string;
  /** What was tried: "set-up", "doing nothing", "wrong: with --mount-proc". */
  readonly name: string;
  /** Why it failed; undefined when it went as it should. */
  readonly failure: string | undefined;
  readonly milliseconds: number;
}

export interface ProofReport {
  /** Id of the lesson. */
  readonly lesson: string;
  readonly title: string;
  readonly trials: readonly Trial[];
  readonly milliseconds: number;
}
