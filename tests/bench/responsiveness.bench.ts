/** What a page costs before it is seen, and whether it answers while much happens. */
import type { Page } from "playwright-core";
import { test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { type Figure, quantile, report, spread } from "../support/figures.ts";
import { pageTasks, TASK_CATEGORIES } from "../support/tasks.ts";

const PROMPT = "[#$]\\s*$";
const TASK_MS = 50;
/** A paint comes no later than this after what it shows. */
const LATEST_MS = 5000;

declare global {
  interface Window {
    measured?: { interactions: Interaction[]; frames: SlowFrame[] };
  }
}

async function shows(page: Page, pattern: string): Promise<void> {
  await page.waitForFunction(
    (source) =>
      new RegExp(source).test(
        document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text() ?? "",
      ),
    pattern,
    { timeout: 120_000, polling: 50 },
  );
}

interface Fetched {
  readonly at: number;
  readonly bytes: number;
  readonly kind: "code" | "wasm" | "other";
}

/** Collects what is fetched: compressed, as it comes over the line, without headers. */
function collect(page: Page): Fetched[] {
  const all: Fetched[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    const isCode = /\.(?:js|css|html)$|\/$/.test(pathname);
    const kind = isCode ? "code" : pathname.endsWith(".wasm") ? "wasm" : "other";
    const bytes = Number(response.headers()["content-length"] ?? 0);
    all.push({ at: Date.now(), bytes, kind });
  });
  return all;
}

function sum(all: readonly Fetched[], kind: Fetched["kind"], until: number): number {
  return all
    .filter((one) => one.kind === kind && one.at <= until)
    .reduce((bytes, one) => bytes + one.bytes, 0);
}

test("bundle", async () => {
  const browser = await launch();
  const figure = (name: string, value: number, goal: string | undefined, context: string): void =>
    report({
      ...{ name, value, unit: "bytes", better: "lower", n: 1, spread: [value, value], context },
      ...(goal === undefined ? {} : { goal }),
    });
  const painted = (page: Page): Promise<number> =>
    page.evaluate(
      () =>
        performance.timeOrigin +
        (performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
    );
  const landing = await browser.newPage();
  const onLanding = collect(landing);
  await landing.goto(baseUrl());
  await landing.locator("h1").waitFor();
  await landing.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  const landingPaint = await painted(landing);
  figure(
    "bundle/landing",
    sum(onLanding, "code", landingPaint),
    "≤ 60 KB",
    "document, scripts and styles that had come when the landing was painted first, as compressed as served",
  );
  const lab = await browser.newPage();
  const inLab = collect(lab);
  await lab.goto(baseUrl() + PLAIN_LESSON);
  await shows(lab, PROMPT);
  const prompt = Date.now();
  figure("bundle/lab-paint", sum(inLab, "code", await painted(lab)), undefined, "the same of a lesson");
  figure(
    "bundle/lab",
    sum(inLab, "code", prompt),
    "≤ 300 KB",
    "document, scripts and styles of page and workers until the prompt, without WebAssembly",
  );
  figure("bundle/wasm", sum(inLab, "wasm", prompt), undefined, "WebAssembly until the prompt");
  await browser.close();
});

/** How an interaction went, in ms: until our code was asked, while it ran, and until what it did was on the screen. */
interface Interaction {
  readonly at: number;
  readonly ms: number;
  readonly input: number;
  readonly processing: number;
}

/** As the Long Animation Frames API has it; TypeScript does not know it. */
interface LongAnimationFrame extends PerformanceEntry {
  readonly styleAndLayoutStart: number;
  readonly scripts: readonly { readonly duration: number; readonly invoker: string }[];
}

/** The longest of what ran within one slow frame, in ms. */
interface SlowFrame {
  readonly at: number;
  readonly script: number;
  /** Who called it. */
  readonly called: string;
  /** Style, layout and paint, without the raster, which other threads do. */
  readonly rendering: number;
}

/** Has the page tell of its own slowness. */
async function measure(page: Page): Promise<void> {
  await page.evaluate(() => {
    const interactions: Interaction[] = [];
    const frames: SlowFrame[] = [];
    window.measured = { interactions, frames };
    const observe = (type: string, take: (entry: PerformanceEntry) => void): void => {
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) take(entry);
      });
      observer.observe({ type, durationThreshold: 16 } as PerformanceObserverInit);
    };
    observe("event", (entry) => {
      const { startTime, duration, processingStart, processingEnd, interactionId } =
        entry as PerformanceEventTiming;
      if (interactionId === 0) return;
      interactions.push({
        at: startTime,
        ms: duration,
        input: processingStart - startTime,
        processing: processingEnd - processingStart,
      });
    });
    observe("long-animation-frame", (entry) => {
      const { scripts, styleAndLayoutStart, startTime, duration } = entry as LongAnimationFrame;
      const [longest] = scripts.toSorted((a, b) => b.duration - a.duration);
      frames.push({
        at: startTime,
        script: longest?.duration ?? 0,
        called: longest?.invoker ?? "",
        rendering: styleAndLayoutStart === 0 ? 0 : startTime + duration - styleAndLayoutStart,
      });
    });
  });
}

const measured = (page: Page): Promise<NonNullable<Window["measured"]>> =>
  page.evaluate(() => window.measured ?? { interactions: [], frames: [] });

/** Which of the deeds was worst, and what it waited for. */
function worstOf(all: readonly { readonly deed: string; readonly slowest: Interaction }[]): string {
  const [worst] = all.toSorted((a, b) => b.slowest.ms - a.slowest.ms);
  if (worst === undefined) return "none";
  const { ms, input, processing } = worst.slowest;
  const rest = Math.max(0, ms - input - processing);
  return `${worst.deed}: ${Math.round(input)} ms until our code was asked, ${Math.round(processing)} in it, ${Math.round(rest)} until it was painted`;
}

test("interaction", async () => {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(baseUrl() + PLAIN_LESSON);
  await shows(page, PROMPT);
  await page.locator("#terminal textarea").focus();
  await page.keyboard.type("yes\n");
  await shows(page, "y\\ny\\ny$");
  await measure(page);
  const deeds: readonly (readonly [string, () => Promise<void>])[] = [
    ["open the X-ray", () => page.getByTestId("open-xray").click()],
    ["larger letters", () => page.getByTestId("font-larger").click()],
    ["smaller letters", () => page.getByTestId("font-smaller").click()],
    ["open the search", () => page.getByTestId("open-search").click()],
    ["type into the search", () => page.keyboard.press("y")],
    ["close the search", () => page.keyboard.press("Escape")],
    ["open a solution", () => page.getByTestId("solution").first().locator("summary").click()],
    ["click the terminal", () => page.locator("#terminal").click()],
    ["type into the terminal", () => page.keyboard.press("x")],
    ["close the X-ray", () => page.getByTestId("open-xray").click()],
  ];
  const begun: { deed: string; at: number }[] = [];
  for (let round = 0; round < 5; round++)
    for (const [deed, act] of deeds) {
      begun.push({ deed, at: await page.evaluate(() => performance.now()) });
      await act();
      await page.waitForTimeout(300);
    }
  // An entry is made with the paint after it, which may be late, and tells when it began; what took less than 16 ms has none.
  await page.waitForTimeout(LATEST_MS);
  const { interactions } = await measured(page);
  const all = begun.map(({ deed, at }, i) => {
    const until = begun[i + 1]?.at ?? Infinity;
    const [slowest] = interactions
      .filter((one) => one.at >= at && one.at < until)
      .toSorted((a, b) => b.ms - a.ms);
    return { deed, slowest: slowest ?? { at, ms: 16, input: 0, processing: 0 } };
  });
  await browser.close();
  const figure = (name: string, values: readonly number[], context: string): Figure => ({
    ...{ name, unit: "ms", better: "lower", n: values.length, spread: spread(values), context },
    value: quantile(values, 0.98),
  });
  report({
    ...figure(
      "interaction",
      all.map(({ slowest }) => slowest.ms),
      `p98 of real clicks and keys until the next paint, while \`yes\` floods the terminal; 16 stands for less; worst: ${worstOf(all)}`,
    ),
    goal: "p98 ≤ 100 ms",
  });
  const later = all.slice(deeds.length);
  report(
    figure(
      "interaction/later",
      later.map(({ slowest }) => slowest.ms),
      `p98 of the same without its first round, in whose seconds the browser optimises the guest's new code; worst: ${worstOf(later)}`,
    ),
  );
  report(
    figure(
      "interaction/ours",
      all.map(({ slowest }) => slowest.input + slowest.processing),
      "p98 of the same until our code was done: what follows is the browser's style, layout, paint and raster",
    ),
  );
});

test("long-tasks", async () => {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(baseUrl() + PLAIN_LESSON);
  await shows(page, PROMPT);
  await measure(page);
  const began = await page.evaluate(() => performance.now());
  await browser.startTracing(page, { categories: TASK_CATEGORIES });
  const phases: { name: string; at: number }[] = [];
  const phase = async (name: string): Promise<void> => {
    phases.push({ name, at: await page.evaluate(() => performance.now()) });
  };
  await phase("open the X-ray");
  await page.getByTestId("open-xray").click();
  for (let step = 1; ; step++) {
    await phase(`show step ${step}`);
    await page.getByTestId("solution").locator("summary").click();
    await page.getByTestId("show-me").click();
    await page.waitForSelector(".step.open[data-done=true]", { timeout: 120_000 });
    if ((await page.getByTestId("next-step").count()) === 0) break;
    const before = await page.locator(".step.open").getAttribute("data-testid");
    await phase(`go to step ${step + 1}`);
    await page.getByTestId("next-step").click();
    await page.waitForFunction(
      (id) => document.querySelector<HTMLElement>(".step.open")?.dataset["testid"] !== id,
      before,
    );
    await page.waitForFunction(
      () => document.querySelector<HTMLButtonElement>("[data-testid=reset-step]")?.disabled === false,
    );
  }
  const { frames } = await measured(page);
  const took = (await page.evaluate(() => performance.now())) - began;
  const tasks = pageTasks(await browser.stopTracing());
  await browser.close();
  const within = `in a whole lesson by "show me", X-ray open, ${Math.round(took / 1000)} s`;
  const during = (at: number): string => phases.findLast((one) => one.at <= at)?.name ?? "before";
  const figure = (name: string, times: readonly number[], context: string): Figure => {
    const long = times.filter((ms) => ms > TASK_MS);
    return {
      ...{ name, unit: "ms", better: "lower", value: Math.max(0, ...times), n: long.length, context },
      spread: long.length === 0 ? [0, 0] : spread(long),
    };
  };
  const [longest] = tasks.toSorted((a, b) => b.ms - a.ms);
  const [busiest] = tasks.toSorted((a, b) => b.cpuMs - a.cpuMs);
  const first = tasks[0]?.at ?? 0;
  const when = (at: number | undefined): string => during(began + (at ?? first) - first);
  report({
    ...figure(
      "long-tasks",
      tasks.map(({ ms }) => ms),
      `the longest task of the page ${within} (${when(longest?.at)}); n: tasks above ${TASK_MS} ms`,
    ),
    goal: `≤ ${TASK_MS} ms`,
  });
  report(
    figure(
      "long-tasks/processor",
      tasks.map(({ cpuMs }) => cpuMs),
      `processor time of the task that took most of it (${when(busiest?.at)}): without its waiting for a core`,
    ),
  );
  const [scripted] = frames.toSorted((a, b) => b.script - a.script);
  report(
    figure(
      "long-tasks/script",
      frames.map(({ script }) => script),
      `the longest that our code ran without a pause (${scripted?.called ?? "none"}, ${during(scripted?.at ?? 0)})`,
    ),
  );
  const [rendered] = frames.toSorted((a, b) => b.rendering - a.rendering);
  report(
    figure(
      "long-tasks/rendering",
      frames.map(({ rendering }) => rendering),
      `the longest style, layout and paint (${during(rendered?.at ?? 0)})`,
    ),
  );
});
