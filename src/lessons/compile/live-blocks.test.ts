/** What a lesson does by itself or from outside: typed lines, an opened X-ray, signals, a postcard. */
import { describe, expect, it } from "vitest";
import { compileLesson } from "./lesson.ts";
import { LessonError } from "./problems.ts";

const FRONT = `---
id: course/lesson
version: 1
title: A title
summary: A summary.
minutes: 5
profile: base
topics: [signals]
language: en
POSTCARD
---
`;

function lesson(body: string, { head = "", postcard = "" } = {}): string {
  return `${FRONT.replace("POSTCARD\n", postcard === "" ? "" : `${postcard}\n`)}
::::step{#first title="First"${head}}
${body}
::::
`;
}

function problemsOf(source: string): string {
  try {
    compileLesson(source, "lesson.md");
    return "";
  } catch (error) {
    if (error instanceof LessonError) return error.message;
    throw error;
  }
}

const RUN = "```sh run typed\nls\n```\n";
const signal = (yaml: string): string => `\`\`\`signal solve\n${yaml}\n\`\`\`\n`;

describe("a step", () => {
  it("opens the X-ray, has a line typed, and sends a signal", () => {
    const [first] = compileLesson(
      lesson(RUN + signal("send: KILL\nto: {comm: sleep, namespace: {pid: not-init}}"), { head: " xray" }),
      "lesson.md",
    ).steps;
    expect(first?.xray).toBe(true);
    expect(first?.body).toMatchObject([
      { type: "run", text: "ls", typed: true },
      { type: "signal", signal: "KILL", to: { comm: "sleep", namespace: { pid: "not-init" } }, solves: true },
    ]);
    expect(first?.solution).toMatchObject([{ type: "signal" }]);
  });

  it("does nothing of that where it does not say so", () => {
    const [first] = compileLesson(lesson("Text."), "lesson.md").steps;
    expect(first).not.toHaveProperty("xray");
  });

  it.each([
    ["two typed lines", RUN + RUN, /two lines of the step are `typed`/],
    ["`typed` where nothing is run", "```sh typed\nls\n```\n", /`typed` makes sense in a run block only/],
    [
      "a signal that there is not",
      signal("send: BOOM\nto: {comm: a}"),
      /must be one of HUP, INT, KILL, TERM, CONT, STOP/,
    ],
    ["a signal to nobody", signal("send: KILL"), /`to`/],
    ["a word that describes no process", signal("send: KILL\nto: {command: a}"), /command/],
    [
      "a machine that there is not",
      signal("on: machine-7\nsend: KILL\nto: {comm: a}"),
      /no machine `machine-7`/,
    ],
  ])("is refused with %s", (_, body, words) => expect(problemsOf(lesson(body))).toMatch(words));
});

describe("a postcard", () => {
  it("is of a step of the lesson", () => {
    const source = lesson("Text.", { postcard: "postcard: first" });
    expect(compileLesson(source, "lesson.md").postcard).toBe("first");
    expect(problemsOf(lesson("Text.", { postcard: "postcard: second" }))).toMatch(
      /of a step `second`, which the lesson has not\. Write `postcard:` with one of first/,
    );
  });
});
