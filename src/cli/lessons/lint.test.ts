import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deadLinks } from "./links.ts";
import { lint, type LintOptions } from "./lint.ts";
import { pagesIn } from "./man-pages.ts";
import { LessonMetaSchema } from "../../lessons/index.ts";
import { newCourse, newLesson } from "./new.ts";
import { readAllLessons } from "./read-lessons.ts";
import { hasBash, shellSyntax } from "./shell-syntax.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;

async function said(folder: string, more: Partial<LintOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  await lint({ folder, lessons: [], json: false, print, note: print, ...more });
  return lines;
}

it("our own courses are clean, manual pages and commands included", { timeout: 60_000 }, async () => {
  expect(await said(ROOT)).toEqual([]);
});

it("so is the course of the examples, which has every part of the format", { timeout: 60_000 }, async () => {
  const folder = join(ROOT, "examples/course");
  expect(await said(folder)).toEqual([]);
  const text = readAllLessons(folder)
    .map(({ written, proofText }) => `${written.text}\n${proofText}`)
    .join("\n");
  const parts = [
    "setup",
    "predict{",
    "quiz{",
    "hint",
    "check",
    "target",
    "solution",
    "note",
    "afterwards",
    "done",
    "proven",
    "measure{",
  ];
  const words = [
    "multiple: true",
    "accept:",
    "after:",
    "and:",
    "commands:",
    "notYet:",
    "broken:",
    "otherwise:",
    "```when",
  ];
  const blocks = [
    "```drawing alt=",
    "```keys",
    "```power-on",
    "::measures",
    "```signal",
    "```sh copy",
    "::observation{",
    ":man[",
    "{section=",
    " xray}",
    " typed",
    "write=start",
    "mode=",
    "user=",
    "on=",
    "in=",
    "stays",
    "expect=",
  ];
  const keys = Object.keys(LessonMetaSchema.entries)
    .map((key) => `\n${key}:`)
    .filter((key) => key !== "\nuser:");
  const wanted = [...parts.map((part) => `:::${part}`), ...words, ...blocks, ...keys];
  expect(wanted.filter((part) => !text.includes(part))).toEqual([]);
});

describe("a course somewhere else", () => {
  let root = "";
  let lesson = "";
  const change = (from: string | RegExp, to: string): void => {
    const before = readFileSync(lesson, "utf8");
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(lesson, after);
  };
  /** What is said, with names of files as seen from the course. */
  const found = async (more: Partial<LintOptions> = {}): Promise<string[]> => {
    const prefix = `${relative(process.cwd(), join(root, "courses/mine"))}/`;
    return (await said(root, more)).map((line) => line.replace(prefix, ""));
  };
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "vivarium-lint-"));
    await newCourse(join(root, "courses"), "mine");
    [lesson = ""] = await newLesson(join(root, "courses/mine"), "one");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("a manual page that its guest does not have, with the nearest that it has", async () => {
    change("Say what to do,", "See :man[unshare(8)], :man[nosuch(1)], :man[ps(1)]. Say what to do,");
    expect(await found()).toEqual([
      "01-one/lesson.md:16:5: the guest of `base` has no manual page unshare(8). Write :man[unshare(1)], or `unshare(8)` between backticks.",
      "01-one/lesson.md:16:23: the guest of `base` has no manual page nosuch(1). Name a page that `man` has there, or write `nosuch(1)` between backticks.",
    ]);
  });

  it.runIf(hasBash())("what bash cannot read, in a text, a set-up, a check and a proof", async () => {
    change("sleep 1000 &\n```", "sleep 1000 & & true\n```");
    change("::::step{#first", ":::::step{#first");
    change(/^::::$/m, ":::setup\n```sh\ntrue\nif true; then\n```\n:::\n:::::");
    change("notYet:", 'commands: [{run: "test (", say: No.}]\nnotYet:');
    const proof = lesson.replace("lesson.md", "proof.yaml");
    writeFileSync(proof, readFileSync(proof, "utf8").replace("cat /dev/zero >", "cat ; ; >"));
    expect(await found()).toEqual([
      expect.stringMatching(
        /^01-one\/lesson\.md:19:1: the shell cannot read this: .*near unexpected token `&'/,
      ),
      expect.stringMatching(/^01-one\/lesson\.md:33:18: the shell cannot read this: /),
      expect.stringMatching(/^01-one\/lesson\.md:46:1: the shell cannot read this: .*unexpected end of file/),
      expect.stringMatching(
        /^01-one\/proof\.yaml:\d+:14: the shell cannot read this: .*near unexpected token `;'/,
      ),
    ]);
  });

  it("prerequisites and links that lead nowhere", async () => {
    await newLesson(join(root, "courses/mine"), "two");
    const two = join(root, "courses/mine/02-two/lesson.md");
    writeFileSync(
      two,
      readFileSync(two, "utf8").replace(
        "version:",
        "aliases: [mine/old]\nprerequisites: [mine/one]\nversion:",
      ),
    );
    change("version:", "prerequisites: [mine/tow, mine/old, mine/two]\nversion:");
    change("Say what", "[a](./?lesson=mine/twoo) [b](./notes/b.md) [c](./?lesson=mine/two) Say what");
    expect(await found()).toEqual([
      "01-one/lesson.md:3:17: there is no lesson `mine/tow`. Write `mine/two`.",
      "01-one/lesson.md:3:27: `mine/old` is an old id of `mine/two`. Write `mine/two`.",
      "01-one/lesson.md:3:37: `mine/two` itself wants `mine/one` done before. Leave one of the two out.",
      expect.stringMatching(/there is no such lesson\. Write \.\/\?lesson=mine\/two/),
      expect.stringMatching(
        /the page has no file `\.\/notes\/b\.md`, so the link leads nowhere\. Link to an https/,
      ),
      "02-two/lesson.md:4:17: `mine/one` itself wants `mine/two` done before. Leave one of the two out.",
    ]);
  });

  it("addresses are asked for only when wanted, each once", async () => {
    change(
      "Say what",
      "[a](https://a.example/x#y), [b](https://gone.example/) and [c](https://gone.example/). Say what",
    );
    expect(await found()).toEqual([]);
    const asked: string[] = [];
    const ask = (url: string, { method }: { method: string }): Promise<{ status: number }> => {
      asked.push(`${method} ${url}`);
      return Promise.resolve({ status: url.includes("gone") ? 404 : 200 });
    };
    expect(await found({ ask })).toEqual([
      expect.stringMatching(
        /^01-one\/lesson\.md:16:\d+: https:\/\/gone\.example\/ answers with 404\. Link to where/,
      ),
      expect.stringMatching(/^01-one\/lesson\.md:16:\d+: https:\/\/gone\.example\/ answers with 404/),
    ]);
    expect(asked.toSorted()).toEqual([
      "GET https://gone.example/",
      "HEAD https://a.example/x",
      "HEAD https://gone.example/",
    ]);
  });

  it("what several lessons include is told once, with its own place; other folders are no courses", async () => {
    mkdirSync(join(root, "courses/mine/parts"));
    mkdirSync(join(root, "courses/node_modules"));
    mkdirSync(join(root, "courses/.git"));
    writeFileSync(join(root, "courses/mine/parts/note.md"), ":::note\n\nA name space.\n:::\n");
    change("Say what to do", '::include{file="../parts/note.md"}\n\nSay what to do');
    const two = join(root, "courses/mine/02-two");
    cpSync(join(root, "courses/mine/01-one"), two, { recursive: true });
    writeFileSync(join(two, "lesson.md"), readFileSync(lesson, "utf8").replace("mine/one", "mine/two"));
    expect(await found()).toEqual([
      'parts/note.md:3:3: "name space" is not how the kernel writes it. Write namespace.',
    ]);
  });

  it("what does not compile comes first, and alone", async () => {
    change("comm: sleep", "com: sleep");
    expect(await found({ json: true })).toEqual([expect.stringMatching(/^\{.*"line":32.*Write `comm`/)]);
  });
});

describe("what is asked of the outside", () => {
  const one = { url: "https://a.example/", file: "a.md", line: 1, column: 1 };
  it("a host that refuses to be asked is not called dead; one that is gone is", async () => {
    const dead = (ask: Parameters<typeof deadLinks>[1]): Promise<string[]> =>
      deadLinks([one], ask).then((all) => all.map(({ what }) => what));
    expect(await dead(() => Promise.resolve({ status: 403 }))).toEqual([]);
    expect(await dead(() => Promise.reject(new TypeError("no such host")))).toEqual([
      "https://a.example/ cannot be reached",
    ]);
    expect(await dead(() => Promise.reject(new DOMException("", "TimeoutError")))).toEqual([
      "https://a.example/ does not answer within 10 s",
    ]);
  });

  it("pages are found in a list of files, packed or not", () => {
    const file = (name: string): unknown[] => [name, 1, 0, 0o100644, 0, 0, "hash"];
    const folder = (name: string, inside: unknown[]): unknown[] => [name, 0, 0, 0o040755, 0, 0, inside];
    const man = folder("man", [
      folder("man1", [file("ls.1"), file("a.b.1.gz")]),
      folder("man8", [file("ip-link.8")]),
    ]);
    const tree = { entries: [folder("usr", [folder("share", [man])])] };
    expect([...pagesIn(JSON.stringify(tree))]).toEqual(["ls(1)", "a.b(1)", "ip-link(8)"]);
  });

  it.runIf(hasBash())("bash reads a script without running it", () => {
    const shell = shellSyntax();
    expect(shell("touch /nowhere/at/all && b() { b | b & }; b")).toBeUndefined();
    expect(shell("true\nfor x in; do")).toMatchObject({ line: 2 });
  });
});
