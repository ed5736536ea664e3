/** What stays of a run when its lesson takes another form: while it is being written, and its author looks at it. */
import type { Lesson, Step } from "./tree.ts";

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function preparation({ setup, body }: Step): unknown {
  return [setup, body.filter((block) => block.type === "file" && block.write === "start")];
}

/** Whether a step wants to find something else than before. */
export function beginsAnew(before: Step, now: Step): boolean {
  return !isEqual(preparation(before), preparation(now));
}

/** Whether what is looked for while a step is open is the same as before. */
export function sameWatch(before: Step, now: Step): boolean {
  const watched = ({ check, hints }: Step): unknown => [check, hints.map(({ when }) => when ?? null)];
  return isEqual(watched(before), watched(now));
}

/** The steps at whose beginning a guest is in another state than before: those behind the first that is done otherwise. */
export function unreached(before: Lesson, now: Lesson): string[] {
  const work = (step: Step | undefined): unknown =>
    step === undefined ? undefined : [step.id, preparation(step), step.solution];
  const first = now.steps.findIndex((step, i) => !isEqual(work(step), work(before.steps[i])));
  return first < 0 ? [] : now.steps.slice(first + 1).map(({ id }) => id);
}

/** The step of an id; where there is none any more, the nearest that stood before it; else the first. */
export function nearestStep(before: Lesson, now: Lesson, id: string | undefined): string | undefined {
  const there = new Set(now.steps.map((step) => step.id));
  const at = before.steps.findIndex((step) => step.id === id);
  const nearest = before.steps.slice(0, at + 1).findLast((step) => there.has(step.id));
  return nearest?.id ?? now.steps[0]?.id;
}
