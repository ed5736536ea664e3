import { expect, test } from "vitest";
import type { ObservationBlock } from "../index.ts";
import { compileLesson } from "./lesson.ts";
import { LessonError } from "./problems.ts";

const ids = { real: 0, effective: 0, saved: 0, fs: 0 };
const none = "0000000000000000";

function aProcess(pid: number, more: object = {}): object {
  return {
    pid,
    ppid: 1,
    state: "S",
    uid: 0,
    pids: [pid],
    comm: "sleep",
    kernelThread: false,
    namespaces: { pid: 5 },
    forChildren: {},
    details: {
      startedAt: 1,
      commandLine: ["sleep", "1"],
      threads: [],
      uids: ids,
      gids: ids,
      groups: [0],
      capabilities: { inheritable: none, permitted: none, effective: none, bounding: none, ambient: none },
      noNewPrivileges: false,
      seccomp: "off",
      seccompFilters: 0,
      root: "/",
      cwd: "/root",
      group: 1,
      session: 1,
      cpuTime: 0,
      oomScoreAdjust: 0,
      frozen: false,
    },
    ...more,
  };
}

function observation(processes: readonly object[]): object {
  const missing: never[] = [];
  return {
    source: "memory",
    time: 0,
    midKernel: false,
    slowAge: 0,
    missing,
    processes,
    namespaces: [],
    cgroups: [],
  };
}

const EARLIER = observation([aProcess(1)]);
const LATEST = observation([aProcess(1), aProcess(7), aProcess(8, { kernelThread: true })]);
const WHOLE = { format: "vivarium-xray", version: 1, machines: { one: [EARLIER, LATEST] } };

function lesson(directive: string): string {
  return `---
id: test/picture
version: 1
title: Picture
summary: One.
minutes: 1
profile: base
topics: [x]
language: en
---

${directive}

::::step{#one title="One"}
Look.
::::
`;
}

/** Compiles a lesson in the folder `a/` with one file beside it. */
function compiled(directive: string, text: string): ObservationBlock {
  const { intro } = compileLesson(lesson(directive), "a/lesson.md", (file, beside) =>
    file === "pod.json" && beside === "a/lesson.md" ? { file: "a/pod.json", text } : undefined,
  );
  const [block] = intro;
  if (block?.type !== "observation") throw new Error("there is no observation");
  return block;
}

function problems(directive: string, text = JSON.stringify(WHOLE)): string[] {
  try {
    compiled(directive, text);
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    return error.problems.map(({ line, what, fix }) => `${line}: ${what}. ${fix}.`);
  }
  return [];
}

const DIRECTIVE = '::observation{file="pod.json" alt="Two boxes"}';

test("what the X-ray saved becomes a picture of its latest moment", () => {
  const { machines, lens, alternative } = compiled(DIRECTIVE, JSON.stringify(WHOLE));
  expect([lens, alternative]).toEqual(["namespaces", "Two boxes"]);
  expect(machines.map(({ name }) => name)).toEqual(["one"]);
  // What no picture draws is left out.
  const processes = machines[0]?.observation.processes ?? [];
  expect(processes.map(({ pid }) => pid)).toEqual([1, 7, 8]);
  expect(processes[2]).toMatchObject({ namespaces: {}, details: undefined });
  expect(processes[0]?.details).toMatchObject({ commandLine: undefined, cwd: undefined, groups: [] });
});

test("one observation alone will do, and the other lens", () => {
  const block = compiled('::observation{file="pod.json" alt="x" lens="cgroups"}', JSON.stringify(LATEST));
  expect(block.lens).toBe("cgroups");
  expect(block.machines.map(({ name }) => name)).toEqual(["machine"]);
});

test("what is wrong in the file is named with its path", () => {
  const broken = { ...WHOLE, machines: { one: [EARLIER, observation([aProcess(1, { pids: "1" })])] } };
  expect(problems(DIRECTIVE, JSON.stringify(broken))).toEqual([
    '12: `machines.one.1.processes.0.pids` in `a/pod.json` is "1". It must be a list; save the X-ray as JSON anew.',
  ]);
  expect(problems(DIRECTIVE, JSON.stringify(observation([aProcess(1, { uid: -1 })])))).toEqual([
    "12: `processes.0.uid` in `a/pod.json` is -1. It must be 0 or more; save the X-ray as JSON anew.",
  ]);
  expect(problems(DIRECTIVE, JSON.stringify({ ...WHOLE, version: 2 }))).toEqual([
    "12: `version` in `a/pod.json` is 2. It must be 1; save the X-ray as JSON anew.",
  ]);
  expect(problems(DIRECTIVE, "[]").join()).toContain("in `a/pod.json`");
  expect(problems(DIRECTIVE, '{"format":').join()).toContain("`a/pod.json` is no JSON");
  expect(problems(DIRECTIVE, JSON.stringify({ ...WHOLE, machines: {} }))).toEqual([
    "12: `a/pod.json` holds no machine. Save the X-ray as JSON anew.",
  ]);
});

test("a file that is not there, missing words and unknown ones are errors", () => {
  expect(problems('::observation{file="../pod.json" alt="x"}')).toEqual([
    "12: there is no file `../pod.json` to draw. Name one of this course, relative to this file.",
  ]);
  expect(problems('::observation{file="pod.json"}')).toEqual([
    '12: the observation has no words for who cannot see it. Write ::observation{file="…" alt="what it shows"}.',
  ]);
  expect(problems('::observation{file="pod.json" alt="x" lense="cgroups"}')).toEqual([
    "12: ::observation has no `lense`. Write `lens`.",
  ]);
  expect(problems('::observation{file="pod.json" alt="x" lens="mounts"}')).toEqual([
    "12: there is no lens `mounts`. Use namespaces or cgroups.",
  ]);
});

test("a situation that is too large for a lesson is refused", () => {
  const many = observation(Array.from({ length: 400 }, (_, i) => aProcess(i + 1)));
  expect(problems(DIRECTIVE, JSON.stringify(many)).join()).toMatch(
    /^12: what is drawn of `a\/pod\.json` takes \d+ KiB\. Record a smaller situation; 96 KiB/,
  );
});
