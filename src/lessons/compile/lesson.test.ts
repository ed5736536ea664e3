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
user: root
topics: [namespaces]
language: en
---
`;

const CHECK = `:::check
query:
  process: {comm: sleep}
:::
`;

const SOLUTION = `:::solution
\`\`\`sh run
sleep 1000 &
\`\`\`
:::
`;

function step(body: string, head = '{#first title="First"}'): string {
  return `::::step${head}\n${body}\n::::\n`;
}

/** All that the compiler says about a lesson, one line each. */
function problemsOf(source: string): string[] {
  try {
    compileLesson(source, "lesson.md");
    return [];
  } catch (error) {
    if (error instanceof LessonError) return error.message.split("\n");
    throw error;
  }
}

describe("a good lesson", () => {
  const source = `${FRONT}
Intro with **bold**, \`code\`, :man[unshare(1)] and :key[Ctrl+D], at 12:30, pid:[4026531836].

${step(`Run it:

\`\`\`sh run
sleep 1000 &
\`\`\`

- one
- two

:::predict{#guess}
ask: What *now*?
choices:
  - text: This
  - text: That
    right: true
    because: It is so.
outcome: That happened.
:::

:::hint
Think.
:::

:::afterwards
It was so.
:::

${SOLUTION}
${CHECK}
:::done
Well done.
:::
`)}
:::proven
You have shown it.
:::
`;

  it("becomes a tree of plain data", () => {
    const lesson = compileLesson(source, "lesson.md");
    expect(lesson).toEqual(JSON.parse(JSON.stringify(lesson)));
    expect(lesson).toMatchObject({ id: "course/lesson", licence: "CC-BY-SA-4.0", aliases: [] });
    expect(lesson.proven).toHaveLength(1);
    const [first] = lesson.steps;
    expect(first?.body.map(({ type }) => type)).toEqual(["paragraph", "code", "list", "predict"]);
    expect(first?.body[1]).toEqual({ type: "code", language: "sh", text: "sleep 1000 &", use: "run" });
    expect(first?.hints).toHaveLength(1);
    expect(first?.afterwards).toHaveLength(1);
    expect(first?.check?.query).toEqual({ process: { comm: "sleep" } });
    expect(first?.done).toEqual([{ type: "text", text: "Well done." }]);
  });

  it("keeps manual pages, keys and what only looks like a directive", () => {
    const [intro] = compileLesson(source, "lesson.md").intro;
    expect(intro).toMatchObject({
      type: "paragraph",
      children: [
        { text: "Intro with " },
        { type: "strong" },
        { text: ", " },
        { type: "code", text: "code" },
        { text: ", " },
        { type: "man", page: "unshare", section: "1" },
        { text: " and " },
        { type: "key", text: "Ctrl+D" },
        { text: ", at 12:30, pid:[4026531836]." },
      ],
    });
  });

  it("is read with Windows line ends too", () => {
    expect(compileLesson(source.replaceAll("\n", "\r\n"), "lesson.md")).toEqual(
      compileLesson(source, "lesson.md"),
    );
  });
});

const good = step(CHECK + SOLUTION);

describe("a bad lesson is refused with its place and the remedy", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["no front matter", good, /^lesson\.md:1:1: the lesson has no front matter\. Begin the file with ---/],
    [
      "a missing field",
      FRONT.replace("minutes: 5\n", "") + good,
      /^lesson\.md:2:1: the front matter lacks `minutes`\. Add `minutes:`/,
    ],
    [
      "a misspelt field",
      FRONT.replace("summary:", "sumary:") + good,
      /^lesson\.md:5:1: the front matter knows no `sumary`\. Write `summary`/m,
    ],
    [
      "a value of the wrong kind",
      FRONT.replace("minutes: 5", "minutes: long") + good,
      /^lesson\.md:6:1: `minutes` of the front matter is "long"\. It must be a number/,
    ],
    [
      "an id with blanks",
      FRONT.replace("course/lesson", "My Lesson") + good,
      /:2:1: `id`.*It must be `course\/lesson`/,
    ],
    [
      "broken YAML",
      FRONT.replace("topics: [namespaces]", "topics: [a") + good,
      /^lesson\.md:\d+:\d+: .*no valid YAML/,
    ],
    [
      "HTML",
      `${FRONT}<b>bold</b> text\n\n${good}`,
      /:12:1: HTML has no place in a lesson \(<b>\)\. Use Markdown/,
    ],
    ["a script", `${FRONT}<script>alert(1)</script>\n\n${good}`, /:12:1: HTML has no place in a lesson/],
    [
      "a dangerous link",
      `${FRONT}[x](javascript:alert(1))\n\n${good}`,
      /:12:1: the link to javascript:.* is not safe/,
    ],
    ["an image", `${FRONT}![x](y.png)\n\n${good}`, /:12:1: images are not supported/],
    ["no step", `${FRONT}Prose.`, /the lesson has no step/],
    [
      "a step without an id",
      FRONT + step(CHECK + SOLUTION, '{title="First"}'),
      /:12:1: :::step has no id\. Write it as/,
    ],
    ["a step without a title", FRONT + step(CHECK + SOLUTION, "{#first}"), /:12:1: the step has no title/],
    ["two steps of one id", FRONT + good + good, /the id `first` is taken by line 12/],
    ["a check without solution", FRONT + step(CHECK), /:12:1: the step has a check but no solution/],
    ["two checks", FRONT + step(CHECK + CHECK + SOLUTION), /:17:1: the step has a second :::check/],
    [
      "a misspelt query word",
      FRONT + step(CHECK.replace("comm:", "com:") + SOLUTION),
      /:15:13: a query has no word `com`\. Write `comm`/,
    ],
    [
      "a query value that means nothing",
      FRONT + step(CHECK.replace("{comm: sleep}", "{namespace: {pid: mine}}") + SOLUTION),
      /:15:\d+: `query\.process\.namespace\.pid` of `:::check` is "mine"\. It must be \("init" \| "not-init"\)/,
    ],
    [
      "a check without a query",
      FRONT + step(`:::check\notherwise: x\n:::\n${SOLUTION}`),
      /`:::check` lacks `query`\. Add `query:`/,
    ],
    ["an unknown container", FRONT + step(`:::hnit\nx\n:::\n`), /:13:1: there is no :::hnit\. Write :::hint/],
    ["a hint outside a step", `${FRONT}:::hint\nx\n:::\n${good}`, /:12:1: :::hint may not stand here/],
    ["an unclosed container", `${FRONT}::::step{#first title="First"}\n:::hint\nx\n`, /is not closed/],
    ["an unknown use of a block", FRONT + step("```sh rnu\nls\n```"), /:13:1: a code block has no use `rnu`/],
    ["an empty run block", FRONT + step("```sh run\n```"), /:13:1: a run block is empty/],
    [
      "a run block of two lines",
      FRONT + step("```sh run\nls\nls\n```"),
      /:13:1: a run block has several lines/,
    ],
    [
      "a malformed manual page",
      `${FRONT}:man[unshare]\n\n${good}`,
      /:12:1: :man\[unshare\] names no manual page/,
    ],
    [
      "a quiz without a right answer",
      FRONT + step(":::quiz{#q}\nask: What?\nchoices:\n  - text: A\n  - text: B\n:::"),
      /:15:1: `choices` of `:::quiz` .*It must have a choice with `right: true`/,
    ],
    [
      "prose between steps",
      `${FRONT}${good}\nLost.\n`,
      /:\d+:1: this stands between steps, where nobody sees it/,
    ],
    ["a table of HTML comments", `${FRONT}<!-- note -->\n\n${good}`, /:12:1: HTML has no place in a lesson/],
  ];

  it.each(cases)("%s", (_name, source, message) => {
    expect(problemsOf(source).join("\n")).toMatch(message);
  });

  it("names everything that is wrong at once, in order", () => {
    const lines = problemsOf(`${FRONT.replace("profile: base", "profile: big")}<b>x</b>\n\n${step(CHECK)}`);
    expect(lines).toHaveLength(4);
    expect(lines.map((line) => Number(line.split(":")[1]))).toEqual([7, 12, 12, 14]);
  });

  it("a lesson of five megabytes is refused at once", () => {
    const started = performance.now();
    expect(problemsOf(FRONT + "a `b` *c*\n\n".repeat(500_000))).toEqual([
      expect.stringMatching(/longer than 1 MiB.*Split it/),
    ]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
