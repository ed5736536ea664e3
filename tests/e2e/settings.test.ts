/** What a visitor sets, what is stored of them and how they are rid of it, and the diagnostics. */
import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

const BLACK = "rgb(0, 0, 0)";

async function inContext(work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser().newContext({ colorScheme: "light" });
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

async function openSettings(page: Page): Promise<void> {
  await page.getByTestId("open-settings").click();
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
}

const ground = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function groundIs(page: Page, colour: string): Promise<void> {
  await poll(async () => (await ground(page)) === colour, { what: `a ground of ${colour}` });
}

/** How the terminal in front is drawn. */
const drawn = (page: Page): Promise<Record<string, string | number | undefined>> =>
  page.evaluate(() => {
    const host = document.querySelector<HTMLElement>("#terminal");
    const rows = host?.querySelector(".xterm-rows");
    return {
      scheme: host?.dataset["scheme"],
      size: host?.vivariumTerminal?.fontSize,
      font: rows ? getComputedStyle(rows).fontFamily.split(",")[0] : "",
      ground: host ? getComputedStyle(host).backgroundColor : "",
      readers: host?.querySelectorAll(".xterm-accessibility").length,
    };
  });

test("a theme is chosen by keyboard, worn in every tab, and there before any of the page's code is", async () => {
  await inContext(async (context) => {
    await withPage(
      browser(),
      async (page) => {
        const other = await context.newPage();
        await other.goto(page.url());
        await page.locator("h1").waitFor();
        await page.keyboard.press("Control+,");
        const dialog = page.getByRole("dialog", { name: "Settings" });
        await dialog.waitFor();
        await page.getByTestId("theme-system").focus();
        for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
        await groundIs(page, BLACK);
        await groundIs(other, BLACK);
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });

        await other.route("**/assets/*.js", (route) => route.abort());
        await other.goto(page.url());
        await groundIs(other, BLACK);
        expect(await other.locator("h1").count()).toBe(0);
        await other.close();

        await openSettings(page);
        await page.getByTestId("theme-light").check();
        await poll(async () => (await ground(page)) !== BLACK);
      },
      { context, path: "" },
    );
  });
});

test("a system that asks for more contrast gets it, whatever was chosen", async () => {
  await inContext(async (context) => {
    await withPage(
      browser(),
      async (page) => {
        await page.emulateMedia({ contrast: "more", colorScheme: "dark" });
        await groundIs(page, BLACK);
        await page.emulateMedia({ contrast: "no-preference", colorScheme: "dark" });
        await poll(async () => (await ground(page)) !== BLACK);
      },
      { context, path: "" },
    );
  });
});

test("terminals are drawn as was set, at once and the next time", { timeout: 120_000 }, async () => {
  await inContext(async (context) => {
    const isDrawn = (page: Page): Promise<unknown> =>
      poll(
        async () => {
          const now = await drawn(page);
          return (
            now["scheme"] === "modus-vivendi" &&
            now["size"] === 18 &&
            now["ground"] === BLACK &&
            now["readers"] === 1
          );
        },
        { what: "the terminal to be drawn as was set" },
      );
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        expect(await drawn(page)).toMatchObject({ scheme: "light", size: 14, readers: 0 });
        await openSettings(page);
        await page.getByTestId("terminal-scheme").selectOption("modus-vivendi");
        await page.getByTestId("setting-font-larger").click();
        await page.getByTestId("setting-font-larger").click();
        await page.getByTestId("screen-reader").check();
        const fonts = await page.getByTestId("font-family").locator("option").allInnerTexts();
        const [usual, ...there] = fonts;
        expect(usual).toBe("As usual");
        const chosen = there.at(-1) ?? "";
        if (chosen !== "") await page.getByTestId("font-family").selectOption(chosen);
        await isDrawn(page);
        expect(String((await drawn(page))["font"]).replaceAll('"', "")).toContain(chosen);
        // What is above its lines has been there all along.
        await page.keyboard.press("Escape");
        await lab.type("stty size; echo still-$((40+2))");
        await lab.screenShows(/still-42/);
      },
      { context },
    );
    await withPage(
      browser(),
      async (page) => {
        await new LabPage(page).ready();
        await isDrawn(page);
      },
      { context },
    );
  });
});

/** What of ours the browser keeps. */
const kept = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const inDatabase = await new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open("keyval-store");
      opening.addEventListener("error", () => reject(opening.error ?? new Error("no database")));
      opening.addEventListener("success", () => {
        const database = opening.result;
        const end = (keys: string[]): void => {
          database.close();
          resolve(keys);
        };
        if (!database.objectStoreNames.contains("keyval")) {
          end([]);
          return;
        }
        const asking = database.transaction("keyval").objectStore("keyval").getAllKeys();
        asking.addEventListener("success", () => end(asking.result.map(String)));
      });
    });
    return [...inDatabase, ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  });

test(
  "everything is erased, after it was asked once, and the page is as on a first visit",
  { timeout: 120_000 },
  async () => {
    await inContext(async (context) => {
      await withPage(
        browser(),
        async (page) => {
          const lab = new LabPage(page);
          await lab.doFirstStep();
          await page.evaluate(() => localStorage.setItem("somebody-else", "stays"));
          await openSettings(page);
          await page.getByTestId("theme-dark").check();
          await poll(async () => (await page.getByTestId("stored-settings").count()) === 1);
          expect(await page.getByTestId("stored-progress").innerText()).toMatch(
            /^Progress in lessons \(1\)\s+\d+ bytes$/,
          );
          expect(await kept(page)).toEqual(
            expect.arrayContaining(["progress/namespaces/pid", "vivarium/settings"]),
          );

          await page.getByTestId("erase-everything").click();
          const question = page.locator(".sheet-row.asking");
          expect(await question.innerText()).toMatch(/progress in every lesson[\s\S]*cannot be undone/);
          await question.getByRole("button", { name: "Cancel" }).click();
          expect(await kept(page)).toContain("progress/namespaces/pid");

          await page.getByTestId("erase-everything").click();
          await page.getByTestId("erase-everything-sure").click();
          await page.getByTestId("landing").waitFor();
          expect(await page.getByTestId("landing-note").innerText()).toContain("is erased");
          expect(await kept(page)).toEqual(["somebody-else"]);
          expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBeUndefined();
          expect(await page.getByTestId("go-on").count()).toBe(0);
          await page.reload();
          await page.getByTestId("landing").waitFor();
          expect(await page.getByTestId("landing-note").count()).toBe(0);
        },
        { context },
      );
    });
  },
);

test("diagnostics tell of a fault, and nothing of what was typed; they are copied without a clipboard too", async () => {
  const context = await browser().newContext();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.addEventListener("copy", ({ target }) => {
      if (target instanceof HTMLTextAreaElement) Object.assign(globalThis, { copied: target.value });
    });
  });
  try {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await lab.type("touch /root/my-diary; echo pass-word-$((40+2))");
        await lab.screenShows(/pass-word-42/);
        await page.workers()[0]?.evaluate(() => close());
        await poll(async () => (await lab.fault.getAttribute("data-code")) === "machine-gone");
        await lab.fault.getByTestId("open-diagnostics").click();
        const place = page.getByTestId("diagnostics-text");
        await poll(async () => (await place.innerText()).includes("Latest faults"), { what: "the text" });
        const text = await place.innerText();
        for (const line of [
          /^Vivarium diagnostics\n/,
          /^ {2}kernel +6\.1\.\d+$/m,
          /^ {2}v86 +0\.5\.\d+/m,
          /^ {2}user agent +Mozilla/m,
          /^ {2}secure context +yes$/m,
          /^ {2}clipboard +no$/m,
          /^Machine .*\n {2}state +crashed\n {2}start +fetching at 0 ms, restoring at \d+ ms, up at \d+ ms$/m,
          /^ {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}machine-gone \(machine\)/m,
        ])
          expect(text).toMatch(line);
        expect(text).not.toMatch(/diary|pass-word|root@|echo/);

        await page.getByTestId("copy-diagnostics").click();
        const said = page.getByTestId("diagnostics-said");
        await poll(async () => (await said.innerText()) === "Copied.");
        const copied = await page.evaluate(() => (globalThis as { copied?: string }).copied);
        expect(copied?.trim()).toBe(text.trim());
      },
      { context },
    );
  } finally {
    await context.close();
  }
});
