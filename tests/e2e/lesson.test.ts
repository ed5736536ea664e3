import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { poll } from "../support/poll.ts";
import { deferred } from "../../src/base/index.ts";
import { LabPage, timeToVerdict } from "./lab.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser.close());

test("a verdict is said once to who listens, when it changes", async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await lab.verdictSays("waiting", "Waiting");
    // What a screen reader is told: each live region's words, whenever they change.
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(globalThis, { said });
      const regions = new Map<Element, string>();
      const look = (): void => {
        for (const region of document.querySelectorAll<HTMLElement>(
          "[aria-live], output, [role=status], [role=alert]",
        )) {
          const words = region.innerText.trim();
          if (regions.get(region) !== words && regions.has(region) && words !== "") said.push(words);
          regions.set(region, words);
        }
      };
      look();
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    await lab.type("echo $$");
    await lab.verdictSays("not-yet", "There is no sleep running.");
    await lab.type("sleep 1000 &");
    const holds = await lab.verdictIs("holds");
    // The guest goes on, and is looked at, several times a second.
    await lab.type("for i in 1 2 3 4 5 6; do sleep 0.3; done; echo over-$((40+2))");
    await lab.screenShows(/\nover-42\n/);
    const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
    expect(said.filter((words) => words.includes("There is no sleep running."))).toHaveLength(1);
    expect(said.filter((words) => words === holds.trim())).toHaveLength(1);
  });
});

test("a learner goes through the PID lesson, by way of a few wrong turns", { timeout: 180_000 }, async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await lab.verdictSays("waiting", "Waiting");

    // Step 1: something true but beside the point first.
    await lab.run("echo $$");
    await lab.verdictSays("not-yet", "There is no sleep running.");
    await lab.run("sleep 1000");
    await lab.verdictIs("holds");
    await lab.run("ps -o");
    await lab.screenShows(/4026531836 sleep/);
    await lab.next();

    // Step 2: with --fork, which the step is about to do without.
    await lab.type("unshare --pid --fork bash");
    await lab.verdictSays("not-yet", "--fork was given");
    await lab.reset();
    await poll(async () => !(await lab.screen()).includes("--fork"), {
      what: "the screen to be as it was",
    });
    await page.getByTestId("question-second-ls").getByText("Both work").click();
    await lab.run("unshare --pid bash");
    await lab.prompt();
    await lab.run("ls /", 0);
    await lab.screenShows(/bin .*\n(.*\n)*.*# $|# *$/);
    await lab.run("ls /", 1);
    await lab.screenShows(/fork: Cannot allocate memory/);
    await lab.verdictSays("holds", "bash never moved");
    await poll(async () => /The kernel did:/.test(await lab.step.innerText()), {
      what: "the outcome to be shown",
    });
    await lab.next();

    // Step 3: forgetting to leave.
    await lab.type("unshare --pid --fork bash");
    await lab.verdictSays("not-yet", "still in the shell of the step before");
    await lab.run("exit");
    await lab.screenShows(/exit\n.*# *$/);
    await lab.run("unshare --pid --fork bash");
    await lab.verdictIs("holds");
    await lab.run("echo $$");
    await lab.screenShows(/echo \$\$\n1\n/);
    await lab.next();

    // Step 4: without --mount-proc.
    await lab.verdictSays("waiting", "Waiting");
    await lab.type("true");
    await lab.verdictSays("not-yet", "still lists the outer namespace");
    await lab.run("exit");
    await lab.screenShows(/exit\n.*# *$/);
    await lab.run("unshare --pid --fork --mount-proc bash");
    await lab.verdictIs("holds");
    await lab.run("ps -e");
    await lab.screenShows(/1 pts\/\d .* bash\n +\d+ pts\/\d .* ps\n/);
    await lab.next();

    // Step 5: without coming out first.
    await lab.run("unshare");
    await lab.verdictSays("not-yet", "three numbers");
    await lab.reset();
    await lab.run("exit");
    await lab.screenShows(/exit\n.*# *$/);
    await lab.run("unshare");
    await lab.verdictIs("holds");
    await lab.run("grep");
    await lab.screenShows(/NSpid:\s+\d+\s+1\nNSpid:\s+\d+\s+3\n/);
    await lab.next();

    // Step 6: killing the wrong one.
    await lab.type("pkill -n sleep");
    await poll(async () => (await lab.verdict.innerText()).includes("lives on"), { timeout: 20_000 });
    await lab.run("pkill -KILL");
    await lab.verdictIs("holds");
    await poll(() => page.getByTestId("lesson-complete").isVisible(), { what: "the end of the lesson" });

    await page.reload();
    await lab.ready();
    await poll(() => page.getByTestId("lesson-complete").isVisible(), { what: "the progress to be back" });
    expect(await lab.openStepId()).toBe("step-kill-the-world");
  });
});

test("a verdict follows the fact by itself, again and again", async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    for (let i = 0; i < 5; i++) {
      const time = timeToVerdict(page);
      await lab.type("sleep 1000 &");
      // How soon it is on a quiet machine, the benchmark `verdict` tells.
      expect(await time).toBeLessThan(5000);
      await lab.type("kill %%");
      await poll(async () => (await lab.live()) !== "holds", {
        what: "the verdict to follow the facts",
      });
    }
  });
});

test("the terminal's size reaches the guest, and follows the window", async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    const size = (): Promise<string> =>
      page.evaluate(() => {
        const probe = document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal;
        return `${probe?.rows} ${probe?.cols}`;
      });
    await page.setViewportSize({ width: 1200, height: 800 });
    await lab.ready();
    await lab.type("stty size");
    await lab.screenShows(new RegExp(`stty size\\n${await size()}\\n`));
    const before = await size();
    await page.setViewportSize({ width: 900, height: 600 });
    await poll(async () => (await size()) !== before, { what: "the terminal to shrink" });
    await lab.type("clear; stty size");
    await lab.screenShows(new RegExp(`${await size()}\\n`));
  });
});

test("a character that is torn across writes arrives whole", async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await lab.type(
      String.raw`printf '\342\202'; sleep 0.3; printf '\254 \360\237'; sleep 0.3; printf '\220\247\n'`,
    );
    await lab.screenShows(/€ 🐧/u);
  });
});

test("copy and paste work by keyboard, and Ctrl+C interrupts", async () => {
  await withPage(
    browser,
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await page.evaluate(() => navigator.clipboard.writeText("echo pas-$((40+2))"));
      await page.locator("#terminal textarea").focus();
      await page.keyboard.press("Control+Shift+V");
      await lab.screenShows(/echo pas-\$\(\(40\+2\)\)/);
      await page.keyboard.press("Enter");
      await lab.screenShows(/\npas-42\n/);
      await page.locator("#terminal .xterm-screen").dblclick({ position: { x: 30, y: 30 } });
      await page.keyboard.press("Control+Shift+C");
      await poll(async () => /pas/.test(await page.evaluate(() => navigator.clipboard.readText())), {
        what: "the selection on the clipboard",
      });
      // The interrupt is for a program in the foreground: the first step's check tells when it runs.
      await lab.type("sleep 1000");
      await lab.verdictIs("holds");
      await page.keyboard.press("Control+C");
      await lab.screenShows(/\^C\n.*# *$/);
    },
    { visitor: { permissions: ["clipboard-read", "clipboard-write"] } },
  );
});

test("the keyboard leads out of the terminal and back", async () => {
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    const inTerminal = (): Promise<boolean> =>
      page.evaluate(() => document.activeElement?.closest("#terminal") !== null);
    await page.locator("#terminal textarea").focus();
    await page.keyboard.press("Control+Shift+Enter");
    expect(await inTerminal()).toBe(false);
    await page.keyboard.press("Control+Shift+Enter");
    expect(await inTerminal()).toBe(true);
  });
});

test("the snapshot is on its way before the page's code is there, and comes once", async () => {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const asked: string[] = [];
  const known = deferred<void>();
  try {
    await context.route(/\/assets\/lab-page-[^/]+\.js$/, async (route) => {
      await known.promise;
      await route.continue();
    });
    context.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes("/store/")) asked.push(pathname);
    });
    await withPage(
      browser,
      async (page) => {
        await poll(() => asked.length === 1, { what: "the snapshot to be asked for" });
        known.resolve();
        await new LabPage(page).ready();
        expect(asked.filter((path) => path === asked[0])).toHaveLength(1);
      },
      { context },
    );
  } finally {
    known.resolve();
    await context.close();
  }
});
