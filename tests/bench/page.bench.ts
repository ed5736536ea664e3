import type { Page } from "playwright-core";
import { test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { quantile, report, spread } from "../support/figures.ts";
import { decodedCache } from "../../src/protocol/offline.ts";
import { openLink } from "./link.ts";
import { openPlainPage } from "./plain-page.ts";

const RUNS = 9;
const LINK_BITS = 20_000_000;
/** Whether this browser keeps a machine as it is when decoded, and has had nothing more to keep for some seconds. */
const AT_REST = `(async () => {
  const kept = async (name) => (await (await caches.open(name)).keys()).length;
  const all = async () => Promise.all((await caches.keys()).map(kept));
  const before = await all();
  await new Promise((done) => setTimeout(done, 5000));
  return (await kept("${decodedCache("/")}")) > 0 && (await all()).join() === before.join();
})()`;

/** Waits until the terminal shows a pattern, looking at every frame. */
async function shows(page: Page, pattern: string): Promise<void> {
  await page.waitForFunction(
    (source) => {
      const text = document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text() ?? "";
      return new RegExp(source).test(text.trimEnd());
    },
    pattern,
    { timeout: 120_000, polling: "raf" },
  );
}

/** From navigation to a prompt that has echoed a typed command, in the page's own time. */
async function visit(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await shows(page, "[#$]$");
  // The shell has to add, so that the typed line itself is not mistaken for its echo.
  await page.keyboard.insertText("echo ok$((40+2))");
  await page.keyboard.press("Enter");
  await shows(page, "ok42");
  return page.evaluate(() => performance.now());
}

test.each([
  { name: "first-visit", query: PLAIN_LESSON, goal: { bytes: "≤ 5 MB", time: "≤ 3,000 ms" } },
  { name: "first-visit/containers", query: `${PLAIN_LESSON}&profile=containers`, goal: {} },
])("$name", async ({ name, query, goal }) => {
  const browser = await launch();
  const link = await openLink(baseUrl(), LINK_BITS);
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < 3; i++) {
    const context = await browser.newContext();
    const before = link.bytes();
    times.push(await visit(await context.newPage(), link.url + query));
    bytes = link.bytes() - before;
    await context.close();
  }
  await link.close();
  await browser.close();
  const context = "empty cache, all connections over one link of 20 Mbit/s";
  report({
    name,
    value: bytes,
    unit: "bytes",
    better: "lower",
    n: 1,
    spread: [bytes, bytes],
    ...(goal.bytes === undefined ? {} : { goal: goal.bytes }),
    context: `${context}; headers included`,
  });
  report({
    name: `${name}/time`,
    value: quantile(times, 0.5),
    unit: "ms",
    better: "lower",
    n: times.length,
    spread: spread(times),
    ...(goal.time === undefined ? {} : { goal: goal.time }),
    context,
  });
});

test("warm-start", async () => {
  const browser = await launch();
  const page = await openPlainPage(browser);
  const screen = `(document.querySelector("#terminal")?.vivariumTerminal?.text() ?? "").trimEnd()`;
  const prompts: number[] = [];
  const echoes: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    await page.goto(baseUrl() + PLAIN_LESSON);
    prompts.push(await page.until(`/[#$]$/.test(${screen})`));
    await page.typeLine("echo ok$((40+2))");
    echoes.push(await page.until(`${screen}.includes("ok42")`));
    // The first visit keeps things for the others, when it has time.
    if (i === 0) await page.until(AT_REST);
  }
  await browser.close();
  const context = "headless Chromium without a GPU, local server, the browser's caches";
  for (const [name, times, goal] of [
    ["warm-start", echoes, { goal: "≤ 300 ms" }],
    ["warm-start/prompt", prompts, {}],
  ] as const) {
    const warm = times.slice(1);
    report({
      ...{ name, value: quantile(warm, 0.5), unit: "ms", better: "lower" },
      ...{ n: RUNS, spread: spread(warm), ...goal, context },
    });
  }
});

test("first-success", async () => {
  const browser = await launch();
  const link = await openLink(baseUrl(), LINK_BITS);
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${link.url}?lesson=tour/glass-box`);
    await shows(page, "net bash$");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=verdict][data-verdict=holds]", { timeout: 60_000 });
    times.push(await page.evaluate(() => performance.now()));
    await context.close();
  }
  await link.close();
  await browser.close();
  report({
    name: "first-success",
    value: quantile(times, 0.5),
    unit: "ms",
    better: "lower",
    n: times.length,
    spread: spread(times),
    goal: "≤ 60,000 ms",
    context:
      "a first visit of the tour, empty cache, one link of 20 Mbit/s: from navigation to the first step done, one key",
  });
});
