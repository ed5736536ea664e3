import type { TestProject } from "vitest/node";
import { buildLibrary, buildNode, buildWeb, ensureSnapshot } from "../../tools/build.mjs";
import { chromium } from "../../tools/chromium.mjs";

/** Before the examples: the library built for Node and for browsers, the page, and a Chromium to look at pages with. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("chromiumPath", chromium());
  await buildNode();
  ensureSnapshot();
  await buildLibrary();
  await buildWeb();
}
