import { KEYS, type Deed, type KeyName, type Lesson, type Step } from "../tree.ts";
import type { ProofSource } from "../source.ts";
import { textOf } from "../walk.ts";

/** A situation that a learner may get into, and what the learner is told then. */
export interface Fixture {
  readonly name: string;
  /** How many deeds of the solution come first. */
  readonly after: number;
  readonly deeds: readonly Deed[];
  /** Run by the agent, after the deeds. */
  readonly scripts: readonly { readonly script: string; readonly machine?: string | undefined }[];
  readonly says: string;
  /** Of a conditional hint: its index. */
  readonly hint?: number;
}

export interface StepFixtures {
  readonly nothing: string | undefined;
  readonly wrong: readonly Fixture[];
  readonly broken: readonly Fixture[];
  readonly hints: readonly Fixture[];
}

type FixtureSource = ProofSource["steps"][string]["wrong"][number];

function deedOf(source: FixtureSource["do"][number]): Deed | undefined {
  const typed = { language: "sh", solves: false } as const;
  if (typeof source === "string") return { type: "run", text: source, stays: false, ...typed };
  if ("keys" in source) {
    const keys = Object.keys(KEYS).find((name): name is KeyName => name === source.keys);
    if (keys === undefined) return undefined;
    return { type: "keys", keys, solves: false, stays: false, terminal: source.in };
  }
  if ("script" in source) return undefined;
  if ("send" in source)
    return { type: "signal", signal: source.send, to: source.to, machine: source.on, solves: false };
  return {
    type: "run",
    text: source.run,
    stays: source.stays,
    expect: source.expect,
    terminal: source.in,
    ...typed,
  };
}

function fixtureOf(source: FixtureSource, step: Step): Fixture {
  const { name, after, says } = source;
  // A text may stand in several hints; the conditional one is meant.
  const hint = step.hints.findIndex(
    ({ when, blocks }) =>
      when !== undefined &&
      blocks.some((block) => block.type === "paragraph" && textOf(block.children).includes(says)),
  );
  return {
    name,
    after,
    says,
    deeds: source.do.flatMap((one) => deedOf(one) ?? []),
    scripts: source.do.flatMap((one) =>
      typeof one === "object" && "script" in one ? [{ script: one.script, machine: one.on }] : [],
    ),
    ...(hint < 0 ? {} : { hint }),
  };
}

/** The fixtures of each step, by its id. */
export function fixturesOf(
  lesson: Lesson,
  proof: ProofSource | undefined,
): ReadonlyMap<string, StepFixtures> {
  return new Map(
    lesson.steps.map((step): [string, StepFixtures] => {
      const { nothing, wrong = [], broken = [], hints = [] } = proof?.steps[step.id] ?? {};
      const all = (sources: readonly FixtureSource[]): Fixture[] =>
        sources.map((one) => fixtureOf(one, step));
      return [step.id, { nothing, wrong: all(wrong), broken: all(broken), hints: all(hints) }];
    }),
  );
}
