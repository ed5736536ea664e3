/** The doors of the page: what opens at which address, and the ways between. */
import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

const note = async (page: Page): Promise<string> => page.getByTestId("landing-note").innerText();
const focused = async (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
/** What was fetched of the terminal's, the X-ray's and the lab's code. */
const labCode = async (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .filter((name) => /\/(views|xray|lab-page|lab-parts|worker)-|\/store\//.test(name)),
  );

async function opens(lab: LabPage, step: string): Promise<void> {
  await poll(async () => (await lab.step.count()) === 1 && (await lab.openStepId()) === `step-${step}`, {
    what: `the step ${step} to be open`,
  });
}

test("from the landing into a lesson, from step to step, and back", { timeout: 120_000 }, async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      const row = page.getByTestId("lesson-namespaces/pid");
      await row.waitFor();
      // No line of the first picture is cut.
      await page.setViewportSize({ width: 1024, height: 768 });
      const screen = page.locator(".still-screen");
      expect(await screen.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
      expect(await page.getByTestId("start").innerText()).toMatch(/^Start the tour · \d+ min$/);
      expect(await page.getByTestId("go-on").count()).toBe(0);
      expect(await row.getAttribute("data-done")).toBe("0");
      expect(page.workers()).toEqual([]);
      expect(await labCode(page)).toEqual([]);

      await row.getByRole("link", { name: "PID namespaces" }).click();
      await lab.doFirstStep();
      expect(page.url()).toBe(baseUrl() + PLAIN_LESSON);
      await lab.next();
      expect(new URL(page.url()).hash).toBe("#without-fork");

      // Who types goes on typing.
      await page.locator("#terminal textarea").focus();
      await page.goBack();
      await opens(lab, "look-around");
      expect(page.url()).toBe(baseUrl() + PLAIN_LESSON);
      await page.keyboard.type("echo ok$((40+2))\n");
      await lab.screenShows(/\nok42\n/);
      await page.goForward();
      await opens(lab, "without-fork");
      expect(await lab.isDone("look-around")).toBe(true);

      await page.getByTestId("home").click();
      await page.getByTestId("landing").waitFor();
      expect(page.url()).toBe(baseUrl());
      await poll(async () => (await row.getAttribute("data-done")) === "1", {
        what: "the step to be counted",
      });
      expect(await page.getByTestId("go-on").innerText()).toBe("Continue “PID namespaces”");
      expect(await row.innerText()).toMatch(/1 of \d+ steps/);
      await page.goBack();
      await opens(lab, "without-fork");
      expect(new URL(page.url()).hash).toBe("#without-fork");
    },
    { path: "" },
  );
});

test("a link to a step opens it, and what names no step changes nothing", { timeout: 60_000 }, async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await opens(lab, "without-fork");
      await poll(
        () => lab.step.locator("h3").evaluate((heading) => heading.getBoundingClientRect().top < 200),
        {
          what: "the step to be in sight",
        },
      );
      const goTo = (hash: string): Promise<void> =>
        page.evaluate((to) => {
          location.hash = to;
        }, hash);
      await goTo("#look-around");
      await opens(lab, "look-around");
      await goTo("#no-such-step");
      await goTo("#without-fork");
      await opens(lab, "without-fork");
      await page.goBack();
      await page.goBack();
      await opens(lab, "look-around");
      expect(await page.getByTestId("step-link").getAttribute("href")).toBe(
        `${baseUrl()}${PLAIN_LESSON}#look-around`,
      );
      await page.goto(`${baseUrl()}?lesson=namespaces/pid&replay=0#no-such-step`);
      await opens(lab, "look-around");
    },
    { path: `${PLAIN_LESSON}#without-fork` },
  );
});

test("courses have addresses, and what is not there is told in a sentence", async () => {
  await withPage(
    browser(),
    async (page) => {
      await poll(async () => (await focused(page)) === "course-namespaces", {
        what: "the course to be shown",
      });
      expect(await page.title()).toBe("Namespaces · Vivarium");
      expect(await page.getByTestId("landing-note").count()).toBe(0);

      const missing = async (query: string): Promise<string> => {
        await page.goto(baseUrl() + query);
        await page.getByTestId("lesson-tour/glass-box").waitFor();
        return note(page);
      };
      expect(await missing("?lesson=no/such&replay")).toContain("no lesson of that name");
      expect(await missing("?lesson=javascript:alert(1)")).toContain("no lesson of that name");
      expect(await missing("?course=nowhere")).toContain("no course of that name");
      expect(await missing("?lesson=namespaces/nowhere")).toContain("no lesson of that name");
      await poll(async () => (await focused(page)) === "course-namespaces", {
        what: "the lesson's course to be shown",
      });
      expect(page.workers()).toEqual([]);
    },
    { path: "?course=namespaces" },
  );
});

test("without storage the catalogue is there, and promises nothing", async () => {
  const context = await browser().newContext({ serviceWorkers: "block" });
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", {
      get: () => {
        throw new DOMException("storage is forbidden", "SecurityError");
      },
    });
  });
  try {
    await withPage(
      browser(),
      async (page) => {
        await page.getByTestId("lesson-namespaces/pid").waitFor();
        await page.getByText("This browser lets the page store nothing").waitFor();
        expect(await page.getByTestId("go-on").count()).toBe(0);
      },
      { path: "", context },
    );
  } finally {
    await context.close();
  }
});

test.each([
  ["", /\/landing-page-[^/]*\.js$/, "Fetching the page …"],
  [PLAIN_LESSON, /\/lab-page-[^/]*\.js$/, "Fetching the page …"],
  ["embed.html?lesson=namespaces/pid", /\/embed-parts-[^/]*\.js$/, "Fetching the lab …"],
])(
  "code that is late is awaited in words, and no longer when it cannot come: %s",
  async (path, code, words) => {
    const page = await browser().newPage({ serviceWorkers: "block" });
    try {
      const held: Route[] = [];
      await page.route(code, (route) => void held.push(route));
      await page.goto(new URL(path, baseUrl()).href, { waitUntil: "commit" });
      await poll(() => held.length > 0, { what: "the code to be asked for" });
      await page.getByText(words).waitFor();
      // It begins where the page will: a skeleton that is laid out wrongly has it further down.
      const first = page.locator(".opening, .ghost").first();
      await poll(async () => ((await first.boundingBox())?.y ?? Infinity) < 200, {
        what: "what is to come, at the page's beginning",
      });
      for (const route of held) await route.abort();
      await page.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
      expect(await page.getByText(words).count()).toBe(0);
    } finally {
      await page.close();
    }
  },
);

/** Bytes of documents, scripts and styles that a door may fetch, as compressed as they are served. */
const LANDING_BYTES = 60_000;

test("the landing fetches no words, styles and code of a lab", async () => {
  await withPage(
    browser(),
    async (page) => {
      // Each once: the first visit may still be fetching when the second begins.
      const fetched = new Map<string, number>();
      page.on("response", (response) => {
        if (/\.(?:js|css|html)$|\/$/.test(new URL(response.url()).pathname))
          fetched.set(response.url(), Number(response.headers()["content-length"] ?? 0));
      });
      await page.reload({ waitUntil: "networkidle" });
      await page.locator("h1").waitFor();
      const bytes = [...fetched.values()].reduce((sum, one) => sum + one, 0);
      expect(bytes).toBeGreaterThan(LANDING_BYTES / 2);
      expect(bytes).toBeLessThanOrEqual(LANDING_BYTES);
    },
    { path: "" },
  );
});
