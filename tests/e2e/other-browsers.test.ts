/**
 * A smoke test in the engines that are not Chromium's: the landing draws, the tour boots, its first step is done, a
 * command gives its output, and the X-ray shows. Debian's packages; who has none of them is told why it was left out.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../tools/build.mjs";
import { baseUrl } from "../support/browser.ts";
import { poll } from "../support/poll.ts";
import { type RemoteBrowser, startOther } from "../support/remote-browser.ts";

// An engine that compiles WebAssembly more slowly, on a busy machine.
const SLOW_MS = 90_000;
const PICTURES = join(ROOT, ".cache/other-browsers");

/** What goes wrong in the page from now on, as far as it can be heard from within. */
const LISTEN = `
  const heard = (window.heard = []);
  addEventListener("error", (event) => heard.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => heard.push(String(event.reason)));
  const { console } = window;
  const { error } = console;
  console.error = (...words) => { heard.push(words.join(" ")); error(...words); };`;

async function shows(browser: RemoteBrowser, script: string, what: string): Promise<void> {
  let last: unknown;
  await poll(
    async () => {
      last = await browser.run(script);
      return last === true;
    },
    { timeout: SLOW_MS, interval: 100, what },
  ).catch(async (error: unknown) => {
    const seen = await browser.run("return document.body.innerText.slice(0, 3000)");
    throw new Error(`the page shows: ${String(seen)}`, { cause: error });
  });
}

const screenFits = (pattern: RegExp): string =>
  `return ${String(pattern)}.test(document.querySelector("#terminal")?.vivariumTerminal?.text() ?? "")`;

/** @returns What went wrong. */
async function visit(browser: RemoteBrowser, name: string): Promise<readonly unknown[]> {
  const picture = (what: string): Promise<void> => browser.screenshot(join(PICTURES, `${name}-${what}.png`));
  mkdirSync(PICTURES, { recursive: true });
  await browser.goTo(baseUrl());
  await browser.run(LISTEN);
  await shows(browser, `return document.querySelector("h1")?.textContent.length > 0`, "the landing");
  await shows(browser, `return document.querySelectorAll("a[href*=lesson]").length > 3`, "the lessons on it");
  await picture("landing");
  const onLanding = (await browser.run("return window.heard")) as unknown[];

  await browser.goTo(`${baseUrl()}?lesson=tour/glass-box`);
  await browser.run(LISTEN);
  await shows(browser, screenFits(/[#$] .*bash\s*$/), "a prompt with the tour's first command");
  await browser.run(`document.querySelector("#terminal textarea").focus()`);
  await browser.type("\n");
  await shows(
    browser,
    `return document.querySelector("[data-testid=verdict]")?.dataset.verdict === "holds"`,
    "the first step to be done",
  );
  await browser.type("echo told-$((40+2))\n");
  await shows(browser, screenFits(/\ntold-42/), "the command's output");
  await browser.run(
    `if (document.querySelector(".xray-pane") === null) document.querySelector("[data-testid=open-xray]").click()`,
  );
  await shows(
    browser,
    `return document.querySelectorAll(".xray-pane section.machine svg, .xray-pane svg").length > 0`,
    "the X-ray",
  );
  await shows(
    browser,
    `return /bash/.test(document.querySelector(".xray-pane").textContent)`,
    "bash in the X-ray",
  );
  await picture("tour");
  const onTour = (await browser.run("return window.heard")) as unknown[];
  return [...onLanding, ...onTour, ...(await browser.complaints())];
}

// Once in 35 visits WebKitGTK's worker was silent for more than the eight seconds that the page waits, on a busy computer;
// the page said so in words. What fails twice is ours.
test.each(["Firefox", "WebKitGTK"] as const)("%s", { timeout: 400_000, retry: 1 }, async (name) => {
  const browser = await startOther(name);
  if (typeof browser === "string") return console.warn(`${name} was left out. ${browser}`);
  try {
    expect(await visit(browser, name.toLowerCase())).toEqual([]);
  } finally {
    await browser.dispose();
  }
});
