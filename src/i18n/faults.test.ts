import { describe, expect, test } from "vitest";
import { FAULT_CODES, faultSentences, faultWords } from "./faults.ts";

/** Words of ours, and of those who make computers: nothing that a learner could act upon. */
const JARGON =
  /\b(workers?|wasm|manifest|protocol|assets?|agent|guest|exceptions?|stack|null|undefined|time-?out|invalid|mismatch|arguments?|exec|errno|snapshots?|emulator|dispose[sd]?|abort(ed)?|corrupt|buffer|promise)\b|\w+\(\)|[a-z]+_[a-z]+|0x[0-9a-f]+/i;
const SENTENCES = /^[A-Z“][^.]*[^.\s](?:\. [A-Z“][^.]*)*\.$/;

describe.each(FAULT_CODES)("the words for %s", (code) => {
  test.each([true, false])(
    "say what happened, what was kept, and what to do; with a lesson: %s",
    (hasLesson) => {
      const { what, kept, next } = faultWords(code, hasLesson);
      for (const words of [what, kept, next]) expect(words).toMatch(SENTENCES);
      expect(new Set([what, kept, next]).size).toBe(3);
      expect(kept).toMatch(/kept|lost|runs on|thrown away/);
      expect(faultSentences(code, hasLesson)).toBe(`${what} ${kept} ${next}`);
    },
  );

  test("use no jargon, and do not name the code", () => {
    const all = faultSentences(code);
    expect(all).not.toMatch(JARGON);
    expect(all.includes("-") && all.includes(code)).toBe(false);
  });

  test("speak of no lesson where there is none", () => {
    expect(faultWords(code, false).kept).not.toMatch(/lesson/);
  });
});

test.each([
  ["reload", /[Rr]eload|Use a current/],
  ["restart", /[Ss]tart|Switch it on/],
  ["retry", /[Tt]ry|Open a new one|Look whether/],
] as const)("what to do names what the button beside it does: %s", (action, pattern) => {
  const nexts = FAULT_CODES.map((code) => faultWords(code)).filter((words) => words.action === action);
  expect(nexts.length).toBeGreaterThan(1);
  for (const { next } of nexts) expect(next).toMatch(pattern);
});
