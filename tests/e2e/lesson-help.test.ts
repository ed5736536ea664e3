/** What the page does for a learner: shows a solution, does the steps before, keeps two terminals apart. */
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

test("a solution is typed on request, as far as the learner wants it", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    const button = page.getByTestId("show-me");
    await poll(() => button.isEnabled(), { what: "the button to be ready" });
    await button.click();
    await poll(async () => (await button.innerText()) === "Stop typing", { what: "the typing to begin" });
    await lab.screenShows(/sleep 1000 &\n\[1\] \d+/);
    await lab.verdictIs("holds");
    await poll(async () => (await button.innerText()).startsWith("Show me"), { what: "the typing to end" });

    await lab.next();
    await poll(() => button.isEnabled(), { what: "the button to be ready" });
    // As quickly as it can be stopped: the whole line takes a second.
    await button.evaluate(async (element: HTMLButtonElement) => {
      element.click();
      while (element.textContent !== "Stop typing")
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      element.click();
    });
    await poll(async () => (await page.getByTestId("activity").count()) === 0, {
      what: "the typing to stop",
    });
    // What was typed so far gives way to the next line, and nothing was entered.
    await lab.run("ls /", 0);
    await lab.screenShows(/# ls \/\nbin /);
    expect(await lab.screen()).not.toMatch(/unshare --pid bash/);
  });
});

test("on a fresh machine the earlier steps are done on request", { timeout: 180_000 }, async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.doFirstStep();
    await lab.next();
    await lab.next();
    await lab.restart();
    await poll(async () => (await lab.phase()) === "starting", { what: "the machine to start again" });
    await lab.ready();
    const button = page.getByTestId("catch-up");
    await poll(() => button.isEnabled(), { what: "the beginning of the machine to be kept" });
    await button.click();
    await poll(async () => (await page.getByTestId("activity").count()) > 0, {
      what: "it to say what it does",
    });
    await poll(async () => (await page.getByTestId("activity").count()) === 0, {
      timeout: 60_000,
      what: "the steps to be done",
    });
    await lab.screenShows(/sleep 1000 &[\s\S]*unshare --pid bash[\s\S]*ls \//);
    expect(await lab.openStepId()).toBe("step-fork");
    // The second step is the machine's now, and not the learner's.
    expect(await lab.isDone("without-fork")).toBe(false);
    await lab.type("true");
    await lab.verdictSays("not-yet", "still in the shell of the step before");
  });
});

test("hints come one after the other, from the step's bar", async () => {
  await withPage(browser(), async (page) => {
    const ask = page.getByTestId("ask-hint");
    const hint = page.getByTestId("hint").first();
    await ask.waitFor();
    expect(await hint.getAttribute("open")).toBe(null);
    await ask.click();
    expect(await hint.innerText()).toMatch(/in the\s+background/);
    // This step has one, and there is nothing more to ask for.
    await poll(() => ask.isDisabled(), { what: "the last hint to be given" });
  });
});

test("a lesson with two terminals types into the one it means", { timeout: 180_000 }, async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.screenShows(/learner@vivarium:.*\$ *$/);
      await lab.run("unshare --user bash");
      await lab.verdictIs("holds");
      await lab.next();
      await lab.run("pid=$(lsns");
      await lab.screenShows(/pid=\$\(lsns[\s\S]*\n\d+\n/);
      expect(await page.getByTestId("terminal-tab-outside").getAttribute("aria-pressed")).toBe("true");
      await lab.run("> /proc/$pid/uid_map");
      await lab.verdictIs("holds");
      await lab.run("id -u");
      expect(await page.getByTestId("terminal-tab-inside").getAttribute("aria-pressed")).toBe("true");
      await lab.screenShows(/\$ unshare --user bash\n[\s\S]*id -u\n0\n/);
      await page.getByTestId("terminal-tab-outside").click();
      await lab.type("id -u");
      await lab.screenShows(/uid_map\n[\s\S]*id -u\n1000\n/);
    },
    { path: "?lesson=namespaces/user" },
  );
});

test("another lesson is chosen in the page's head", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await page.getByTestId("choose-lesson").selectOption({ label: "Being PID 1" });
    await page.waitForURL(/lesson=namespaces(%2F|\/)pid-1/);
    await lab.ready();
    expect(await page.locator("h1").innerText()).toBe("Being PID 1");
  });
});
