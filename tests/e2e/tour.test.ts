/** The tour, as somebody sees it who has never been here: what opens by itself, and what one takes home. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

/** What the product promises of a first visit. */
const FIRST_SUCCESS_MS = 60_000;
const FIRST_SUCCESS_KEYS = 3;
const LINE = /# unshare --pid --fork --mount-proc --uts --net bash\s*$/;

async function xrayShows(page: Page, pattern: RegExp): Promise<void> {
  await poll(async () => pattern.test(await page.getByTestId("xray").innerText()), {
    what: `${pattern} in the X-ray`,
    timeout: 30_000,
  });
}

/** Chooses a process in the picture, by its name and its number inside. */
async function choose(page: Page, name: string, inside: number): Promise<void> {
  const row = page
    .getByTestId("xray")
    .getByRole("button", { name: new RegExp(`^\\d+ ${name}\\b.*\\b${inside}\\b`) });
  await row.first().click();
}

async function send(page: Page, signal: string): Promise<void> {
  await page
    .getByTestId("xray")
    .getByRole("button", { name: new RegExp(`^Send ${signal} to`) })
    .click();
}

describe("the tour", () => {
  test(
    "a first visit succeeds at once, and ends with a postcard that replays",
    { timeout: 300_000 },
    async () => {
      let link = "";
      await withPage(
        browser(),
        async (page) => {
          const lab = new LabPage(page);
          let keys = 0;
          const press = async (key: string): Promise<void> => {
            keys++;
            await page.keyboard.press(key);
          };
          // The landing's first link is the way.
          await page.getByTestId("landing").waitFor();
          await press("Tab");
          expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(
            /^Start the tour · \d+ min$/,
          );
          await press("Enter");
          // A line stands there, and the X-ray beside it, before anything was done.
          await lab.screenShows(LINE, FIRST_SUCCESS_MS);
          expect(await page.getByTestId("open-xray").getAttribute("aria-pressed")).toBe("true");
          await poll(async () => (await page.getByTestId("typed").innerText()).includes("Enter"), {
            what: "the page to say so",
          });
          await press("Enter");
          await lab.verdictIs("holds", FIRST_SUCCESS_MS);
          const took = await page.evaluate(() => performance.now());
          expect(took).toBeLessThan(FIRST_SUCCESS_MS);
          expect(keys).toBeLessThanOrEqual(FIRST_SUCCESS_KEYS);
          await xrayShows(page, /Container of bash/);

          await lab.next();
          await lab.run("ps -e");
          await lab.screenShows(/ 1 \S+ +\S+ bash\n +\d+ \S+ +\S+ ps\n/);
          await lab.run("sleep 1000");
          await lab.verdictIs("holds");

          // A closed X-ray stays closed until the next step speaks of it.
          await page.getByTestId("open-xray").click();
          await lab.next();
          expect(await page.getByTestId("open-xray").getAttribute("aria-pressed")).toBe("true");
          await choose(page, "sleep", 3);
          await send(page, "SIGTERM");
          await lab.verdictIs("holds");
          await xrayShows(page, /SIGTERM ended sleep/);

          await lab.next();
          await lab.run("sleep 2000");
          await lab.screenShows(/\[\d\] \d+\n\[\d\] \d+/);
          await lab.run("kill -KILL 1");
          await lab.screenShows(/kill said 0/);
          await choose(page, "bash", 1);
          await send(page, "SIGTERM");
          await xrayShows(page, /SIGTERM was sent, and bash \(\d+\) is still there/);
          await send(page, "SIGKILL");
          await lab.verdictIs("holds");
          await xrayShows(page, /SIGKILL ended bash.*PID 1 of its namespace/s);

          const postcard = page.getByTestId("postcard");
          await postcard.locator("img").scrollIntoViewIfNeeded();
          await poll(
            () => postcard.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth > 0),
            {
              what: "the postcard's picture",
            },
          );
          const saved = page.waitForEvent("download");
          await page.getByTestId("save-postcard").click();
          expect((await saved).suggestedFilename()).toBe("vivarium-tour-glass-box.png");
          link = (await page.getByTestId("copy-link").getAttribute("data-link")) ?? "";
          expect(link).toMatch(/\?lesson=tour\/glass-box&replay$/);
        },
        { path: "" },
      );

      await withPage(
        browser(),
        async (page) => {
          const lab = new LabPage(page);
          const state = async (): Promise<string | null> =>
            page.getByTestId("replay").getAttribute("data-state");
          await lab.ready();
          const play = page.getByTestId("play-replay");
          await poll(() => play.isEnabled(), { what: "the replay to be ready" });
          // Nothing is typed and nothing is done before it is asked for.
          expect(await state()).toBe("offered");
          expect(await lab.screen()).not.toMatch(/unshare/);
          await play.click();
          await lab.screenShows(/unshare --pid/);
          expect(await page.getByTestId("open-xray").getAttribute("aria-pressed")).toBe("true");
          await page.getByTestId("stop-replay").click();
          await poll(async () => (await state()) === "stopped", { what: "the replay to stop" });
          await play.click();
          await poll(async () => (await state()) === "over", { what: "the replay's end", timeout: 150_000 });
          // All that the text tells was done, and not its solutions alone.
          expect(await lab.screen()).toMatch(/ps -e\n[\s\S]*kill said 0/);
          await page.getByTestId("postcard").waitFor();
          await page.getByTestId("own-lesson").click();
          await page.waitForURL(/\?lesson=tour\/glass-box$/);
          await lab.screenShows(LINE, FIRST_SUCCESS_MS);
          // What was watched was not done.
          expect(await lab.isDone("box")).toBe(false);
        },
        { path: link },
      );
    },
  );

  test("a line is not typed over what the learner types, and is there again after a reset", async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.screenShows(LINE);
        const reset = page.getByTestId("reset-step");
        await poll(() => reset.isEnabled(), { what: "the step's checkpoint" });
        await page.keyboard.press("Control+U");
        await lab.type("echo ok$((40+2))");
        await lab.screenShows(/\nok42\n.*#\s*$/);
        await lab.reset();
        await lab.screenShows(LINE);
        expect((await lab.screen()).match(/unshare/g)).toHaveLength(1);
      },
      { path: "?lesson=tour/glass-box" },
    );
  });
});
