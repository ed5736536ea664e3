/** Lessons that go wrong while they run: each comes to an end, with what went wrong. */
import { expect, test } from "vitest";
import { openBench } from "../../src/cli/index.ts";
import { compileLesson } from "../../src/lessons/compile/index.ts";
import { proveLesson, systemClock } from "../../src/lessons/index.ts";

const lesson = (body: string): string => `---
id: hostile/lesson
version: 1
title: Hostile
summary: It goes wrong.
minutes: 1
profile: base
topics: [tests]
language: en
---
::::step{#one title="One"}
${body}
::::
`;

async function failuresOf(body: string): Promise<string[]> {
  const compiled = compileLesson(lesson(body), "lesson.md");
  const { trials } = await proveLesson(compiled, undefined, {
    open: (signal) => openBench(compiled, signal),
    clock: systemClock,
    signal: new AbortController().signal,
    mutate: false,
  });
  return trials.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`]));
}

test("a check whose command loops for ever", async () => {
  const failures = await failuresOf(`\`\`\`sh run solve
true
\`\`\`
:::check
commands:
  - {run: "while true; do :; done", say: It is not there.}
:::`);
  expect(failures.join("\n")).toMatch(/It is not there\. \(The command that looks did not end in time\.\)/);
});

test("a solution that kills the agent", async () => {
  const failures = await failuresOf(`\`\`\`sh run solve
kill -9 $(pgrep -x vivarium-agent)
\`\`\`
\`\`\`sh run solve
sleep 1000 &
\`\`\`
:::check
query: {process: {comm: sleep}}
otherwise: There is no sleep.
:::`);
  expect(failures.join("\n")).toMatch(/terminal|agent/);
});
