import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "../../tools/build.mjs";
import setUpPage from "./e2e-setup.ts";

/** Before the benchmarks: everything that the page needs, and an empty list of figures. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const path = join(ROOT, ".cache/bench/figures.jsonl");
  mkdirSync(join(ROOT, ".cache/bench"), { recursive: true });
  if (existsSync(path)) rmSync(path);
  project.provide("figuresPath", path);
  return setUpPage(project);
}
