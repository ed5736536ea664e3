import { describe, expect, it } from "vitest";
import type { Lesson } from "../index.ts";
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
    expect(first?.body.map(({ type }) => type)).toEqual(["paragraph", "run", "list", "predict"]);
    expect(first?.body[1]).toEqual({
      type: "run",
      language: "sh",
      text: "sleep 1000 &",
      solves: false,
      stays: false,
    });
    expect(first?.solution).toMatchObject([{ text: "sleep 1000 &", solves: true }]);
    expect(first?.hints).toHaveLength(1);
    expect(first?.afterwards).toHaveLength(1);
    expect(first?.check?.needs).toEqual([{ query: { process: { comm: "sleep" } } }]);
    expect(lesson.terminals).toEqual([{ name: "terminal", machine: "machine-1", user: "root" }]);
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

  it("keeps the section of a manual page, written over two lines too", () => {
    const text = ':man[pid_namespaces(7)]{section="The namespace\n init process"}';
    const [intro] = compileLesson(`${FRONT}${text}\n\n${good}`, "lesson.md").intro;
    expect(intro).toEqual({
      type: "paragraph",
      children: [
        { type: "man", page: "pid_namespaces", section: "7", heading: "The namespace init process" },
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
      "an alias that leads into itself",
      FRONT.replace("topics: [namespaces]", "topics: &a [*a, *a]") + good,
      /^lesson\.md:9:13: the front matter has an alias, \*a\. Write it out/,
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
    ["two checks", FRONT + step(CHECK + CHECK + SOLUTION), /:17:1: the step has a second check/],
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
      /:13:1: :::check asks for nothing\. Write a `query:`/,
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
      "an option for a manual page",
      `${FRONT}:man[-f(1)]\n\n${good}`,
      /:12:1: :man\[-f\(1\)\] names no manual page/,
    ],
    [
      "a section of a manual page that is empty",
      `${FRONT}:man[unshare(1)]{section}\n\n${good}`,
      /:12:1: the section of :man\[unshare\(1\)\] is not a heading\. .*section="DESCRIPTION"/,
    ],
    [
      "a section of a manual page by another word",
      `${FRONT}:man[unshare(1)]{heading="NAME"}\n\n${good}`,
      /:12:1: :man\[unshare\(1\)\] has no `heading`\. .*section="DESCRIPTION"/,
    ],
    [
      "a quiz without a right answer",
      FRONT + step(":::quiz{#q}\nask: What?\nchoices:\n  - text: A\n  - text: B\n:::"),
      /:15:1: `choices` of `:::quiz` .*It must have a choice with `right: true`/,
    ],
    [
      "a quiz whose wrong choice is not explained",
      FRONT + step(":::quiz{#q}\nask: What?\nchoices:\n  - text: A\n    right: true\n  - text: B\n:::"),
      /:15:1: `choices` of `:::quiz` .*It must say `because:` of each wrong choice/,
    ],
    [
      "an answer that is typed without a word for others",
      FRONT + step(":::quiz{#q}\nask: What?\naccept: [a]\n:::"),
      /`:::quiz` lacks `otherwise`\. Add `otherwise:`/,
    ],
    [
      "a claim that fits nothing at all",
      FRONT + step("```sh run expect=/a*/\nls\n```"),
      /:13:1: expect=\/a\*\/ fits an empty output too/,
    ],
    [
      "a claim that is no regular expression",
      FRONT + step("```sh run expect=/(/\nls\n```"),
      /:13:1: expect=\/\(\/ is no regular expression/,
    ],
    [
      "a terminal that is not there",
      FRONT + step("```sh run in=lerner\nls\n```"),
      /:13:1: the lesson has no terminal `lerner`\. The front matter names terminal/,
    ],
    [
      "a machine that is not there",
      FRONT + step(":::setup\n```sh on=machine-2\nls\n```\n:::"),
      /:14:1: the lesson has no machine `machine-2`\. Write `machine-1`/,
    ],
    [
      "a terminal on a machine that is not there",
      FRONT.replace("user: root", "terminals: [{name: a, machine: machine-7}]") + good,
      /:8:\d+: there is no machine `machine-7`\. `machines` names machine-1/,
    ],
    [
      "an open quote",
      FRONT + step("```sh run\necho 'a\n```"),
      /:13:1: the command has a ' that is not closed/,
    ],
    ["half a pipe", FRONT + step("```sh run\nls |\n```"), /:13:1: the command goes on after its end/],
    ["unknown keys", FRONT + step("```keys\nCtrl+Q\n```"), /:13:1: there are no keys `Ctrl\+Q`/],
    [
      "a file without an absolute path",
      FRONT + step("```yaml file=a.yaml\nx\n```"),
      /:13:1: `a\.yaml` is no absolute path/,
    ],
    [
      "a drawing without words",
      FRONT + step("```drawing\n+--+\n```"),
      /:13:1: the drawing has no words for who cannot see it/,
    ],
    [
      "a solution told twice",
      FRONT + step("```sh run solve\nls\n```\n" + CHECK + SOLUTION),
      /:12:1: the step's solution is told twice/,
    ],
    [
      "an include that is not there",
      `${FRONT}::include{file="gone.md"}\n\n${good}`,
      /:12:1: there is no file `gone\.md` to include/,
    ],
    [
      "a variable that is not there",
      `${FRONT.replace("language: en", "language: en\nvariables: {limit: 16M}")}{{limti}}\n\n${good}`,
      /:13:1: there is no variable `limti`\. Write \{\{limit\}\}/,
    ],
    [
      "prose between steps",
      `${FRONT}${good}\nLost.\n`,
      /:\d+:1: this stands between steps, where nobody sees it/,
    ],
    [
      "a script in a sentence of YAML",
      FRONT + step(CHECK + SOLUTION).replace("query:", 'otherwise: "<script>alert(1)</script>"\nquery:'),
      /:14:1: this must be one paragraph/,
    ],
    [
      "brackets without end",
      FRONT + step(`:::check\nquery: ${"[".repeat(3000)}\n:::\n${SOLUTION}`),
      /:14:1: `:::check` is nested too deeply\. Write it flatter/,
    ],
    [
      "a query in a query in a query, and so on",
      FRONT +
        step(
          CHECK.replace("process:", `${"not: {".repeat(35)}process:`).replace(
            "sleep}",
            `sleep}${"}".repeat(35)}`,
          ) + SOLUTION,
        ),
      /:14:1: `query` of `:::check` is Object\. It must not be nested deeper than 32 levels/,
    ],
    [
      "a word that objects inherit",
      FRONT + step(CHECK.replace("comm: sleep", "constructor: sleep") + SOLUTION),
      /:15:13: a query has no word `constructor`/,
    ],
    [
      "a line without end",
      `${FRONT}${"x".repeat(5000)}\n\n${good}`,
      /:12:1: the line is longer than 4096 characters/,
    ],
    [
      "a paragraph without end",
      FRONT + `${"y ".repeat(500)}\n`.repeat(10) + good,
      /8192 characters stand here without an empty line\. Make it several/,
    ],
    ["containers without end", FRONT + ":::note\n".repeat(20), /:20:1: 8 containers are open already/],
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
    expect(problemsOf(FRONT + "a `b` *c*\n\n".repeat(500_000))).toEqual([
      expect.stringMatching(/longer than 256 KiB.*Split it/),
    ]);
  });
});

describe("what a step may hold", () => {
  const lesson = (body: string, front = FRONT): Lesson => compileLesson(front + step(body), "lesson.md");

  it("commands with claims, keys, files, drawings, in named terminals", () => {
    const front = FRONT.replace(
      "user: root",
      "machines: [{name: machine-1}, {name: machine-2, memory: 96, segment: 2, power: off}]\n" +
        "terminals: [{name: one}, {name: two, machine: machine-2, user: learner}]",
    );
    const { steps, machines, terminals } = lesson(
      [
        "```sh run solve in=two expect=/^a \\/ b$/\nid -un\n```",
        "```keys in=two stays\nctrl+c\n```",
        "```power-on solve\nmachine-2\n```",
        "```yaml file=/root/a.yaml mode=600 on=machine-2 write=start\na: 1\n```",
        '```drawing alt="a box"\n+-+\n```',
        CHECK,
      ].join("\n"),
      front,
    );
    expect(machines).toEqual([
      { name: "machine-1", segment: 1, power: "on" },
      { name: "machine-2", memory: 96, segment: 2, power: "off" },
    ]);
    expect(terminals).toEqual([
      { name: "one", machine: "machine-1", user: "root" },
      { name: "two", machine: "machine-2", user: "learner" },
    ]);
    expect(steps[0]?.body).toMatchObject([
      { type: "run", terminal: "two", solves: true, expect: "^a \\/ b$" },
      { type: "keys", keys: "Ctrl+C", terminal: "two", stays: true },
      { type: "power", machine: "machine-2", solves: true },
      {
        type: "file",
        path: "/root/a.yaml",
        text: "a: 1\n",
        mode: 0o600,
        machine: "machine-2",
        write: "start",
      },
      { type: "drawing", text: "+-+", alternative: "a box" },
    ]);
    expect(steps[0]?.solution).toMatchObject([{ text: "id -un" }, { type: "power" }]);
  });

  it("hints that come by themselves, set-ups, targets, checks of several machines and by commands", () => {
    const front = FRONT.replace("user: root", "machines: [{name: machine-1}, {name: machine-2}]");
    const { steps } = lesson(
      [
        ":::setup{shown}\n```sh on=machine-2\ntrue\ntrue\n```\n:::",
        ":::hint\n```when\nquery: {process: {comm: cat}}\n```\nThat is a cat.\n:::",
        ":::target\ngoal: Make *two*.\nquery: {process: {comm: sleep}}",
        "and: [{on: machine-2, query: {process: {comm: vi}}}]",
        "commands: [{on: machine-2, run: test -e /x, user: learner, say: There is no `/x`.}]\n:::",
        SOLUTION,
      ].join("\n"),
      front,
    );
    expect(steps[0]).toMatchObject({
      setup: [{ script: "true\ntrue", machine: "machine-2", shown: true }],
      hints: [{ when: { query: { process: { comm: "cat" } } }, blocks: [{ type: "paragraph" }] }],
      target: { goal: [{ text: "Make " }, { type: "emphasis" }, { text: "." }] },
      check: {
        needs: [
          { query: { process: { comm: "sleep" } } },
          { machine: "machine-2", query: { process: { comm: "vi" } } },
          { machine: "machine-2", command: { script: "test -e /x", user: "learner", exit: 0 } },
        ],
      },
    });
  });

  it("questions of three kinds", () => {
    const { steps } = lesson(
      [
        ":::quiz{#one}\nask: A?\nchoices: [{text: a, right: true}, {text: b, because: No.}]\n:::",
        ":::quiz{#two}\nask: B?\nmultiple: true\nchoices: [{text: a, right: true}, {text: b, because: No.}]\n:::",
        ":::quiz{#three}\nask: C?\naccept: [x]\nwrong: [{answer: y, because: No.}]\notherwise: Look again.\n:::",
      ].join("\n"),
    );
    expect(steps[0]?.body.map((block) => block.type === "quiz" && block.answer.kind)).toEqual([
      "single",
      "multiple",
      "short",
    ]);
  });

  it("what other files and variables say; a mistake in one is told with its own place", () => {
    const files: Readonly<Record<string, string>> = {
      "parts/note.md": ":::note\nAt most {{limit}}, says {{.Name}}.\n:::\n",
      "parts/bad.md": "fine\n\n<b>bad</b>\n",
      "parts/round.md": '::include{file="round.md"}\n',
    };
    const read = (name: string) => {
      const text = files[`parts/${name}`];
      return text === undefined ? undefined : { file: `parts/${name}`, text };
    };
    const front = FRONT.replace("language: en", "language: en\nvariables: {limit: 16M}");
    const compile = (name: string): Lesson =>
      compileLesson(`${front}\n::include{file="${name}"}\n\n${good}`, "lesson.md", read);
    expect(() => compile("bad.md")).toThrow(/^parts\/bad\.md:3:1: HTML has no place/);
    expect(() => compile("round.md")).toThrow(/^parts\/round\.md:1:1: files include each other too deeply/);
    const within = compileLesson(`${front}${step('::include{file="note.md"}')}`, "lesson.md", read);
    expect(within.steps[0]?.body).toMatchObject([
      { type: "note", children: [{ children: [{ text: "At most 16M, says {{.Name}}." }] }] },
    ]);
  });
});
