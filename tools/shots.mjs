/// <reference lib="dom" />
/**
 * `npm run shots`: takes pictures of every main screen, light and dark, at three widths, into `.cache/shots`, and puts
 * them on one sheet. They are for looking at; nothing here judges. `npm run shots -- NAME…` takes those screens alone.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium as browserType } from "playwright-core";

import { ROOT, WEB, buildAll } from "./build.mjs";
import { chromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";

/** @import { Browser, Page } from "playwright-core" */

const FOLDER = join(ROOT, ".cache/shots");
const WIDTHS = /** @type {const} */ ([
  [390, 844],
  [1024, 768],
  [1600, 1000],
]);
const THEMES = /** @type {const} */ (["light", "dark"]);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
const BOOT_MS = 120_000;

/** @param {Page} page @param {string} pattern */
async function shows(page, pattern) {
  await page.waitForFunction(
    (source) => {
      const { document } = /** @type {any} */ (globalThis);
      return new RegExp(source).test(document.querySelector("#terminal")?.vivariumTerminal?.text() ?? "");
    },
    pattern,
    { timeout: BOOT_MS, polling: 100 },
  );
}

/** @param {Page} page */
const prompt = (page) => shows(page, "[#$]\\s*$");

/** @param {Page} page @param {string} line @param {string} pattern */
async function type(page, line, pattern) {
  await page.locator("#terminal textarea").focus();
  await page.keyboard.type(`${line}\n`);
  await shows(page, pattern);
}

/** Clicks what is there; a screen without it is taken as it is. @param {Page} page @param {string} id */
async function click(page, id) {
  const all = page.getByTestId(id);
  if ((await all.count()) > 0) await all.first().click();
}

/** The X-ray with a PID namespace in it. @param {Page} page */
async function namespaced(page) {
  await prompt(page);
  await type(page, "unshare --pid --fork --mount-proc sleep 500 &", "\\[1\\] \\d+\\s[^]*[#$]\\s*$");
  if ((await page.getByTestId("xray").count()) === 0) await click(page, "open-xray");
  await page.locator(".xray-pane section.machine").first().waitFor();
  await page.locator(".xray-pane", { hasText: "Container of sleep" }).waitFor();
}

/** @param {string} preset @returns {(page: Page) => Promise<void>} */
const arranged = (preset) => async (page) => {
  await namespaced(page);
  await click(page, `preset-${preset}`);
};

/** What each screen is called, where it is, and how one comes to it. `of` is the folder that is served. */
/** @type {readonly {name: string, path: string, of?: string, come?: (page: Page) => Promise<void>}[]} */
const SCREENS = [
  { name: "landing", path: "" },
  { name: "course", path: "?course=namespaces" },
  {
    name: "tour",
    path: "?lesson=tour/glass-box",
    come: async (page) => {
      await shows(page, "bash\\s*$");
      await page.locator("#terminal textarea").focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-testid=verdict][data-verdict=holds]", { timeout: BOOT_MS });
    },
  },
  { name: "lesson", path: "?lesson=namespaces/pid", come: prompt },
  { name: "read", path: "?lesson=namespaces/pid", come: arranged("read") },
  { name: "watch", path: "?lesson=namespaces/pid", come: arranged("watch") },
  { name: "compare", path: "?lesson=namespaces/pid", come: arranged("compare") },
  {
    name: "table",
    path: "?lesson=namespaces/pid",
    come: async (page) => {
      await namespaced(page);
      await click(page, "xray-table");
    },
  },
  {
    name: "two-machines",
    path: "?lesson=machines/two",
    come: async (page) => {
      await prompt(page);
      await click(page, "open-xray");
    },
  },
  { name: "free", path: "?terminal", come: prompt },
  {
    name: "free-two",
    path: "?terminal&machines=2&script=uname%20-a",
    come: async (page) => {
      await prompt(page);
      await click(page, "open-xray");
    },
  },
  {
    name: "man",
    path: "?lesson=namespaces/pid",
    come: async (page) => {
      await prompt(page);
      await click(page, "man-link");
      await page.getByTestId("man").waitFor();
      await page.getByTestId("man-status").filter({ hasText: /^$/ }).waitFor({ state: "attached" });
      await page.getByTestId("man").filter({ hasText: /NAME/ }).waitFor();
    },
  },
  {
    name: "about",
    path: "?lesson=namespaces/pid",
    come: async (page) => {
      await prompt(page);
      await click(page, "open-about");
    },
  },
  {
    name: "settings",
    path: "?lesson=namespaces/pid",
    come: async (page) => {
      await prompt(page);
      await click(page, "open-settings");
    },
  },
  {
    name: "fault",
    path: "?lesson=namespaces/pid",
    come: async (page) => {
      await prompt(page);
      await page.locator("#terminal textarea").focus();
      await page.keyboard.type("echo c > /proc/sysrq-trigger\n");
      await page.getByTestId("fault-panic").waitFor({ timeout: BOOT_MS });
    },
  },
  { name: "embed", path: "examples/embed-plain/", of: ROOT },
];

/** Waits until nothing grows or fades any more. @param {Page} page */
async function still(page) {
  await page.evaluate(async () => {
    const { document, requestAnimationFrame } = /** @type {any} */ (globalThis);
    for (const one of document.getAnimations()) if (one.effect.getTiming().iterations === 1) one.finish();
    // The terminal and the picture follow the window in the next frames.
    for (let i = 0; i < 20; i++)
      await new Promise((done) => {
        requestAnimationFrame(done);
      });
  });
}

/**
 * @param {Browser} browser
 * @param {(typeof SCREENS)[number]} screen
 * @param {string} url
 */
async function take(browser, { name, path, come }, url) {
  const context = await browser.newContext({
    viewport: { width: 1600, height: 1000 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") console.error(`${name}: ${message.text()}`);
  });
  try {
    await page.goto(new URL(path, url).href);
    await page.locator("h1").first().waitFor();
    await come?.(page);
    for (const [width, height] of WIDTHS) {
      await page.setViewportSize({ width, height });
      // What was scrolled to for another width is elsewhere now: where nothing was done, the page is opened anew.
      if (come === undefined) {
        await page.reload();
        await page.locator("h1").first().waitFor();
      }
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await still(page);
        await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`) });
        const over = await page.evaluate(() => {
          const { document, innerWidth } = /** @type {any} */ (globalThis);
          return document.documentElement.scrollWidth - innerWidth;
        });
        if (over > 0) console.error(`${name}: ${over} px too wide at ${width}`);
      }
    }
  } finally {
    await context.close();
  }
}

/** All pictures of a screen in one row. @param {Browser} browser @param {readonly string[]} names */
async function sheet(browser, names) {
  const rows = names.map((name) => {
    const pictures = WIDTHS.flatMap(([width]) =>
      THEMES.map(
        (theme) =>
          `<a href="${name}-${width}-${theme}.png"><img src="${name}-${width}-${theme}.png" alt="${name}, ${width}, ${theme}"></a>`,
      ),
    );
    return `<h2>${name}</h2><div>${pictures.join("")}</div>`;
  });
  const style =
    "body{font:14px sans-serif;margin:1rem;background:#888}h2{margin:.6rem 0 .2rem;font-size:1rem}div{display:flex;gap:6px}img{height:260px;display:block}";
  const path = join(FOLDER, "index.html");
  writeFileSync(
    path,
    `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${rows.join("\n")}\n`,
  );
  const page = await browser.newPage({ viewport: { width: 1960, height: 1000 } });
  await page.goto(`file://${path}`);
  await page.screenshot({ path: join(FOLDER, "sheet.png"), fullPage: true });
  console.log(path);
}

const asked = process.argv.slice(2);
const screens = asked.length === 0 ? SCREENS : SCREENS.filter(({ name }) => asked.includes(name));
mkdirSync(FOLDER, { recursive: true });
await buildAll();
const servers = { web: await serve({ root: WEB }), root: await serve({ root: ROOT, policy: "" }) };
const browser = await browserType.launch({ executablePath: chromium(), headless: true, args: FLAGS });
const taken = [];
try {
  for (const screen of screens) {
    try {
      await take(browser, screen, screen.of === ROOT ? servers.root.url : servers.web.url);
      taken.push(screen.name);
    } catch (error) {
      console.error(
        `${screen.name} could not be taken: ${error instanceof Error ? error.message : String(error)}`,
      );
      process.exitCode = 1;
    }
  }
  await sheet(browser, taken);
} finally {
  await browser.close();
  await servers.web.close();
  await servers.root.close();
}
