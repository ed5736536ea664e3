import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

/** The `data-testid` of what has the focus. */
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset["testid"]);

/** Goes on with Tab until something has the focus, as far as a person would. */
async function tabTo(page: Page, testId: string, presses = 30): Promise<void> {
  for (let i = 0; i < presses; i++) {
    if ((await focused(page)) === testId) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${testId} was not reached in ${presses} steps; ${await focused(page)} has the focus`);
}

test("opens, shows a package and its licence, and closes, all by keyboard", async () => {
  await withPage(browser(), async (page) => {
    await new LabPage(page).ready();
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    const about = page.getByTestId("about");
    expect(await about.count()).toBe(0);

    await page.getByTestId("open-xray").focus();
    await tabTo(page, "open-about", 3);
    await page.keyboard.press("Enter");
    await about.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("about-title");
    await poll(async () => (await page.getByTestId("about-version").count()) === 1);
    expect(await page.getByTestId("about-version").innerText()).toMatch(/^Vivarium \d\S+ · Linux 6\.1\.\d+$/);
    const words = await about.innerText();
    for (const said of ["CC BY-SA 4.0", "Linux (GPL-2.0", "SeaBIOS", "Offer of source", "images:sources DIR"])
      expect(words).toContain(said);
    // The texts wait until somebody wants to read them.
    expect(fetched.filter((path) => path.includes("/about/"))).toEqual(["/about/about.json"]);

    for (const [name, licence, version] of [
      ["bash", /Free Software Foundation/, /5\.2/],
      ["v86", /The v86 contributors[\s\S]*SoftFloat/, /0\.5\.462/],
      ["GPL-3", /GNU GENERAL PUBLIC LICENSE\s+Version 3/, /^/],
    ] as const) {
      const part = page.getByTestId(`part-${name}`);
      const summary = part.locator("summary");
      expect(await summary.innerText()).toMatch(version);
      await summary.focus();
      await page.keyboard.press("Enter");
      await poll(async () => licence.test(await part.locator("pre").innerText()), {
        what: `${name}'s licence`,
      });
      // What scrolls can be scrolled without a mouse.
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("PRE");
    }
    expect(fetched.filter((path) => path.endsWith(".txt"))).toEqual([
      "/about/machine/bash.txt",
      "/about/page/v86.txt",
      "/about/machine/GPL-3.txt",
    ]);

    await page.keyboard.press("Escape");
    await about.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("open-about");
  });
});

test("has everything in reach on a small screen, and a button that closes it", async () => {
  await withPage(browser(), async (page) => {
    await page.setViewportSize({ width: 390, height: 740 });
    await page.getByTestId("open-about").click();
    await poll(async () => (await page.getByTestId("about-version").count()) === 1);
    const width = await page
      .getByTestId("about")
      .evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
    expect(width[0]).toBe(width[1]);
    await page.getByTestId("part-iproute2").scrollIntoViewIfNeeded();
    // The way out stays in sight.
    await page.getByTestId("close-about").click();
    await page.getByTestId("about").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("open-about");
  });
});

test("that cannot be fetched says so and keeps the page", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await page.route("**/about/about.json", (route) => route.abort("connectionrefused"));
      await page.getByTestId("open-about").click();
      const about = page.getByTestId("about");
      await poll(async () => (await about.innerText()).includes("could not be fetched"));
      await page.keyboard.press("Escape");
      await page.unroute("**/about/about.json");
      await page.getByTestId("open-about").click();
      await poll(async () => (await page.getByTestId("about-version").count()) === 1);
    },
    { expected: [/Failed to load resource/] },
  );
});
