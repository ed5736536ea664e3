/**
 * Ends the task that runs: the browser takes the clicks and draws the frame that wait, and goes on with the next. Where it knows
 * how to yield, what goes on is before what others have asked for meanwhile.
 */
export function turn(): Promise<void> {
  // Not every browser has it.
  const { scheduler } = globalThis as { readonly scheduler?: Partial<Scheduler> };
  if (scheduler?.yield !== undefined) return scheduler.yield();
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
