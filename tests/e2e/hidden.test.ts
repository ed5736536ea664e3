/** A tab that nobody sees: the machine pauses, unless the learner wants it to go on. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const HIDDEN_MS = 6000;

const browser = shared(launch, (started) => started.close());

/** A headless browser shows all its tabs; the page is told otherwise. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    Object.defineProperty(document, "visibilityState", {
      configurable: true,
      get: () => (isHidden ? "hidden" : "visible"),
    });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

async function phaseIs(lab: LabPage, phase: string): Promise<void> {
  await poll(async () => (await lab.phase()) === phase, { what: `the machine to be ${phase}` });
}

/** Lets time pass, which is what is tested. */
async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await poll(() => performance.now() >= end, { timeout: ms + 1000, what: "time to pass" });
}

/** Guest time in seconds since it booted, and how far its clock is from ours in milliseconds. */
async function clocks(lab: LabPage): Promise<{ uptime: number; offset: number }> {
  const mark = Math.random().toString(36).slice(2);
  const before = Date.now();
  await lab.type(`echo ${mark} $(cut -d' ' -f1 /proc/uptime) $(date +%s%3N) end`);
  const screen = await lab.screenShows(new RegExp(`\\n${mark} .* end`));
  const [, uptime, date] = new RegExp(`\\n${mark} (\\S+) (\\d+) end`).exec(screen) ?? [];
  // It was read between typing and seeing it; the nearer of the two counts.
  const [early, late] = [Number(date) - before, Number(date) - Date.now()];
  const offset = early >= 0 && late <= 0 ? 0 : Math.min(Math.abs(early), Math.abs(late));
  return { uptime: Number(uptime), offset };
}

test("pauses by itself: no guest time passes, sleep goes on where it was, and the clock is right at once", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    const began = performance.now();
    const before = await clocks(lab);
    const typed = performance.now();
    await lab.type(
      "a=$(cut -d. -f1 /proc/uptime); sleep 6; echo slept $(( $(cut -d. -f1 /proc/uptime) - a )) end-$((40+2))",
    );
    await lab.screenShows(/sleep 6/);
    await setHidden(page, true);
    await phaseIs(lab, "paused");
    await pass(HIDDEN_MS);
    expect(await lab.screen()).not.toContain("end-42");
    await setHidden(page, false);
    await phaseIs(lab, "running");
    const [, slept] = /\nslept (\d+) end-42/.exec(await lab.screenShows(/\nslept \d+ end-42/)) ?? [];
    // To the guest it was one sleep; to us the time that nobody saw came on top.
    expect(Number(slept)).toBeGreaterThanOrEqual(6);
    expect(Number(slept)).toBeLessThanOrEqual(8);
    expect(performance.now() - typed).toBeGreaterThan(HIDDEN_MS + 5500);
    const after = await clocks(lab);
    expect(after.offset).toBeLessThan(1000);
    const seen = (performance.now() - began - HIDDEN_MS) / 1000;
    expect(after.uptime - before.uptime).toBeLessThan(seen + 0.5);
  });
});

test("keeps running when the learner wants it to, and remembers that", async () => {
  const context = await browser().newContext({ serviceWorkers: "block" });
  try {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await page.getByTestId("open-settings").click();
        const box = page.getByRole("checkbox", { name: "Pause while hidden" });
        expect(await box.isChecked()).toBe(true);
        await box.uncheck();
        await page.keyboard.press("Escape");
        await lab.type("sleep 2; echo woke-$((40+2))");
        await lab.screenShows(/sleep 2/);
        await setHidden(page, true);
        await lab.screenShows(/woke-42/);
        expect(await lab.phase()).toBe("running");
      },
      { context },
    );
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await setHidden(page, true);
        const first = await clocks(lab);
        await pass(1500);
        expect((await clocks(lab)).uptime - first.uptime).toBeGreaterThan(1.4);
        // And chosen again, it holds at once.
        await page.getByTestId("open-settings").click();
        const box = page.getByRole("checkbox", { name: "Pause while hidden" });
        expect(await box.isChecked()).toBe(false);
        await box.check();
        await phaseIs(lab, "paused");
        await setHidden(page, false);
        await phaseIs(lab, "running");
      },
      { context },
    );
  } finally {
    await context.close();
  }
});
