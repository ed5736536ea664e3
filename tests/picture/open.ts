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
