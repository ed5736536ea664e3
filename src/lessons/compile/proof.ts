import { KEYS, type Lesson, type ProofSource, ProofSourceSchema } from "../index.ts";
import { nearestWord } from "./nearest-word.ts";
import { ProblemList } from "./problems.ts";
import { readYaml } from "./yaml-data.ts";

/**
 * Reads a lesson's `proof.yaml`.
 * @param text Undefined when the lesson has none.
 * @throws LessonError with everything that is wrong, also where it names what the lesson has not
 */
export function readProof(text: string | undefined, file: string, lesson: Lesson): ProofSource | undefined {
  if (text === undefined) return undefined;
  const problems = new ProblemList(file);
  const data = readYaml(text, { line: 1, column: 1 }, ProofSourceSchema, "the proof", problems);
  problems.throwIfAny();
  if (data === undefined) return undefined;
  const known = (
    kind: string,
    name: string | undefined,
    names: readonly string[],
    path: (string | number)[],
  ): void => {
    if (name === undefined || names.includes(name)) return;
    const near = nearestWord(name, names);
    problems.report(
      data.placeOf(path),
      `there is no ${kind} \`${name}\``,
      near === undefined ? `There are ${names.join(", ")}` : `Write \`${near}\``,
    );
  };
  const steps = lesson.steps.map(({ id }) => id);
  const machines = lesson.machines.map(({ name }) => name);
  const terminals = lesson.terminals.map(({ name }) => name);
  for (const [step, fixtures] of Object.entries(data.value.steps)) {
    known("step", step, steps, ["steps", step]);
    for (const kind of ["wrong", "broken", "hints"] as const)
      fixtures[kind].forEach((fixture, i) =>
        fixture.do.forEach((deed, j) => {
          const path = ["steps", step, kind, i, "do", j];
          if (typeof deed === "string") return;
          if ("script" in deed || "send" in deed) known("machine", deed.on, machines, path);
          else known("terminal", deed.in, terminals, path);
          if ("keys" in deed) known("key", deed.keys, Object.keys(KEYS), path);
        }),
      );
  }
  problems.throwIfAny();
  return data.value;
}
