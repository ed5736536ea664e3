/** Over plain http from another machine a page has no secure context: no `crypto.subtle`, no service worker, no clipboard. */
import { expect, test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

/** A name that is no loopback address, for what is served here. */
const HOST = "lab.example";
const browser = shared(
  () => launch([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]),
  (started) => started.close(),
);

test("a lab works, keeps progress and copies without a secure context", async () => {
  const context = await browser().newContext();
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    const site = new URL(baseUrl());
    site.hostname = HOST;
    await page.goto(site.href + PLAIN_LESSON);
    const has = await page.evaluate(() => ({
      secure: isSecureContext,
      subtle: (crypto as { subtle?: unknown }).subtle !== undefined,
      worker: "serviceWorker" in navigator,
      clipboard: "clipboard" in navigator,
    }));
    expect(has).toEqual({ secure: false, subtle: false, worker: false, clipboard: false });

    const lab = new LabPage(page);
    // Each file's hash is compared, in JavaScript.
    await lab.doFirstStep();
    await lab.type("echo plain $((40+2))");
    await lab.screenShows(/plain 42/);

    // What is copied by a button is there to be pasted.
    const command = lab.step.locator(".prose").getByTestId("command").first();
    const copied = (await command.locator("code").innerText()).trim();
    await command.getByRole("button", { name: /^Copy/ }).click();
    await page.evaluate(() => {
      const area = document.createElement("textarea");
      area.id = "pasted";
      document.body.prepend(area);
      area.focus();
    });
    await page.keyboard.press("Control+V");
    await poll(async () => (await page.locator("#pasted").inputValue()).trim() === copied, {
      what: `"${copied}" to be pasted; there is "${await page.locator("#pasted").inputValue()}"`,
    });

    const step = (await lab.openStepId())?.replace(/^step-/, "") ?? "";
    await page.reload();
    await lab.ready();
    expect(await lab.isDone(step)).toBe(true);

    await page.goto(site.href);
    await page.getByTestId("open-offline").click();
    await poll(
      async () =>
        (await page.getByTestId("offline-use").innerText()).includes("only where they come over https"),
      {
        what: "the reason why nothing is kept for offline use",
      },
    );
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
});
