import type { ProofReport } from "../../lessons/index.ts";

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML 1.0 has it: what it forbids becomes a replacement character. */
function xml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (c) => ESCAPED[c] ?? c)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** The form that CI servers read: a suite for each lesson, a case for each thing that was tried. */
export function junit(reports: readonly ProofReport[]): string {
  const suites = reports.map(({ lesson, trials, milliseconds }) => {
    const cases = trials.map(({ step, name, failure, milliseconds: ms }) => {
      const head = `    <testcase classname="${xml(`${lesson}/${step}`)}" name="${xml(name)}" time="${seconds(ms)}"`;
      if (failure === undefined) return `${head}/>`;
      const [first = ""] = failure.split("\n");
      return `${head}>\n      <failure message="${xml(first)}">${xml(failure)}</failure>\n    </testcase>`;
    });
    const failures = trials.filter((trial) => trial.failure !== undefined).length;
    return [
      `  <testsuite name="${xml(lesson)}" tests="${trials.length}" failures="${failures}" time="${seconds(milliseconds)}">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join(
    "\n",
  );
}
