/** A phone: the key bar, pasting and copying without a clipboard key, scrolling by finger, room beside the keyboard. */
import type { Browser, CDPSession, Page } from "playwright-core";
import { expect, test } from "vitest";
import type { TerminalProbe } from "../../src/views/index.ts";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const LEAST_TARGET = 40;
const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };

const browser = shared(launch, (started) => started.close());

async function onPhone(
  started: Browser,
  permissions: readonly string[],
  work: (page: Page, lab: LabPage, devtools: CDPSession) => Promise<void>,
): Promise<void> {
  await withPage(
    started,
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await page.locator("#terminal").tap();
      await work(page, lab, await page.context().newCDPSession(page));
    },
    { visitor: { ...PHONE, permissions: [...permissions] } },
  );
}

const tap = (page: Page, key: string): Promise<void> => page.getByTestId(`key-${key}`).tap();

async function inSight(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      document
        .querySelector<HTMLElement & { vivariumTerminal?: TerminalProbe }>("#terminal")
        ?.vivariumTerminal?.inSight() ?? "",
  );
}

/** Keys tapped meanwhile have not taken what is typed, which would close an on-screen keyboard. */
async function typesStill(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.matches("#terminal textarea") === true);
}

test("the key bar types what an on-screen keyboard cannot", async () => {
  await onPhone(browser(), [], async (page, lab, devtools) => {
    const keys = page.locator(".key");
    expect(await keys.count()).toBe(14);
    const boxes = await keys.evaluateAll((all) =>
      all.map((one) => {
        const { width, height, left, right } = one.getBoundingClientRect();
        return { least: Math.min(width, height), isInside: left >= 0 && right <= 390 };
      }),
    );
    expect(boxes.filter(({ least, isInside }) => least < LEAST_TARGET || !isInside)).toEqual([]);

    // A Ctrl+C that comes before the program is bash's own.
    await page.keyboard.type("sh -c 'echo begun; exec sleep 100'; echo slept=$?\n");
    await lab.screenShows(/\nbegun\s*$/);
    await tap(page, "ctrl");
    expect(await page.getByTestId("key-ctrl").getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.type("c");
    await lab.screenShows(/\^C[\s\S]*[#$]\s*$/);
    expect(await page.getByTestId("key-ctrl").getAttribute("aria-pressed")).toBe("false");

    await page.keyboard.type("echo again-$((40+2))\n");
    await lab.screenShows(/\nagain-42\n.*[#$]\s*$/);
    await tap(page, "up");
    await tap(page, "enter");
    await lab.screenShows(/\nagain-42\n[\s\S]*\nagain-42\n/);

    await page.keyboard.type("cat /etc/hostn");
    await tap(page, "tab");
    await lab.screenShows(/\/etc\/hostname\s*$/);
    await page.keyboard.type(" ");
    await tap(page, "pipe");
    await page.keyboard.type(" wc ");
    await tap(page, "dash");
    await page.keyboard.type("l; ls ");
    await tap(page, "slash");
    await page.keyboard.type("etc");
    await tap(page, "slash");
    await page.keyboard.type("passwd; echo ");
    await tap(page, "tilde");
    await tap(page, "enter");
    await lab.screenShows(/\n1\n\/etc\/passwd\n\/root\n/);

    // A word that the keyboard still composes is not waited for.
    await tap(page, "ctrl");
    await devtools.send("Input.imeSetComposition", { text: "l", selectionStart: 1, selectionEnd: 1 });
    await poll(async () => !(await inSight(page)).includes("/etc/passwd"), {
      what: "Ctrl+L to clear the screen",
    });

    await page.keyboard.type("cat\n");
    await lab.screenShows(/# cat\s*$/);
    const box = await page.getByTestId("key-up").boundingBox();
    const touchPoints = [{ x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 }];
    await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await lab.screenShows(/(\^\[\[A){4}/);
    await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    const ctrl = await page.getByTestId("key-ctrl").boundingBox();
    const [x, y] = [(ctrl?.x ?? 0) + 20, (ctrl?.y ?? 0) + 20];
    await Promise.all([page.touchscreen.tap(x, y), page.touchscreen.tap(x, y)]);
    await poll(async () => (await page.getByTestId("key-ctrl").innerText()).includes("locked"), {
      what: "Ctrl to be locked",
    });
    await page.keyboard.type("ab");
    await tap(page, "left");
    await lab.screenShows(/\^A\^B\^\[\[1;5D/);
    await page.keyboard.type("c");
    await lab.screenShows(/\^C[^^]*[#$]\s*$/);
    await tap(page, "ctrl");

    await page.keyboard.type("clear; printf 'one\\ntwo\\n' >/tmp/f; vi /tmp/f\n");
    await lab.screenShows(/one\s*\ntwo\s*\n~/);
    await tap(page, "down");
    await page.keyboard.type("x");
    await lab.screenShows(/one\s*\nwo\s*\n~/);
    await page.keyboard.type("A!");
    await lab.screenShows(/I \/tmp\/f/);
    await tap(page, "escape");
    // What follows Esc at once is one key with it.
    await lab.screenShows(/- \/tmp\/f/);
    await page.keyboard.type(":wq\n");
    await page.keyboard.type("clear; cat /tmp/f; echo end-$((40+2))\n");
    await lab.screenShows(/one\nwo!\nend-42/);
    expect(await typesStill(page)).toBe(true);
  });
});

test("pasting, with and without a clipboard that the page may read, and text to copy", async () => {
  const lines = "echo first-$((40+2))\necho second-$((40+2))";
  await onPhone(browser(), ["clipboard-read", "clipboard-write"], async (page, lab) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), lines);
    await tap(page, "paste");
    // In brackets: a shell shows the lines and waits.
    const screen = await lab.screenShows(/echo first[\s\S]*echo second/);
    expect(screen).not.toContain("first-42");
    await tap(page, "enter");
    await lab.screenShows(/\nfirst-42\nsecond-42\n/);
    await tap(page, "text");
    const text = await page.getByTestId("terminal-text").inputValue();
    expect(text).toContain("\nfirst-42\nsecond-42\n");
    await page.getByTestId("copy-all").tap();
    await poll(async () => (await page.getByTestId("text-said").innerText()) === "Copied.", {
      what: "the text to be copied",
    });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await page.getByTestId("close-text-sheet").tap();
    await poll(() => typesStill(page), { what: "the terminal to have the focus again" });
  });
  await onPhone(browser(), [], async (page, lab) => {
    await tap(page, "paste");
    await page.getByTestId("paste-field").fill(lines);
    await page.getByTestId("paste-now").tap();
    await poll(() => typesStill(page), { what: "the terminal to have the focus again" });
    await tap(page, "enter");
    await lab.screenShows(/\nfirst-42\nsecond-42\n/);
  });
});

/** More than the gliding after the throw below takes. */
const GLIDE_FRAMES = 90;

async function drawnFrames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let i = 0; i < frames; i++)
      await new Promise((drawn) => {
        requestAnimationFrame(drawn);
      });
  }, count);
}

test("a finger scrolls back, and the keyboard leaves the prompt in sight", async () => {
  await onPhone(browser(), [], async (page, lab, devtools) => {
    await page.keyboard.type("seq 300\n");
    await lab.screenShows(/\n300\n/);
    await poll(async () => (await inSight(page)).includes("\n300\n"), { what: "the end of the output" });
    const box = await page.locator("#terminal").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 80, (box?.y ?? 0) + 20];
    await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    for (let moved = 15; moved <= 120; moved += 15)
      await devtools.send("Input.dispatchTouchEvent", {
        type: "touchMove",
        touchPoints: [{ x, y: y + moved }],
      });
    await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await poll(async () => !(await inSight(page)).includes("\n300\n"), { what: "what had scrolled away" });
    // Whoever types sees what is typed, and a throw that glides on takes it away no more. A tap of the tests' would wait
    // until the key is at rest: the gliding could be over by then.
    await page.getByTestId("key-escape").dispatchEvent("click");
    await poll(async () => (await inSight(page)).includes("\n300\n"), { what: "the prompt" });
    await drawnFrames(page, GLIDE_FRAMES);
    expect(await inSight(page)).toContain("\n300\n");

    await page.setViewportSize({ width: 390, height: 480 });
    await poll(() => page.evaluate(() => document.documentElement.dataset["keyboard"] === "open"), {
      what: "the page to make room",
    });
    const seen = await page.evaluate(() => {
      const bottom = (name: string): number =>
        document.querySelector(name)?.getBoundingClientRect().bottom ?? 0;
      const host = document.querySelector("#terminal")?.getBoundingClientRect();
      return { bar: bottom(".key-bar"), terminal: host?.height ?? 0, scrolled: scrollY };
    });
    expect(seen.bar).toBeLessThanOrEqual(480);
    expect(seen.terminal).toBeGreaterThan(150);
    expect(seen.scrolled).toBe(0);
    await poll(async () => (await inSight(page)).includes("\n300\n"), {
      what: "the prompt above the keyboard",
    });
    await page.setViewportSize(PHONE.viewport);
    await poll(() => page.evaluate(() => document.documentElement.dataset["keyboard"] === undefined), {
      what: "the page to take its room back",
    });
  });
});

test("there is no key bar where one works with a mouse", async () => {
  await withPage(browser(), async (page) => {
    await new LabPage(page).ready();
    expect(await page.getByTestId("key-bar").count()).toBe(0);
  });
});
