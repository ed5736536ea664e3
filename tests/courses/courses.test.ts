/** Every lesson, proven on the real guest: what it says to do works, and what it calls wrong is called so. */
import { expect, test } from "vitest";
import { openBench, readLessons } from "../../src/cli/index.ts";
import { proveLesson, systemClock } from "../../src/lessons/index.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Those that take longest first, so that none is left for itself at the end. */
const LESSONS = readLessons(ROOT, []).toSorted(
  (a, b) => Number(b.lesson.profile !== "base") - Number(a.lesson.profile !== "base"),
);

// Each machine has a thread of its own: as many lessons at once as there are cores.
test.concurrent.each(LESSONS.map((one) => [one.lesson.id, one] as const))(
  "%s",
  async (_, { lesson, proof }) => {
    const { trials } = await proveLesson(lesson, proof, {
      open: (signal) => openBench(lesson, signal),
      clock: systemClock,
      signal: new AbortController().signal,
      // `npm run prove` does that too: it doubles the time.
      mutate: false,
    });
    const failed = trials.filter(({ failure }) => failure !== undefined);
    expect(failed.map(({ step, name, failure }) => `${step}: ${name}\n${failure ?? ""}`)).toEqual([]);
    expect(trials.length).toBeGreaterThan(2 * lesson.steps.length);
  },
);
