import { deferred, throwIfAborted } from "../base/index.ts";
import type { Verdict } from "./judge.ts";
import { StepWatch, type StepWatchOptions } from "./step-watch.ts";

/**
 * Watches a step until its verdict is as wanted, or the time is up.
 * @returns The last verdict; where the check has not been judged yet, `waiting`.
 * @throws CodedError `aborted`
 */
export async function awaitVerdict(
  options: Omit<StepWatchOptions, "onChange">,
  isWanted: (verdict: Verdict, hints: readonly number[]) => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly verdict: Verdict; readonly hints: readonly number[] }> {
  throwIfAborted(signal);
  const over = deferred<void>();
  const watch = new StepWatch({
    ...options,
    onChange: () => {
      if (isWanted(watch.verdict, watch.hints)) over.resolve();
    },
  });
  const timer = options.clock.after(timeoutMs, () => over.resolve());
  const stop = (): void => over.resolve();
  signal.addEventListener("abort", stop, { once: true });
  // It does not wait for somebody to try.
  watch.noteAttempt();
  watch.start();
  await over.promise;
  signal.removeEventListener("abort", stop);
  timer.dispose();
  watch.dispose();
  throwIfAborted(signal);
  return { verdict: watch.verdict, hints: watch.hints };
}
