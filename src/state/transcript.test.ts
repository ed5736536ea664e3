import { describe, expect, it } from "vitest";
import { KEPT_LINES, Transcript, type TranscriptEntry } from "./transcript.ts";

function open() {
  let time = 0;
  const transcript = new Transcript(() => time++);
  return { transcript, first: transcript.terminal("first"), second: transcript.terminal("second") };
}

function lines(entry: TranscriptEntry | undefined): readonly string[] {
  return entry?.kind === "printed" ? entry.lines : [];
}

describe("a transcript", () => {
  it("keeps what was printed in order, with what happened in between", () => {
    const { transcript, first, second } = open();
    first.line("$ a", 0);
    first.line("b", 0);
    second.line("$ c", 0);
    first.line("d", 0);
    transcript.tell({ kind: "resetting" });
    first.line("e", 0);
    first.rest("$ ");
    expect(transcript.state).toEqual({
      entries: [
        { kind: "printed", at: 0, terminal: "first", lines: ["$ a", "b"], leftOut: 0 },
        { kind: "printed", at: 1, terminal: "second", lines: ["$ c"], leftOut: 0 },
        { kind: "printed", at: 2, terminal: "first", lines: ["d"], leftOut: 0 },
        { kind: "news", at: 3, news: { kind: "resetting" } },
        { kind: "printed", at: 4, terminal: "first", lines: ["e"], leftOut: 0 },
      ],
      isCut: false,
      terminals: ["first", "second"],
      rests: new Map([["first", "$ "]]),
    });
  });

  it("has the last of what was drawn over, as far as that is known", () => {
    const { transcript, first } = open();
    first.line("a 0%", 0);
    first.line("b 0%", 0);
    first.line("a 100%", 2);
    first.line("b 100%", 1);
    first.line("of nobody knows what", 9);
    expect(lines(transcript.state.entries[0])).toEqual(["a 100%", "b 100%", "of nobody knows what"]);
  });

  it("keeps the beginning and the end of what never ends, and the next command whole", () => {
    const { transcript, first } = open();
    first.line("before", 0);
    transcript.attempt();
    for (let i = 0; i < 5000; i++) first.line(`y${i}`, 0);
    first.skipped(100_000);
    transcript.attempt();
    first.line("after", 0);
    const [before, flood, after] = transcript.state.entries;
    expect(lines(before)).toEqual(["before"]);
    expect(flood).toMatchObject({ leftOut: 5000 - 2 * KEPT_LINES + 100_000 });
    expect(lines(flood)[KEPT_LINES - 1]).toBe("y999");
    expect(lines(flood)[KEPT_LINES]).toBe("y4000");
    expect(lines(after)).toEqual(["after"]);
  });

  it("drops the oldest when it has become too much, and says so", () => {
    const { transcript, first } = open();
    for (let i = 0; i < 300; i++) {
      transcript.attempt();
      first.line(`${i} ${"x".repeat(8000)}`, 0);
    }
    const { entries, isCut } = transcript.state;
    expect(isCut).toBe(true);
    const kept = entries.flatMap((entry) => lines(entry));
    expect(kept.at(-1)).toMatch(/^299 /);
    const size = kept.join("\n").length;
    expect(size).toBeLessThan(1024 * 1024);
    expect(size).toBeGreaterThan(900 * 1024);
  });

  it("is bounded also within one command's lines, and when they are drawn over", () => {
    const { transcript, first } = open();
    for (let i = 0; i < 1500; i++) first.line("", 0);
    for (let i = 1500; i > 0; i--) first.line("x".repeat(4000), i);
    for (let i = 0; i < 20_000; i++) first.line("y".repeat(4000), 1);
    const { entries, isCut } = transcript.state;
    expect(isCut).toBe(true);
    expect(entries.flatMap((entry) => lines(entry)).join("\n").length).toBeLessThan(1024 * 1024);
  });

  it("gives what is so now: later lines do not change it", () => {
    const { transcript, first } = open();
    first.line("a", 0);
    const { entries } = transcript.state;
    first.line("b", 0);
    expect(lines(entries[0])).toEqual(["a"]);
  });
});
