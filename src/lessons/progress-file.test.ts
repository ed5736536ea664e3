import { describe, expect, it } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { emptyProgress, type LessonProgress, withAnswer, withDone } from "./progress.ts";
import { MOST_PROGRESS_FILE, readProgressFile, writeProgressFile } from "./progress-file.ts";

const LESSONS: readonly LessonProgress[] = [
  {
    ...withAnswer(withDone(emptyProgress("a/b", 2), "one"), "guess", [0, 2]),
    current: "two",
    kept: 1_700_000_000_000,
  },
  emptyProgress("a/c", 1),
];
const FILE = writeProgressFile(LESSONS, 1_700_000_000_000);

/** The file with something else in it. */
function changed(more: object): string {
  return JSON.stringify({ ...(JSON.parse(FILE) as object), ...more });
}

function withLesson(lesson: unknown): string {
  return changed({ lessons: [...LESSONS, lesson] });
}

describe("a file of progress", () => {
  it("says again what it was told", () => {
    expect(readProgressFile(FILE)).toEqual({ kind: "read", lessons: LESSONS });
    expect(JSON.parse(FILE)).toMatchObject({ schema: 1, saved: "2023-11-14T22:13:20.000Z" });
    expect(readProgressFile(`\uFEFF${FILE}`).kind).toBe("read");
  });

  it("may have lessons of the first schema", () => {
    const old = {
      schema: 1,
      lesson: "a/b",
      version: 1,
      current: "one",
      done: ["one"],
      answers: { guess: 1 },
    };
    expect(readProgressFile(changed({ lessons: [old] }))).toEqual({
      kind: "read",
      lessons: [{ ...old, schema: 2, measures: {} }],
    });
  });

  it.each([
    ["too-large", "x".repeat(MOST_PROGRESS_FILE + 1)],
    ["not-json", ""],
    ["not-json", "\u007fELF"],
    ["not-json", FILE.slice(0, -10)],
    ["not-ours", "null"],
    ["not-ours", "[]"],
    ["not-ours", '"vivarium-progress"'],
    ["not-ours", '{"format":"vivarium-xray","version":1,"machines":{}}'],
    ["newer", changed({ schema: 2 })],
    ["newer", changed({ schema: 2, lessons: "of a kind not known yet" })],
    ["newer", withLesson({ ...emptyProgress("a/d", 1), schema: 3 })],
    ["damaged", changed({ schema: "1" })],
    ["damaged", changed({ lessons: undefined })],
    ["damaged", changed({ lessons: {} })],
    ["damaged", changed({ lessons: Array.from({ length: 2001 }, () => LESSONS[0]) })],
  ])("is refused as %s", (reason, text) => {
    expect(readProgressFile(text)).toMatchObject({ kind: "refused", reason });
  });

  it.each([
    ["lesson 3", null],
    ["lesson 3: lesson", { ...emptyProgress("a/d", 1), lesson: 5 }],
    ["lesson 3: lesson", { ...emptyProgress("a/d", 1), lesson: "x".repeat(201) }],
    ["lesson 3: done.0", { ...emptyProgress("a/d", 1), done: [{}] }],
    ["lesson 3: done", { ...emptyProgress("a/d", 1), done: Array.from({ length: 1001 }, () => "x") }],
    ["lesson 3: answers.guess", { ...emptyProgress("a/d", 1), answers: { guess: { html: "<script>" } } }],
    ["lesson 3: answers.guess", { ...emptyProgress("a/d", 1), answers: { guess: "x".repeat(10_001) } }],
    ["lesson 3: kept", { ...emptyProgress("a/d", 1), kept: "yesterday" }],
  ])("says where it is damaged: %s", (where, lesson) => {
    const read = readProgressFile(withLesson(lesson));
    expect(read).toMatchObject({ kind: "refused", reason: "damaged" });
    expect(read).toMatchObject({ detail: expect.stringContaining(where) as string });
  });

  it("has numbers that can be written again", () => {
    const text = FILE.replaceAll('"version": 2', '"version": 1e999');
    expect(readProgressFile(text)).toMatchObject({ kind: "refused", reason: "damaged" });
  });

  it("has no way to the prototype of anything", () => {
    const text = `{"format":"vivarium-progress","schema":1,"lessons":[{"schema":2,"lesson":"__proto__","version":1,"done":[],"answers":{"__proto__":"x","constructor":1,"a":2},"__proto__":{"evil":1}}]}`;
    expect(readProgressFile(text)).toEqual({
      kind: "read",
      lessons: [{ ...emptyProgress("__proto__", 1), answers: { a: 2 } }],
    });
    expect("evil" in {}).toBe(false);
  });

  it("is read or refused, whatever became of its bytes", () => {
    const random = seeded(6);
    const pick = (most: number): number => Math.floor(random() * most);
    const kinds = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      let text = FILE;
      for (let edits = 1 + pick(4); edits > 0; edits--) {
        const at = pick(text.length);
        const piece =
          ['"', "{", "}", "[", "]", ",", "1e999", "null", "\u0000", "-1", "\ud800"][pick(11)] ?? "";
        text = text.slice(0, at) + piece + text.slice(at + pick(4));
      }
      const read = readProgressFile(text);
      kinds.add(read.kind === "read" ? "read" : read.reason);
      const lessons = read.kind === "read" ? read.lessons : [];
      // What was read can be written and read again.
      expect(readProgressFile(writeProgressFile(lessons, 0))).toEqual({ kind: "read", lessons });
    }
    expect([...kinds].toSorted()).toEqual(
      expect.arrayContaining(["damaged", "not-json", "not-ours", "read"]),
    );
  });
});
