/** What a learner takes along and leaves behind: transcript, progress, starting over; and choosing on a phone. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

/** Clicks what saves a file, and reads it. */
async function saved(page: Page, button: string): Promise<{ name: string; text: string }> {
  const downloading = page.waitForEvent("download");
  await page.getByTestId(button).click();
  const download = await downloading;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

async function said(page: Page, words: string): Promise<void> {
  const output = page.getByTestId("menu-said");
  await poll(async () => (await output.innerText()).includes(words), { what: `"${words}" to be said` });
}

async function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? null);
}

test(
  "a transcript is saved; progress is exported, erased, and imported again",
  { timeout: 180_000 },
  async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.type("echo beside the point");
      await lab.verdictSays("not-yet", "There is no sleep running.");
      await lab.type("less /etc/passwd");
      await lab.screenShows(/root:x:0:0/);
      await page.keyboard.press("q");
      await lab.prompt();
      await lab.run("sleep 1000");
      await lab.verdictIs("holds");
      await lab.next();
      await page.getByTestId("question-second-ls").getByText("Both work").click();

      // By keyboard, with the focus back where it was.
      await page.getByTestId("open-lesson-menu").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Lesson and progress" }).waitFor();
      expect(await page.getByTestId("where-kept").innerText()).toContain("kept in this browser");

      const transcript = await saved(page, "save-transcript");
      expect(transcript.name).toMatch(/^namespaces-pid-\d{4}-\d\d-\d\d\.txt$/);
      const words = [
        /^PID namespaces \(namespaces\/pid, version \d+\)\n/,
        /── \d\d:\d\d:\d\d Step 1: .*\n.*# echo beside the point\nbeside the point\n/,
        /── \d\d:\d\d:\d\d Not yet\. .*There is no sleep running\./,
        /# less \/etc\/passwd\n\[full-screen program\]\n/,
        /# sleep 1000 &\n\[1\] \d+\n/,
        /── \d\d:\d\d:\d\d Step 1 is done: /,
        /── \d\d:\d\d:\d\d Step 2: /,
        /You said: Both work/,
      ];
      let from = 0;
      for (const pattern of words) {
        const rest = transcript.text.slice(from);
        expect(rest).toMatch(pattern);
        from += rest.search(pattern);
      }
      // oxlint-disable-next-line no-control-regex -- none of these is text
      expect(transcript.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|root:x:0:0|history -c/);

      await page.getByTestId("erase-progress").click();
      const progress = await saved(page, "export-first");
      expect(progress.name).toMatch(/^vivarium-progress-\d{4}-\d\d-\d\d\.json$/);
      expect(JSON.parse(progress.text)).toMatchObject({
        format: "vivarium-progress",
        schema: 1,
        lessons: [{ lesson: "namespaces/pid", current: "without-fork", answers: { "second-ls": 0 } }],
      });
      await page.getByTestId("erase-progress-sure").click();
      await said(page, "Erased.");
      await poll(async () => (await focused(page)) === "erase-progress", {
        what: "the focus on erase-progress",
      });
      expect(await lab.openStepId()).toBe("step-look-around");
      expect(await lab.isDone("look-around")).toBe(false);
      expect(JSON.parse((await saved(page, "export-progress")).text)).toMatchObject({ lessons: [] });

      const input = page.getByTestId("import-file");
      const give = (text: string): Promise<void> =>
        input.setInputFiles({ name: "file.json", mimeType: "application/json", buffer: Buffer.from(text) });
      await give(progress.text.slice(0, -20));
      await said(page, "it is not JSON. Nothing was changed.");
      await give(progress.text.replace('"schema": 1', '"schema": 7'));
      await said(page, "newer version of Vivarium than this page");
      expect(await lab.isDone("look-around")).toBe(false);
      await give(progress.text);
      await said(page, "Imported; lessons in the file: 1.");
      expect(await lab.isDone("look-around")).toBe(true);
      expect(await lab.openStepId()).toBe("step-without-fork");
      await page.keyboard.press("Escape");
      await page.getByTestId("lesson-menu").waitFor({ state: "detached" });
      await poll(async () => (await focused(page)) === "open-lesson-menu", {
        what: "the focus on open-lesson-menu",
      });

      await page.reload();
      await lab.ready();
      await poll(() => lab.isDone("look-around"), { what: "the progress to be back" });
    });
  },
);

test("a lesson is started over, after it was asked once", { timeout: 120_000 }, async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    // What is done sooner is part of the beginning.
    await poll(() => page.getByTestId("reset-step").isEnabled(), { what: "the beginning to be kept" });
    await lab.run("sleep 1000");
    await lab.verdictIs("holds");
    await lab.next();
    await page.getByTestId("open-lesson-menu").click();
    await page.getByTestId("start-over").click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await poll(async () => (await focused(page)) === "start-over", { what: "the focus on start-over" });
    expect(await lab.isDone("look-around")).toBe(true);
    await page.getByTestId("start-over").click();
    await page.getByTestId("start-over-sure").click();
    await page.getByTestId("lesson-menu").waitFor({ state: "detached" });
    await poll(async () => (await lab.openStepId()) === "step-look-around", {
      what: "the first step to be open",
    });
    expect(await lab.isDone("look-around")).toBe(false);
    // As after each step that is opened.
    await poll(() => page.evaluate(() => document.activeElement?.matches(".step.open h3") === true), {
      what: "its heading to have the focus",
    });
    await poll(async () => !(await lab.screen()).includes("sleep"), { what: "the screen to be as it was" });
    await lab.type("pgrep sleep || echo nobody sleeps");
    await lab.screenShows(/^nobody sleeps$/m);
    await lab.verdictSays("not-yet", "There is no sleep running.");
  });
});

test("where the browser stores nothing, it is said, and a file keeps it", async () => {
  const context = await browser().newContext({ serviceWorkers: "block" });
  await context.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException("not here", "SecurityError");
    };
  });
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await page.getByTestId("open-lesson-menu").click();
      expect(await page.getByTestId("where-kept").innerText()).toContain("Export it to keep it");
      const { text } = await saved(page, "export-progress");
      expect(JSON.parse(text)).toMatchObject({ lessons: [{ done: ["look-around"] }] });
    },
    { context },
  );
  await context.close();
});

test("on a phone every lesson can be chosen", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      expect(await page.getByTestId("choose-lesson").isVisible()).toBe(false);
      const choice = page.getByRole("combobox", { name: "Lesson" });
      expect(await choice.locator('optgroup[label="Namespaces"] option').count()).toBeGreaterThan(1);
      await choice.selectOption({ label: "Being PID 1" });
      await page.waitForURL(/lesson=namespaces(%2F|\/)pid-1/);
      await poll(async () => (await page.locator("h1").innerText()) === "Being PID 1", {
        what: "the other lesson to open",
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    },
    { visitor: { viewport: { width: 390, height: 844 } } },
  );
});
