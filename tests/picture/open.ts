/** Builds the harness, serves it under the product's policy, and opens a Chromium for it. */
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { chromium as findChromium } from "../../tools/chromium.mjs";
import { serve } from "../../tools/serve.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = fileURLToPath(new URL("../../.cache/picture", import.meta.url));

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong in it so far. */
  readonly complaints: readonly string[];
}

/**
 * What can be read on the screen of each element of `selector`, with one space for any white space: not what is hidden,
 * folded, transparent, cut off at an edge, or in a tooltip.
 */
export async function readable(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((elements) => {
    const isCutOff = (range: Range, parent: Element): boolean => {
      const { left, right, width } = range.getBoundingClientRect();
      if (width === 0) return true;
      for (let around: Element | null = parent; around !== null; around = around.parentElement) {
        if (!/hidden|clip/.test(getComputedStyle(around).overflowX)) continue;
        const edge = around.getBoundingClientRect();
        if (left < edge.left - 1 || right > edge.right + 1) return true;
      }
      return false;
    };
    return elements.map((element) => {
      const words: string[] = [];
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
        const parent = text.parentElement;
        if (parent?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) !== true) continue;
        range.selectNodeContents(text);
        if (!isCutOff(range, parent)) words.push(text.textContent ?? "");
      }
      return words.join(" ").replaceAll(/\s+/g, " ").trim();
    });
  });
}

export interface Harness {
  /** @param query As the harness takes it. */
  open(query: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

export async function openHarness(): Promise<Harness> {
  await build({
    configFile: false,
    root: ROOT,
    base: "./",
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: OUT,
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: fileURLToPath(new URL("./harness.html", import.meta.url)) },
    },
  });
  const server = await serve({ root: OUT });
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  return {
    async open(query, options = {}) {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        reducedMotion: "reduce",
        ...options,
      });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.goto(new URL(`tests/picture/harness.html?${query}`, server.url).href);
      await page.waitForSelector("body[data-ready]");
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
