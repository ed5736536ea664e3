/**
 * No route breaks a rule of axe's for WCAG 2.2 AA, in any theme, nor with the X-ray or the settings open; nothing has to be
 * scrolled sideways at 320 pixels, and nothing is cut on a phone with letters of twice the size; and where the system has
 * colours of its own, what is on, filled or in focus is seen.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

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

/** In all themes, one after the other on the same page. */
async function expectNone(page: Page, where: string): Promise<void> {
  for (const contrast of ["no-preference", "more"] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, contrast, reducedMotion: "reduce" });
      expect(await complaints(page), `${where}, ${colorScheme}, contrast ${contrast}`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
}

/** What is cut or has to be scrolled sideways. Terminals and tables may be wider within themselves. */
const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        "html, body, .page-head, .lesson-scroll, .terminal-foot, dialog[open], .sheet-rows, .parts",
      ),
    ]
      .filter((one) => one.scrollWidth > Math.max(one.clientWidth, 1) + 1)
      .map((one) => `${one.tagName} ${one.className}: ${one.scrollWidth} > ${one.clientWidth}`),
  );

/** WCAG 1.4.10: what scrolls down fits into 320 pixels. */
async function expectReflow(page: Page, where: string): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await tooWide(page), `${where}, at 320 pixels`).toEqual([]);
}

/** The colour of an element's ground, and of what is around it. */
const grounds = (page: Page, selector: string): Promise<[own: string, around: string]> =>
  page.evaluate((which) => {
    const element = document.querySelector(which);
    const of = (one: Element | null | undefined): string =>
      one ? getComputedStyle(one).backgroundColor : "nothing there";
    return [of(element), of(element?.parentElement)];
  }, selector);

/** In a system's own colours, which take all other grounds away. */
async function expectForced(page: Page, where: string, selectors: readonly string[]): Promise<void> {
  await page.emulateMedia({ forcedColors: "active" });
  for (const selector of selectors) {
    const [own, around] = await grounds(page, selector);
    // Of nothing, or of what is not there, there would be no colour.
    expect(own, `${where}: ${selector}`).toMatch(/^rgba?\((?!0, 0, 0, 0\))/);
    expect(own, `${where}: ${selector}`).not.toBe(around);
  }
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return `${outlineStyle} ${outlineWidth}`;
  });
  expect({ where, outline }).toEqual({ where, outline: "solid 3px" });
  await page.emulateMedia({ forcedColors: "none" });
}

test.each([
  ["the landing", "", undefined, ["a.button.primary"]],
  ["the free terminal", "?terminal", undefined, ["button.primary"]],
  [
    "a lesson, with the X-ray",
    PLAIN_LESSON,
    "open-xray",
    [".ram-bar > .ram-kernel", '.xray-choice button[aria-pressed="true"]', '[data-testid="open-xray"]'],
  ],
] as const)("%s", { timeout: 180_000 }, async (where, path, open, marked) => {
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
    await page.getByTestId("open-settings").focus();
    await expectForced(page, where, marked);
    await page.getByTestId("open-settings").click();
    await page.getByTestId("settings").waitFor();
    await expectNone(page, `${where}, settings`);
    await expectReflow(page, `${where}, settings`);
    await page.keyboard.press("Escape");
    await page.getByTestId("settings").waitFor({ state: "detached" });
    await expectReflow(page, where);
  } finally {
    await context.close();
  }
});

/** WCAG 1.4.4, on the smallest of screens. */
test("letters of twice the size fit, and what is scrolled goes below a sheet's head", async () => {
  const large = await launch(["--blink-settings=defaultFontSize=32"]);
  try {
    const page = await large.newPage({ serviceWorkers: "block", viewport: { width: 390, height: 844 } });
    await page.goto(new URL("?terminal", baseUrl()).href);
    await page.locator("h1").first().waitFor({ state: "attached" });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    expect(await tooWide(page)).toEqual([]);

    await page.getByTestId("open-settings").click();
    await page.getByTestId("pause-hidden").waitFor();
    expect(await tooWide(page)).toEqual([]);
    const onTop = await page.getByTestId("pause-hidden").evaluate((box) => {
      box.scrollIntoView({ block: "start" });
      const { x, y, width, height } = box.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".sheet-head, .switch-row")
        ?.className;
    });
    expect(onTop).toBe("sheet-head");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "About" }).click();
    await page.locator(".parts").first().waitFor();
    expect(await tooWide(page)).toEqual([]);
  } finally {
    await large.close();
  }
});

/** What is wider than its own frame, which does not scroll, or wider than the page. */
async function cutIn(page: Page, selectors: string): Promise<readonly string[]> {
  return page.evaluate(
    (which) =>
      [...document.querySelectorAll<HTMLElement>(which)]
        .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
        .map((one) => `${one.tagName} ${one.className}: ${one.scrollWidth} > ${one.clientWidth}`),
    selectors,
  );
}

test.each([
  ["a phone with letters of twice the size", "--blink-settings=defaultFontSize=32", 390, 844],
  ["a page at 200 %", "--blink-settings=defaultFontSize=16", 640, 400],
])("%s", { timeout: 180_000 }, async (where, letters, width, height) => {
  const large = await launch([letters]);
  try {
    const context = await large.newContext({
      serviceWorkers: "block",
      bypassCSP: true,
      viewport: { width, height },
      reducedMotion: "reduce",
      hasTouch: width < 400,
    });
    const page = await context.newPage();
    await page.goto(new URL(PLAIN_LESSON, baseUrl()).href);
    const lab = new LabPage(page);
    await lab.ready();
    await page.evaluate(await readFile(AXE, "utf8"));
    const rows = (): Promise<number> =>
      page.evaluate(() => document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.rows ?? 0);
    await poll(async () => (await rows()) >= 3, { what: "three lines of the terminal below the lesson" });

    await lab.type("unshare --pid --fork --mount-proc sleep 500 &");
    await page.getByTestId("panel-xray").click();
    await page.locator(".xray-pane .box").first().waitFor({ timeout: 60_000 });
    await page.getByTestId("xray-inside").click();
    await expectNone(page, `${where}, the X-ray from inside`);
    expect(await cutIn(page, ".xray-pane, .xray-pane .machine"), `${where}, the X-ray`).toEqual([]);
    await page.getByTestId("xray-table").click();
    await page.locator(".mount-tables summary").first().waitFor();
    await expectNone(page, `${where}, the table`);
    expect(await cutIn(page, ".xray-pane"), `${where}, the table`).toEqual([]);

    await page.getByTestId("panel-lesson").click();
    await page.getByTestId("man-link").first().click();
    await page.getByTestId("man").filter({ hasText: "NAME" }).waitFor();
    await expectNone(page, `${where}, the manual`);
    expect(await cutIn(page, ".man-pane, .man-pane > header"), `${where}, the manual`).toEqual([]);
    for (const sheet of ["settings", "about"]) {
      await page.getByTestId(`open-${sheet}`).click();
      await page.locator("dialog[open]").waitFor();
      expect(
        await cutIn(page, "dialog[open], .sheet-head, .sheet-rows, .parts"),
        `${where}, ${sheet}`,
      ).toEqual([]);
      await page.keyboard.press("Escape");
    }
  } finally {
    await large.close();
  }
});
