/** What was on the terminal is there after a reload, above the fresh machine's screen. */
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

const KEY = "vivarium/terminal";
const LINE = "── Above: before the page was loaded again. The machine has started anew. ──";

/** The part that keeps it comes when the page is at rest. */
async function keeps(lab: LabPage, words: string): Promise<void> {
  const kept = (): Promise<boolean> =>
    lab.page.evaluate(
      ([key, wanted]) => {
        dispatchEvent(new PageTransitionEvent("pagehide"));
        return sessionStorage.getItem(key ?? "")?.includes(wanted ?? "") === true;
      },
      [KEY, words],
    );
  await poll(kept, { timeout: 20_000, interval: 100, what: `"${words}" to be kept` });
}

test("a reload keeps the terminal's past above the new prompt, and says so", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await lab.type("seq 200; echo first-$((40+2)) >/run/mark; cat /run/mark");
    await lab.screenShows(/\nfirst-42\n/);
    await keeps(lab, "first-42");
    await page.reload();
    await lab.ready();
    await lab.type("cat /run/mark; echo second-$((40+2))");
    const screen = await lab.screenShows(/\nsecond-42\n/);
    const [past = "", present = ""] = screen.split(LINE);
    for (const words of ["\n1\n2\n3\n", "\n199\n200\nfirst-42\n"]) expect(past).toContain(words);
    // The machine is a fresh one, and its screen has its own first line at the top.
    expect(present).toMatch(/^\n[^\n]*[#$] cat \/run\/mark[^\n]*\n.*No such file[^\n]*\nsecond-42\n/);

    // What is there by then is the past of the next time, with its line.
    await keeps(lab, "second-42");
    await page.reload();
    await lab.ready();
    const twice = await lab.screenShows(/second-42/);
    expect(twice.split(LINE)).toHaveLength(3);
    expect(twice.indexOf("first-42")).toBeLessThan(twice.indexOf("second-42"));
  });
});

test("what is kept is bounded, and another tab knows nothing of it", async () => {
  const context = await browser().newContext({ serviceWorkers: "block" });
  try {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await lab.type(`for i in $(seq 900); do printf '%0400d\\n' $i; done; echo done-$((40+2))`);
        await lab.screenShows(/\ndone-42\n/, 60_000);
        await keeps(lab, "done-42");
        const size = await page.evaluate((key) => sessionStorage.getItem(key)?.length ?? 0, KEY);
        expect(size).toBeGreaterThan(10_000);
        expect(size).toBeLessThanOrEqual(256 * 1024);
      },
      { context },
    );
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        expect(await lab.screen()).not.toContain("done-42");
        expect(await lab.screen()).not.toContain("──");
      },
      { context },
    );
  } finally {
    await context.close();
  }
});
