import type { TestProject } from "vitest/node";

import { WEB, buildAll } from "../../tools/build.mjs";
import { chromium } from "../../tools/chromium.mjs";
import { serve } from "../../tools/serve.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the built product is served; ends with `/`. */
    baseUrl: string;
    /** The program to launch. */
    chromiumPath: string;
  }
}

/** Before the browser tests: everything built, served on a free port, and a Chromium to look at it with. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide("chromiumPath", chromium());
  await buildAll();
  const server = await serve({ root: WEB });
  project.provide("baseUrl", server.url);
  return () => server.close();
}
