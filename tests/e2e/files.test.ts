import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { baseUrl, launch, withPage, PLAIN_LESSON } from "../support/browser.ts";
import { type Gate, openGate } from "../support/gate.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

/** What the browser itself says of files that it could not load. */
const LOADING = [/Failed to load resource/];
/** Reads programs and libraries that a fresh machine has not in memory, and proves that they arrived whole. */
const reading = (mark: number): string =>
  `for p in nano jq crun; do $p --version | head -n 1; done; echo read-$((40+${mark}))`;
const readAll = (mark: number): RegExp =>
  new RegExp(`GNU nano, version [\\s\\S]*jq-1[\\s\\S]*crun version [\\s\\S]*\\nread-${40 + mark}\\n`);

/** The same of a single program, where what happens meanwhile is what counts. */
const WAITING = "nano --version | head -n 1; echo read-$((40+2))";
const WAITED = /GNU nano, version .*\nread-42\n/;

let gate: Gate;
beforeEach(async () => {
  gate = await openGate(baseUrl());
});
afterEach(() => gate.close());

/** @param mark After a reload another one: what was shown before is above. */
async function reads(page: Page, mark = 2): Promise<string> {
  const lab = new LabPage(page);
  await lab.ready();
  await lab.type(reading(mark));
  return lab.screenShows(readAll(mark), 60_000);
}

const askedAgain = (): string[] => gate.asked.filter(({ before }) => before > 0).map(({ name }) => name);

/** Waits until nothing has been asked for a second: what is fetched ahead has been fetched. */
async function quiet(): Promise<void> {
  let count = -1;
  const isQuiet = (): boolean => {
    const same = gate.asked.length === count;
    count = gate.asked.length;
    return same;
  };
  await poll(isQuiet, { interval: 1000, timeout: 60_000, what: "the requests to end" });
}

describe("files of the store", () => {
  test("are fetched once for all machines of a browser", async () => {
    const context = await browser().newContext({ serviceWorkers: "block" });
    try {
      await withPage(
        browser(),
        async (page) => {
          await reads(page);
          await quiet();
        },
        { context, path: gate.url + PLAIN_LESSON },
      );
      const first = gate.asked.length;
      expect(first).toBeGreaterThan(10);
      await withPage(
        browser(),
        async (page) => {
          await reads(page);
          await page.reload();
          await reads(page, 3);
        },
        { context, path: gate.url + PLAIN_LESSON },
      );
      expect(askedAgain()).toEqual([]);
      // What the first machine fetched ahead is all that there is to fetch ahead.
      expect(gate.asked.length - first).toBeLessThanOrEqual(1);
    } finally {
      await context.close();
    }
  });

  test("are fetched ahead in the recorded order once the prompt is there, and then cost no request", async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        const untilPrompt = gate.asked.length;
        // The list of what was recorded, and what is in it: over a hundred files, without a key pressed.
        await poll(() => gate.asked.length > untilPrompt + 100, {
          timeout: 60_000,
          what: "the recorded files",
        });
        await quiet();
        const count = gate.asked.length;
        await lab.type("unshare --pid --fork --mount-proc ps -e; echo read-$((40+2))");
        await lab.screenShows(/ 1 \S+ +\S+ ps\nread-42\n/);
        expect(gate.asked.length - count).toBeLessThanOrEqual(1);
        expect(askedAgain()).toEqual([]);
      },
      { path: gate.url + PLAIN_LESSON },
    );
  });

  test("that arrive damaged are refused and asked for afresh: the guest waits and sees nothing of it", async () => {
    const context = await browser().newContext({ serviceWorkers: "block" });
    try {
      await withPage(
        browser(),
        async (page) => {
          await new LabPage(page).ready();
          gate.asked.length = 0;
          gate.judge = ({ before }) => (before === 0 ? "damage" : "pass");
          expect(await reads(page)).not.toMatch(/error|cannot|fault/i);
          const again = gate.asked.filter(({ before }) => before === 1);
          expect(again.length).toBeGreaterThan(10);
          // Past the browser's cache, which has kept the damaged one (Fetch standard, cache mode "reload").
          expect(again.every(({ headers }) => headers["cache-control"] === "no-cache")).toBe(true);
        },
        { context, path: gate.url + PLAIN_LESSON },
      );
      const read = new Set(gate.asked.filter(({ before }) => before === 1).map(({ name }) => name));
      const asked = gate.asked.length;
      gate.judge = () => "pass";
      await withPage(browser(), async (page) => void (await reads(page)), {
        context,
        path: gate.url + PLAIN_LESSON,
      });
      // The sound ones have taken the place of the damaged ones.
      expect(gate.asked.slice(asked).filter(({ name }) => read.has(name))).toEqual([]);
    } finally {
      await context.close();
    }
  });
});

describe("a machine that waits for a file", () => {
  test.each([
    ["the server cannot be reached", "refuse", /could not be reached.*Check your connection/s],
    ["the server does not have it", "missing", /missing on the server.*not published whole/s],
    ["it stays damaged", "damage", /arrived damaged.*not published whole/s],
  ] as const)("since %s says so, and goes on when told to try now", async (_name, verdict, words) => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        gate.judge = () => verdict;
        await lab.type(WAITING);
        const waiting = page.getByTestId("file-waiting");
        const told = waiting.locator("[aria-live=polite]");
        await poll(async () => words.test(await told.innerText()), { what: "the words", timeout: 30_000 });
        expect(await told.innerText()).toContain("Nothing is lost");
        // After the fourth attempt the pause is ten seconds: what comes sooner came of the button.
        await poll(async () => /Tried [4-9] times/.test(await waiting.innerText()), {
          timeout: 30_000,
          what: "the fourth attempt",
        });
        gate.judge = () => "pass";
        const button = page.getByTestId("retry-files");
        await button.focus();
        await page.keyboard.press("Enter");
        await poll(async () => (await told.innerText()) === "", { timeout: 5000, what: "the words to go" });
        expect(await button.count()).toBe(0);
        expect(await lab.screenShows(WAITED, 60_000)).not.toMatch(/error|cannot|fault/i);
      },
      { path: gate.url + PLAIN_LESSON, expected: LOADING },
    );
  });

  test("can be taken back to before it, and is sound then", async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await poll(() => page.getByTestId("reset-step").isEnabled());
        gate.judge = () => "refuse";
        await lab.type(WAITING);
        await page.getByTestId("retry-files").waitFor({ timeout: 30_000 });
        await lab.reset();
        await page.getByTestId("retry-files").waitFor({ state: "detached" });
        gate.judge = () => "pass";
        await lab.type("clear");
        await poll(async () => !(await lab.screen()).includes("nano"), { what: "an empty screen" });
        expect(await reads(page)).not.toMatch(/error|cannot|fault/i);
      },
      { path: gate.url + PLAIN_LESSON, expected: LOADING },
    );
  });
});

// The first container takes half a minute on a busy computer.
test(
  "an address can ask for the machine with Podman, also on a small screen",
  { timeout: 360_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        expect(await page.getByTestId("profile").innerText()).toContain("containers");
        await page.setViewportSize({ width: 390, height: 740 });
        const widths = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const right = document.querySelector("#terminal")?.getBoundingClientRect().right ?? 0;
          return { scrollWidth, clientWidth, inside: right <= clientWidth };
        });
        expect(widths).toEqual({ scrollWidth: 390, clientWidth: 390, inside: true });
        await lab.type("podman run --rm --memory 32M shell:1 echo from within");
        await lab.screenShows(/\nfrom within\n/, 180_000);
        // Its shell is a container's: the tab says whose.
        await lab.type("podman run -it --rm --network none --hostname box shell:1 sh");
        const box = page.getByTestId("terminal-box-terminal");
        await box.filter({ hasText: "Container “box”" }).waitFor({ timeout: 120_000 });
      },
      { path: `${PLAIN_LESSON}&profile=containers` },
    );
  },
);

test("an address that asks for an unknown machine is told so, and leads to the usual one", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await poll(async () => (await lab.fault.getAttribute("data-code")) === "profile-unknown");
      expect(await lab.fault.innerText()).toContain("profile=");
      await page.getByTestId("fault-action").click();
      await lab.ready();
      expect(new URL(page.url()).searchParams.get("lesson")).toBe("namespaces/pid");
      expect(new URL(page.url()).searchParams.has("profile")).toBe(false);
      expect(await page.getByTestId("profile").count()).toBe(0);
    },
    { path: `${PLAIN_LESSON}&profile=nothing` },
  );
});
