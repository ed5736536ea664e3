/**
 * `npm run bench`: measures and prints a table; `npm run bench -- NAME… --json` prints a JSON object a line. NAMEs are
 * those of the benchmark files in tests/bench. Nothing here judges: a figure stands beside its goal.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "./build.mjs";
import { install } from "./install.mjs";

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {number} n
 * @property {[number, number]} spread
 * @property {string} [goal]
 * @property {string} [peer]
 * @property {number} [peerValue]
 * @property {number} [ratio]
 * @property {string} context
 */

const FIGURES = join(ROOT, ".cache/bench/figures.jsonl");

/** @param {number} value @param {string} unit */
function shown(value, unit) {
  if (unit === "bytes") return `${(value / 1e6).toFixed(2)} MB`;
  if (unit === "instructions") return `${(value / 1e6).toFixed(1)} M`;
  return unit === "ms" ? `${value.toFixed(value < 10 ? 2 : 0)} ms` : value.toFixed(2);
}

/** @param {Figure} figure */
function row({ name, value, unit, n, spread, goal, peer, peerValue, ratio, context }) {
  const range = n > 1 ? `${shown(spread[0], unit)} – ${shown(spread[1], unit)}, n ${n}` : "n 1";
  const beside =
    peer === undefined || peerValue === undefined
      ? ""
      : `${peer} ${shown(peerValue, unit)}${ratio === undefined ? "" : `, ratio ${ratio.toFixed(2)}`}`;
  return [name, shown(value, unit), range, goal ?? "", beside, context];
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
install();
const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "bench", ...positionals], {
  cwd: ROOT,
  // The table alone is for standard output.
  stdio: ["ignore", 2, 2],
});
const lines = existsSync(FIGURES) ? readFileSync(FIGURES, "utf8").trim().split("\n") : [];
if (values.json) {
  for (const line of lines) console.log(line);
} else {
  const rows = [
    ["name", "value", "spread", "goal", "beside", "context"],
    ...lines.map((line) => row(JSON.parse(line))),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? "").length)),
  );
  for (const cells of rows) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}
process.exitCode = status ?? 1;
