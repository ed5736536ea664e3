/** Manual pages beside the terminal. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

const PID = "?lesson=namespaces/pid-1";
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? "");

/** Opens the first manual page of the lesson's step with the keyboard. */
async function openWithKeys(page: Page, nth = 0): Promise<void> {
  await page.getByTestId("man-link").nth(nth).focus();
  await page.keyboard.press("Enter");
}

async function shows(page: Page, name: string): Promise<void> {
  await poll(
    async () =>
      (await page.getByTestId("man").getAttribute("data-kind")) === "page" &&
      (await page.getByTestId("man").locator("h2").innerText()) === name,
    { what: `${name} to be open` },
  );
}

test("a page opens beside the terminal, which can be typed in meanwhile, and Escape closes it", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await openWithKeys(page);
    await shows(page, "pid_namespaces(7)");
    const link = page.getByTestId("man-link").first();
    expect(await link.getAttribute("aria-expanded")).toBe("true");
    expect(await focused(page)).toBe("pid_namespaces(7)");
    const terminal = await page.locator("#terminal").boundingBox();
    const pane = await page.getByTestId("man").boundingBox();
    expect((terminal?.y ?? 0) + (terminal?.height ?? 0)).toBeLessThanOrEqual(pane?.y ?? 0);

    await lab.type("echo $((6 * 7))");
    await lab.screenShows(/^42$/m);
    // In the terminal Escape is the guest's.
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("man").count()).toBe(1);

    await page.getByTestId("man").locator("h2").focus();
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("man").count()).toBe(0);
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await link.getAttribute("aria-expanded")).toBe("false");
  });
});

test("a section is gone to, pages lead to others, and back to where one was", async () => {
  await withPage(browser(), async (page) => {
    await new LabPage(page).ready();
    await openWithKeys(page);
    await shows(page, "pid_namespaces(7)");
    const pane = page.getByTestId("man");
    await pane
      .locator("#man-contents")
      .getByRole("button", { name: "Adoption of orphaned children" })
      .click();
    expect(await focused(page)).toBe("Adoption of orphaned children");
    const scroller = pane.locator(".man-scroll");
    const top = await scroller.evaluate((element) => element.scrollTop);
    expect(top).toBeGreaterThan(200);
    await pane.getByTestId("man-reference").filter({ hasText: "setns(2)" }).last().click();
    await shows(page, "setns(2)");
    expect(await focused(page)).toBe("setns(2)");
    // A page that the machine has not is named, and leads nowhere.
    expect(await pane.locator(".man-plain").filter({ hasText: "open(2)" }).count()).toBeGreaterThan(0);
    await pane.getByTestId("man-back").click();
    await shows(page, "pid_namespaces(7)");
    await pane.getByTestId("man-close").click();
    expect(await page.getByTestId("man").count()).toBe(0);
  });
});

test("a lesson opens a section of a page, with its heading focused", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.run("unshare --pid");
      await page.getByTestId("man-link").first().waitFor();
      await openWithKeys(page);
      await shows(page, "pid_namespaces(7)");
      expect(await focused(page)).toBe("The namespace init process");
    },
    { path: PID },
  );
});

test("a page that does not come is told in words, and where else it is", async () => {
  await withPage(
    browser(),
    async (page) => {
      await new LabPage(page).ready();
      await page.route("**/man/*.txt", (route) => route.abort());
      await openWithKeys(page);
      const fault = page.getByTestId("man-fault");
      await poll(async () => (await fault.count()) > 0, { what: "the words" });
      expect(await fault.innerText()).toMatch(
        /pid_namespaces\(7\) could not be fetched\..* Nothing was lost/,
      );
      expect(await fault.locator("a").getAttribute("href")).toBe(
        "https://manpages.debian.org/bookworm/pid_namespaces.7",
      );
      expect(await fault.locator("a").getAttribute("rel")).toMatch(/noopener/);
      await page.unroute("**/man/*.txt");
      await page.getByTestId("man-retry").click();
      await shows(page, "pid_namespaces(7)");
    },
    { expected: [/Failed to load resource/] },
  );
});

test("a page that the machine has not is told in words", async () => {
  await withPage(browser(), async (page) => {
    await new LabPage(page).ready();
    await page.route("**/man/*.json", (route) => route.fulfill({ json: {} }));
    await openWithKeys(page);
    const fault = page.getByTestId("man-fault");
    await poll(async () => (await fault.count()) > 0, { what: "the words" });
    expect(await fault.innerText()).toMatch(/This machine has no manual page pid_namespaces\(7\)/);
    expect(await page.getByTestId("man-retry").count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("man").count()).toBe(0);
  });
});
