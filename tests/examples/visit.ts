import type { Browser, Page } from "playwright-core";
import { serve } from "../../tools/serve.mjs";
import { withPage } from "../support/browser.ts";

/** Serves a folder as a plain static host does, and opens a page of it. */
export async function visit(
  browser: Browser,
  root: string,
  path: string,
  look: (page: Page) => Promise<void>,
  {
    expected = [],
    shared = false,
  }: { readonly expected?: readonly RegExp[]; readonly shared?: boolean } = {},
): Promise<void> {
  const server = await serve({ root, policy: "", shared });
  try {
    await withPage(browser, look, { path: new URL(path, server.url).href, expected });
  } finally {
    await server.close();
  }
}
