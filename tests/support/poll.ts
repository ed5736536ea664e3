export interface PollOptions {
  /** How long the condition may take, in milliseconds; 30,000 by default: longer than a busy machine takes. */
  readonly timeout?: number;
  /** The pause between two looks, in milliseconds; 20 by default. */
  readonly interval?: number;
  /** What is waited for, for the error; the condition's source by default. */
  readonly what?: string;
}

/**
 * Looks again and again until `condition` gives something truthy, and gives that back. Tests wait with this and
 * never for a fixed time.
 *
 * @throws If the deadline passes: an error that says what was waited for and what was seen last. An exception of
 * `condition` counts as "not yet" and is the error's cause.
 */
export async function poll<T>(
  condition: () => T | Promise<T>,
  { timeout = 30_000, interval = 20, what = condition.toString() }: PollOptions = {},
): Promise<Exclude<T, false | null | undefined | 0 | "">> {
  const deadline = performance.now() + timeout;
  for (;;) {
    let seen: unknown;
    let cause: unknown;
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined | 0 | "">;
      seen = value;
    } catch (error) {
      cause = error;
      seen = "an exception";
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeout} ms for ${what}; last seen: ${String(seen)}`, { cause });
    }
    await new Promise<void>((done) => {
      setTimeout(done, interval);
    });
  }
}
