import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { readManifest } from "../../src/cli/index.ts";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser.close());

const UNSHARE = "unshare --user --map-root-user --pid --fork --mount-proc --uts --net bash";

/** The page with its X-ray open. */
async function withXray(
  work: (lab: LabPage) => Promise<void>,
  { width = 1440, break: spoil }: { width?: number; break?: string } = {},
): Promise<void> {
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width, height: 1000 } });
  try {
    const page = await context.newPage();
    if (spoil !== undefined) await page.route(spoil, (route) => route.abort());
    await page.goto(baseUrl() + PLAIN_LESSON);
    const lab = new LabPage(page);
    await lab.ready();
    await page.getByTestId(width > 900 ? "open-xray" : "panel-xray").click();
    await work(lab);
  } finally {
    await context.close();
  }
}

async function textOf(lab: LabPage): Promise<string> {
  return lab.page.getByTestId("xray").innerText();
}

async function shows(lab: LabPage, pattern: RegExp): Promise<string> {
  return poll(
    async () => {
      const text = await textOf(lab);
      return pattern.test(text) && text;
    },
    { what: `${pattern} in the X-ray`, timeout: 30_000 },
  );
}

async function type(lab: LabPage, line: string): Promise<void> {
  await lab.page.locator("#terminal").click();
  await lab.page.keyboard.type(line);
  await lab.page.keyboard.press("Enter");
}

describe("the X-ray", () => {
  test("shows a container that is made by hand, tells of it, and goes back to before it", async () => {
    await withXray(async (lab) => {
      await shows(lab, /kernel threads/);
      await type(lab, UNSHARE);
      await type(lab, "hostname box; sleep 1234 &");
      const text = await shows(lab, /Container “box”[^]*sleep/);
      expect(text).toContain("root (0) in here is user 0 outside");
      await shows(lab, /became `?sleep`?|`?bash`? \(\d+\)/);
      // Back in time, and live again.
      const { page } = lab;
      await page.locator('[data-testid="xray"] input[type="range"]').evaluate((input: HTMLInputElement) => {
        input.value = "0";
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      await poll(async () => !(await textOf(lab)).includes("Container “box”"), { what: "the time before" });
      await page.getByRole("button", { name: "Live", exact: true }).click();
      await shows(lab, /Container “box”/);
    });
  });

  test("has the same facts as tables", async () => {
    await withXray(async (lab) => {
      await type(lab, UNSHARE);
      await lab.page.getByRole("button", { name: "Table", exact: true }).click();
      const rows = lab.page.getByRole("region", { name: "Table of processes" }).locator("tr");
      await poll(async () => (await rows.allInnerTexts()).some((row) => /\bunshare\b/.test(row)), {
        what: "a row for unshare",
        timeout: 20_000,
      });
    });
  });

  test("says so where the kernel's memory cannot be read, and shows what the agent tells", async () => {
    const { layout } = (await readManifest("base")).kernelInfo;
    await withXray(
      async (lab) => {
        const text = await shows(lab, /knows of this kernel could not be loaded/);
        expect(text).toContain("bash");
      },
      { break: `**/store/${layout.sha256}*` },
    );
  });

  test("fits a small screen", async () => {
    await withXray(
      async (lab) => {
        await shows(lab, /kernel threads/);
        const { scrollWidth, clientWidth } = await lab.page.evaluate(() => document.documentElement);
        expect(scrollWidth).toBe(clientWidth);
      },
      { width: 390 },
    );
  });
});
