import { describe, expect, it } from "vitest";
import { compileCourses } from "./courses.ts";
import { compileLesson, compileSource } from "./lesson.ts";
import { linksOf, lintLesson, type LintWorld } from "./lint.ts";
import { estimatedMinutes } from "./lint/minutes.ts";

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

const lint = (source: string, world: LintWorld = {}): string[] =>
  lintLesson(compileSource(source, "lesson.md"), world).map(
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
    lessons.flatMap((one) => lintLesson(one)),
  );
  expect(found.map(({ file, line, what, fix }) => `${file}:${line}: ${what}. ${fix}`)).toEqual([]);
});

it("a lesson's time is estimated by words, commands and questions", () => {
  const short = compileLesson(lesson("One."), "lesson.md");
  const long = compileLesson(lesson(`${"word ".repeat(160)}\n\n\`\`\`sh run\nls\n\`\`\``), "lesson.md");
  expect(estimatedMinutes(short)).toBeLessThan(0.1);
  expect(estimatedMinutes(long)).toBeCloseTo(1.3, 1);
});

describe("what leads nowhere", () => {
  const pages = (): ReadonlySet<string> => new Set(["unshare(1)", "unshare(2)", "mount(8)", "umount(2)"]);
  it.each([
    [
      "a page of another section",
      ":man[mount(2)]",
      /^12:1: .*no manual page mount\(2\)\. Write :man\[mount\(8\)\]/,
    ],
    ["a slip", ":man[unshar(1)]", /Write :man\[unshare\(1\)\]/],
    ["a page that is like none", ":man[uname(2)]", /Name a page that `man` has there/],
    [
      "a page in YAML",
      ":::check\nquery: {process: {comm: a}}\notherwise: See :man[x(1)].\n:::\n:::solution\n```sh run\na\n```\n:::",
      /^14:16: .*x\(1\)/m,
    ],
    ["an address without a host", "[x](https://)", /^12:5: `https:\/\/` is no address/],
    ["a host of one's own", "[x](https://localhost/a)", /nobody but you can reach `localhost`/],
    ["a fragment", "[x](#there)", /the page has no file `#there`/],
    ["a drawing that says nothing", '```drawing alt="boxes"\n+-+\n```', /^12:1: "boxes" does not tell/],
  ])("%s", (_name, body, message) => {
    expect(lint(lesson(body), { pages }).join("\n")).toMatch(message);
  });

  it("is not said of what is shown as code, or is there", () => {
    const body =
      "`:man[x(1)]` :man[unshare(2)] [x](https://en.example.org/a_(b)) `[x](./y)`\n\n```\n:man[x(1)]\n```";
    expect(lint(lesson(body), { pages })).toEqual([]);
  });

  it("links of the outside are listed with their places", () => {
    const source = lesson("See [x](https://en.example.org/a_(b)) and <https://b.example>.");
    expect(linksOf(compileSource(source, "lesson.md"))).toEqual([
      { file: "lesson.md", line: 12, column: 9, url: "https://en.example.org/a_(b)" },
      { file: "lesson.md", line: 12, column: 44, url: "https://b.example" },
    ]);
  });
});

it("waiting counts: a command that sleeps, and containers", () => {
  const minutes = (command: string): number =>
    estimatedMinutes(compileLesson(lesson(`\`\`\`sh run\n${command}\n\`\`\``), "lesson.md"));
  expect(minutes("sleep 60") - minutes("true")).toBeCloseTo(1);
  expect(minutes("sleep 60 &") - minutes("true")).toBeCloseTo(0);
  expect(minutes("podman run --rm alpine true")).toBeGreaterThan(minutes("true"));
});
