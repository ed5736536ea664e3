import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { inject } from "vitest";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium that `e2e-setup.ts` found. The caller closes it. */
export async function launch(flags: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: inject("chromiumPath"),
    headless: true,
    args: [...FLAGS, ...flags],
  });
}

/** A lesson that types nothing and opens nothing by itself, to try the page with. */
export const PLAIN_LESSON = "?lesson=namespaces/pid";

/** Where the built product is served; ends with `/`. */
export function baseUrl(): string {
  return inject("baseUrl");
}

export interface PageOptions {
  /** Complaints that the test provokes: those that match are not held against the page. */
  readonly expected?: readonly RegExp[];
  /** A path below the served product; with a plain lesson by default. */
  readonly path?: string;
  /** The context to open the page in; a fresh one by default. Pass one to come back as the same visitor. */
  readonly context?: BrowserContext;
  /** What the visitor of a fresh context has: the size of the window, permissions, a service worker. */
  readonly visitor?: BrowserContextOptions;
}

/**
 * Opens a page of the product, runs `test` with it and closes it. Afterwards it fails if the page reported an
 * exception, an unhandled rejection, a console error or a breach of its policy that was not expected.
 */
export async function withPage(
  browser: Browser,
  test: (page: Page) => Promise<void>,
  options: PageOptions = {},
): Promise<void> {
  // What is kept for offline use would be fetched beside the test, and answer in the server's place.
  const context =
    options.context ?? (await browser.newContext({ serviceWorkers: "block", ...options.visitor }));
  try {
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(new URL(options.path ?? PLAIN_LESSON, baseUrl()).href);
    await test(page);
    await page.close();
    const unexpected = complaints.filter((text) => !options.expected?.some((one) => one.test(text)));
    if (unexpected.length > 0) throw new Error(`The page complained:\n${unexpected.join("\n")}`);
  } finally {
    if (!options.context) await context.close();
  }
}

/** Collects what goes wrong in `page`, from now on: exceptions, rejections, console errors, a crash. */
function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`exception: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("crash", () => complaints.push("the page crashed"));
  return complaints;
}
