/** No route breaks a rule of axe's for WCAG 2.2 AA, in either theme, nor with the X-ray open. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { poll } from "../support/poll.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
});

/** What axe holds against the page, each with the elements that it means. */
async function complaints(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate(
    async (rules): Promise<AxeResults> =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: rules,
      }),
    RULES,
  );
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html }) => `  ${html.slice(0, 200)}`).join("\n")}`,
  );
}

/** In both themes, one after the other on the same page. */
async function expectNone(page: Page, where: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await complaints(page), `${where}, ${colorScheme}`).toEqual([]);
  }
}

test.each([
  ["the landing", "", undefined],
  ["the free terminal", "?terminal", undefined],
  ["a lesson, with the X-ray", PLAIN_LESSON, "open-xray"],
])("%s", { timeout: 180_000 }, async (where, path, open) => {
  // The policy of the page lets nobody put a script into it, axe neither.
  const context = await browser.newContext({
    serviceWorkers: "block",
    bypassCSP: true,
    viewport: { width: 1280, height: 800 },
  });
  try {
    const page = await context.newPage();
    await page.goto(new URL(path, baseUrl()).href);
    await page.locator("h1").waitFor();
    if (path !== "")
      await poll(
        async () => (await page.getByTestId("machine-chip").getAttribute("data-phase")) === "running",
        {
          timeout: 90_000,
        },
      );
    if (open !== undefined) {
      await page.getByTestId(open).click();
      await page.locator(".xray-pane .proc").first().waitFor({ timeout: 60_000 });
    }
    await page.evaluate(await readFile(AXE, "utf8"));
    await expectNone(page, where);
  } finally {
    await context.close();
  }
});
