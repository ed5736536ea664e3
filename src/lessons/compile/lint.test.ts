import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileCourses } from "./courses.ts";
import { compileLesson } from "./lesson.ts";
import { estimatedMinutes, lintLesson } from "./lint.ts";

const root = new URL("../../..", import.meta.url).pathname;

const lesson = (body: string, minutes = 1): string => `---
id: course/lesson
version: 1
title: A title
summary: A summary.
minutes: ${minutes}
profile: base
topics: [namespaces]
language: en
---
::::step{#first title="First"}
${body}
::::
`;

const lint = (source: string): string[] =>
  lintLesson(compileLesson(source, "lesson.md"), source, "lesson.md").map(
    ({ line, column, what, fix }) => `${line}:${column}: ${what}. ${fix}`,
  );

describe("what compiles and could be better", () => {
  it.each([
    ["a term of the kernel's", "A name space is one.", /^12:3: "name space" is not .*Write namespace$/m],
    ["a signal", "Send sigkill to it.", /^12:6: "sigkill"/],
    ["a long step", "word ".repeat(230), /the step "First" has 230 words/],
    [
      "a check without hint, words and end",
      "```sh run solve\nls\n```\n:::check\nquery: {process: {comm: ls}}\n:::",
      /no hint[\s\S]*says nothing when it is done[\s\S]*no words of its own/,
    ],
  ])("%s", (_name, body, message) => {
    expect(lint(lesson(body)).join("\n")).toMatch(message);
  });

  it("minutes that are far off", () => {
    expect(lint(lesson("Short.", 30)).join("\n")).toMatch(/^6:1: `minutes: 30` is far from .*Write about 1$/);
  });

  it("code is left alone", () => {
    expect(lint(lesson("Run `kill -s sigkill`.\n\n```sh\nname space\n```"))).toEqual([]);
  });
});

it("our own lessons have nothing of the kind", () => {
  const found = compileCourses(`${root}courses`, root).flatMap(({ lessons }) =>
    lessons.flatMap((one) => lintLesson(one.lesson, readFileSync(one.file, "utf8"), one.lesson.id)),
  );
  expect(found.map(({ file, line, what, fix }) => `${file}:${line}: ${what}. ${fix}`)).toEqual([]);
});

it("a lesson's time is estimated by words, commands and questions", () => {
  const short = compileLesson(lesson("One."), "lesson.md");
  const long = compileLesson(lesson(`${"word ".repeat(160)}\n\n\`\`\`sh run\nls\n\`\`\``), "lesson.md");
  expect(estimatedMinutes(short)).toBeLessThan(0.1);
  expect(estimatedMinutes(long)).toBeCloseTo(1.3, 1);
});
