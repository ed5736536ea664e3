import { expect, it } from "vitest";
import { compileLesson } from "./lesson.ts";
import { readProof } from "./proof.ts";

const lesson = compileLesson(
  `---
id: course/lesson
version: 1
title: A title
summary: A summary.
minutes: 1
profile: base
topics: [namespaces]
language: en
---
::::step{#first title="First"}
Text.
::::
`,
  "lesson.md",
);

it("a proof names steps, terminals and keys that are there", () => {
  const good = "steps:\n  first:\n    wrong: [{name: a, do: [ls, {keys: Ctrl+C}], says: no}]\n";
  expect(readProof(good, "proof.yaml", lesson)?.steps["first"]?.wrong[0]).toMatchObject({
    after: 0,
    says: "no",
  });
  expect(readProof(undefined, "proof.yaml", lesson)).toBeUndefined();
});

it.each([
  ["steps:\n  frist: {}\n", /^proof\.yaml:2:3: there is no step `frist`\. Write `first`/],
  [
    "steps:\n  first:\n    wrong: [{name: a, do: [{run: ls, in: two}], says: no}]\n",
    /there is no terminal `two`/,
  ],
  ["steps:\n  first:\n    wrong: [{name: a, do: [{keys: Ctrl+X}], says: no}]\n", /there is no key `Ctrl\+X`/],
  [
    "steps:\n  first:\n    wrong: [{name: a, do: [{script: ls, on: m}], says: no}]\n",
    /there is no machine `m`/,
  ],
  ["steps:\n  first:\n    wrong: [{name: a, do: [ls]}]\n", /lacks `steps\.first\.wrong\.0\.says`|says/],
  ["steps: [\n", /no valid YAML/],
])("%j is refused", (text, message) => {
  expect(() => readProof(text, "proof.yaml", lesson)).toThrow(message);
});
