/**
 * `npm test`: installs what is needed, runs every suite (or those that are named), and ends with one line,
 * `N passed, N failed`. A static check counts as one test.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { install } from "./install.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const LINES_OF_A_FAILURE = 12;

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/** What failed, in a few lines each: told again at the end, where one looks first. @type {string[]} */
const failures = [];

/**
 * @param {string} script A program of `node_modules` or of the project, run by Node.
 * @param {readonly string[]} words
 * @returns {boolean} Whether it succeeded.
 */
function run(script, words) {
  const { status, signal } = spawnSync(process.execPath, [join(ROOT, script), ...words], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (signal) console.error(`${script} was ended by ${signal}`);
  return status === 0;
}

/**
 * @param {string} script
 * @param {readonly string[]} words
 * @returns {Count}
 */
function check(script, words) {
  const holds = run(script, words);
  if (!holds) failures.push([script, ...words].join(" "));
  return { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
}

/**
 * @param {string} project
 * @returns {Count}
 */
function vitest(project) {
  const report = join(ROOT, ".cache/test", `${project}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const holds = run("node_modules/vitest/vitest.mjs", [
    "run",
    `--project=${project}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const count = readReport(report);
  if (count.passed + count.failed === 0) {
    failures.push(`${project}: no test ran`);
    count.failed = 1;
  }
  // A file that does not load, or an error outside any test, fails no test by itself.
  if (!holds && count.failed === 0) {
    failures.push(`${project}: something failed outside a test`);
    count.failed = 1;
  }
  return count;
}

/**
 * @param {string} path
 * @returns {Count}
 */
function readReport(path) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    failures.push(...failuresOf(report));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/**
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly {
 *   fullName: string, status: string, failureMessages?: readonly string[] }[] }} ReportedFile
 * @param {{ testResults: readonly ReportedFile[] }} report As Vitest's JSON reporter writes it.
 * @returns {string[]}
 */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = relative(ROOT, name);
    const failed = assertionResults.filter((one) => one.status === "failed");
    if (failed.length === 0) return status === "failed" ? [`${file}\n${message ?? ""}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) => `${file} > ${fullName}\n${(failureMessages ?? []).join("\n")}`,
    );
  });
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const one of counts) {
    total.passed += one.passed;
    total.failed += one.failed;
    total.skipped += one.skipped;
  }
  return total;
}

/** @param {Count} count */
function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * A machine with Node and git alone runs all the rest.
 *
 * @param {() => Count} suite
 * @returns {Count}
 */
function withCompiler(suite) {
  if (spawnSync("gcc", ["--version"]).status === 0) return suite();
  console.error("There is no gcc: the agent is tested in the guest only, not under sanitizers.");
  return { passed: 0, failed: 0, skipped: 1 };
}

/** In the order in which they run. @type {Readonly<Record<string, () => Count>>} */
const SUITES = {
  format: () => check("node_modules/oxfmt/bin/oxfmt", ["--check"]),
  lint: () => check("node_modules/oxlint/bin/oxlint", ["--type-aware", "--deny-warnings"]),
  types: () => check("node_modules/typescript/bin/tsc", ["-b"]),
  knip: () => check("node_modules/knip/bin/knip.js", ["--no-progress"]),
  sizes: () => check("images/check-sizes", []),
  house: () => sum([check("tools/house.mjs", ["--check"]), vitest("house")]),
  unit: () => vitest("unit"),
  agent: () => withCompiler(() => vitest("agent")),
  images: () => vitest("images"),
  guest: () => vitest("guest"),
  courses: () => vitest("courses"),
  picture: () => vitest("picture"),
  e2e: () => vitest("e2e"),
  examples: () => vitest("examples"),
};

function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    console.error(
      `There is no suite ${unknown.join(", ")}; the suites are ${Object.keys(SUITES).join(", ")}.`,
    );
    process.exitCode = 2;
    return;
  }
  try {
    install();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.log(line({ passed: 0, failed: 1, skipped: 0 }));
    process.exitCode = 1;
    return;
  }
  const counts = [];
  for (const [name, suite] of Object.entries(SUITES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n== ${name}`);
    const start = performance.now();
    const count = suite();
    counts.push(count);
    console.log(
      `== ${name}: ${count.failed > 0 ? "failed" : "ok"} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
    );
  }
  const total = sum(counts);
  for (const failure of failures) {
    console.log(`\nFailed: ${failure.split("\n").slice(0, LINES_OF_A_FAILURE).join("\n  ")}`);
  }
  console.log(`\n${line(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main();
