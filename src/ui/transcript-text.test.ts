import { describe, expect, it } from "vitest";
import type { Lesson, TranscriptState } from "../state/index.ts";
import { transcriptText } from "./transcript-text.ts";

const LESSON = { id: "a/b", title: "A lesson", version: 3 } as Lesson;
const NOW = new Date(2026, 0, 2, 3, 4, 5);
const at = NOW.getTime();
const printed = (terminal: string, lines: readonly string[], leftOut = 0) =>
  ({ kind: "printed", at, terminal, lines, leftOut }) as const;

const state = (more: Partial<TranscriptState>): TranscriptState => ({
  entries: [],
  isCut: false,
  terminals: ["terminal"],
  rests: new Map(),
  ...more,
});
const body = (more: Partial<TranscriptState>): string[] =>
  transcriptText(LESSON, state(more), NOW).split("\n").slice(4, -1);

describe("a transcript as text", () => {
  it("says what it is of", () => {
    expect(transcriptText(LESSON, state({}), NOW)).toBe(
      [
        "A lesson (a/b, version 3)",
        "Transcript of a lesson in Vivarium, saved on 2026-01-02 at 03:04:05",
        "Lines that begin with ── are the page's; all others stood in a terminal.",
        "",
        "",
      ].join("\n"),
    );
  });

  it("has what stood in the terminal, and the page's lines between", () => {
    expect(
      body({
        entries: [
          { kind: "news", at, news: { kind: "step", number: 1, title: "First" } },
          printed("terminal", ["$ less x"]),
          { kind: "full-screen", at, terminal: "terminal" },
          printed("terminal", ["$ ls", "a  b"]),
          { kind: "news", at, news: { kind: "not-yet", reason: "One line,\nand another." } },
          { kind: "news", at, news: { kind: "answer", question: "Which?", answer: "This" } },
        ],
        rests: new Map([["terminal", "$ sleep"]]),
        isCut: true,
      }),
    ).toEqual([
      "── What came before this was too much to be kept.",
      "── 03:04:05 Step 1: First",
      "$ less x",
      "[full-screen program]",
      "$ ls",
      "a  b",
      "── 03:04:05 Not yet. One line, and another.",
      "── 03:04:05 Which? — You said: This",
      "$ sleep",
    ]);
  });

  it("names terminals where there are several", () => {
    expect(
      body({
        entries: [printed("one", ["a"]), printed("one", ["b"]), printed("two", ["c"])],
        terminals: ["one", "two"],
        rests: new Map([["one", "$"]]),
      }),
    ).toEqual(["── Terminal one:", "a", "b", "── Terminal two:", "c", "── Terminal one:", "$"]);
  });

  it("says where lines are missing", () => {
    const lines = Array.from({ length: 1200 }, (_line, i) => String(i));
    const text = body({ entries: [printed("terminal", lines, 7)] });
    expect(text.slice(999, 1002)).toEqual(["999", "[7 lines left out]", "1000"]);
  });
});
