import { effect } from "@preact/signals";
import { type Disposable, toDisposable } from "../base/index.ts";
import type { Lab } from "../state/index.ts";
import { stepOf } from "./route.ts";

/** What a place in the history keeps, where the address says nothing. It may be of another page, or of an older one. */
function keptStep(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null || !("step" in state)) return undefined;
  return typeof state.step === "string" ? state.step : undefined;
}

/**
 * Keeps the address at the open step, and the open step at the address: each step that is opened is a place in the
 * browser's history, and going back or forth opens the step of the place that one comes to. The first place keeps its
 * address, and a fragment that names no step of the lesson means nothing.
 */
export function followSteps(lab: Lab, addressOf: (step: string) => string): Disposable {
  /** The step of the present place. */
  let at: string | undefined;
  const stop = effect(() => {
    const lesson = lab.lesson.value;
    // On the way to a step those before are not opened to stay.
    if (lesson.kind !== "open" || lesson.run.activity.kind === "going") return;
    const { current } = lesson.run;
    if (current === at) return;
    if (at === undefined) history.replaceState({ step: current }, "");
    else history.pushState({ step: current }, "", addressOf(current));
    at = current;
  });
  const come = (): void => {
    const lesson = lab.lesson.peek();
    if (lesson.kind !== "open") return;
    const { steps } = lesson.lesson;
    const step = [stepOf(location.hash), keptStep(history.state)].find((one) =>
      steps.some(({ id }) => id === one),
    );
    if (step === undefined) return;
    at = step;
    lab.openStep(step);
  };
  addEventListener("popstate", come);
  addEventListener("hashchange", come);
  return toDisposable(() => {
    stop();
    removeEventListener("popstate", come);
    removeEventListener("hashchange", come);
  });
}
