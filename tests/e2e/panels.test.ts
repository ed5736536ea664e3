/** The panels of the page: they are moved, put away and kept, and terminals come and go in them; nothing moves by itself. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import type { TerminalProbe } from "../../src/views/index.ts";
import { baseUrl, launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());
const WIDE = { width: 1440, height: 900 };

const separator = (page: Page, share: string): Locator => page.locator(`hr[data-share="${share}"]`);
const valueOf = async (line: Locator): Promise<number> => Number(await line.getAttribute("aria-valuenow"));
const hasFocus = async (element: Locator): Promise<boolean> =>
  element.evaluate((one) => one === document.activeElement);

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("it is not seen");
  return box;
}

/** What a terminal has on its screen, and its size as `stty` writes it. */
async function seenIn(page: Page, name: string): Promise<{ text: string; size: string }> {
  return page.evaluate((wanted) => {
    const host = document.querySelector<HTMLElement & { vivariumTerminal?: TerminalProbe }>(
      `[data-terminal="${wanted}"]`,
    );
    const probe = host?.vivariumTerminal;
    return { text: probe?.text() ?? "", size: `${probe?.rows} ${probe?.cols}` };
  }, name);
}

/** Types into the terminal in front; the guest's answer is the size that it is seen with, once `wanted` holds for that. */
async function sizeIsRight(
  page: Page,
  name: string,
  wanted: (size: string) => boolean = () => true,
): Promise<string> {
  await poll(async () => (await page.locator("#terminal").getAttribute("data-terminal")) === name, {
    what: `${name} in front`,
  });
  await poll(async () => /[#$]\s*$/.test((await seenIn(page, name)).text), { what: `a prompt in ${name}` });
  await poll(async () => hasFocus(page.locator("#terminal textarea")), { what: `the focus in ${name}` });
  // What was typed before the last change of its size tells of that.
  return poll(
    async () => {
      await page.keyboard.type("clear; stty size\n");
      const { size } = await seenIn(page, name);
      // A terminal takes its new size some frames after its panel.
      if (!wanted(size)) return undefined;
      await poll(async () => new RegExp(`^${size}$`, "m").test((await seenIn(page, name)).text), {
        what: `${size} in ${name}`,
        timeout: 4000,
      });
      return size;
    },
    { what: `the size of ${name}` },
  );
}

test("panels are moved by pointer and keys, put away and brought back, and are the same after a reload", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const line = separator(page, "lesson");
      const side = page.getByTestId("side-panel");
      expect(await valueOf(line)).toBe(40);
      const [at, before] = [await boxOf(line), await boxOf(side)];
      await page.mouse.move(at.x + at.width / 2, at.y + 300);
      await page.mouse.down();
      await page.mouse.move(at.x + at.width / 2 - 150, at.y + 320, { steps: 4 });
      await page.mouse.up();
      expect((await boxOf(side)).width).toBeCloseTo(before.width - 150, -1);
      await line.dblclick();
      expect(await valueOf(line)).toBe(40);
      await line.press("ArrowLeft");
      expect(await valueOf(line)).toBe(38);
      await line.press("End");
      expect(await valueOf(line)).toBe(Number(await line.getAttribute("aria-valuemax")));
      await line.press("Home");
      expect(await valueOf(line)).toBe(Number(await line.getAttribute("aria-valuemin")));
      expect((await boxOf(side)).width).toBeCloseTo(300, -1);

      // A preset, and it is the same one when the page is loaded again; before anything else is there.
      await page.getByTestId("preset-compare").click();
      await page.locator(".beside .tower-grid").first().waitFor();
      expect(await page.getByTestId("preset-compare").getAttribute("aria-pressed")).toBe("true");
      const rail = page.getByTestId("open-lesson");
      await rail.waitFor();
      const put = await boxOf(page.getByTestId("xray"));
      await page.reload();
      await rail.waitFor();
      expect(await page.getByTestId("preset-compare").getAttribute("aria-pressed")).toBe("true");
      await page.locator(".beside .tower-grid").first().waitFor();
      expect(await boxOf(page.getByTestId("xray"))).toEqual(put);

      // By keyboard to the lesson and away from it; the focus stays where the way back is.
      await rail.press("Enter");
      const collapse = page.getByTestId("collapse-lesson");
      await poll(() => hasFocus(collapse), { what: "the focus on the way back" });
      await page.keyboard.press("Enter");
      await poll(() => hasFocus(rail), { what: "the focus on the way to the lesson" });
      await lab.ready();
      await page.locator("#terminal textarea").focus();
      await page.keyboard.press("Control+Shift+Enter");
      expect(await hasFocus(rail)).toBe(true);

      // Away with the terminal; what is typed by the page brings it back.
      await page.getByTestId("collapse-terminal").click();
      await poll(async () => (await boxOf(page.locator(".terminal-frame"))).height < 5, {
        what: "the terminal to be put away",
      });
      await page.keyboard.press("Control+Shift+Enter");
      await poll(async () => (await boxOf(page.locator(".terminal-frame"))).height > 60, {
        what: "the terminal for who goes there",
      });

      await page.getByTestId("preset-watch").click();
      const [terminal, xray] = [page.locator(".terminal-pane"), page.getByTestId("xray")];
      await poll(async () => (await boxOf(xray)).x > (await boxOf(terminal)).x + 300, {
        what: "the X-ray beside the terminal",
      });
      await page.getByTestId("xray-place").click();
      await poll(async () => (await boxOf(xray)).y > (await boxOf(terminal)).y + 100, {
        what: "the X-ray below the terminal",
      });
      expect(await page.getByTestId("preset-watch").getAttribute("aria-pressed")).toBe("false");
      await page.getByTestId("preset-read").click();
      await poll(async () => (await xray.count()) === 0, { what: "the X-ray to be closed" });
      expect(await valueOf(line)).toBe(40);
    },
    { visitor: { viewport: WIDE } },
  );
});

test("terminals are added, split and closed, each with its size, and the lesson types into its own", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const all = page.locator(".terminal-host:not(.behind)");
      await page.getByTestId("add-terminal").click();
      const whole = await sizeIsRight(page, "extra-1");
      expect(await all.count()).toBe(1);
      await page.getByTestId("split-beside").click();
      expect(await all.count()).toBe(2);
      await sizeIsRight(page, "terminal", (size) => size !== whole);
      await page.keyboard.press("Control+Shift+ArrowRight");
      const half = await sizeIsRight(page, "extra-1", (size) => size !== whole);
      await separator(page, "split").press("Shift+ArrowRight");
      await page.locator('[data-terminal="terminal"]').click();
      await sizeIsRight(page, "terminal", (size) => size !== half);
      await page.getByTestId("split-below").click();
      await sizeIsRight(page, "terminal", (size) => size.split(" ")[1] === whole.split(" ")[1]);

      // What the lesson runs goes to its own terminal, wherever one is.
      await page.getByTestId("split-below").click();
      await page.getByTestId("terminal-tab-extra-1").click();
      expect(await all.getAttribute("data-terminal")).toBe("extra-1");
      await lab.run("sleep 1000");
      await lab.verdictIs("holds");
      expect(await all.getAttribute("data-terminal")).toBe("terminal");
      expect((await seenIn(page, "extra-1")).text).not.toContain("sleep");
      expect(await page.getByTestId("close-terminal-terminal").count()).toBe(0);
      await page.getByTestId("close-terminal-extra-1").click();
      await poll(async () => (await page.locator(".terminal-host").count()) === 1, {
        what: "the terminal to be closed",
      });
      // Its shell has gone with it.
      await lab.type("clear; ps -o comm | grep -c bash");
      await lab.screenShows(/^1$/m);
    },
    { visitor: { viewport: WIDE } },
  );
});

test("what the page says by itself moves nothing that can be clicked", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const places = async (): Promise<number[]> => {
        const targets = [
          page.getByTestId("next-step"),
          page.getByTestId("reset-step"),
          lab.step.getByTestId("command").first(),
          lab.step.getByTestId("solution"),
          page.getByTestId("open-xray"),
        ];
        return Promise.all(targets.map(async (one) => Math.round((await boxOf(one)).y)));
      };
      await poll(() => page.getByTestId("reset-step").isEnabled(), { what: "the checkpoint" });
      expect(await lab.live()).toBe("waiting");
      const before = await places();
      const bar = page.locator(".step-bar");
      const { height } = await boxOf(bar);
      await lab.type("unshare --pid --fork --mount-proc sleep 500 &");
      await lab.verdictSays("not-yet", "in a PID namespace of its own");
      // It has more to say than before, and says it upward.
      expect((await boxOf(bar)).height).toBeGreaterThan(height + 20);
      expect(await places()).toEqual(before);
      await lab.type("kill %%; sleep 1000 &");
      await lab.verdictIs("holds");
      expect(await places()).toEqual(before);
      // Somebody else's panel opens: none of this is its business.
      await page.getByTestId("open-xray").click();
      await page.getByTestId("xray").locator(".proc").first().waitFor();
      expect(await places()).toEqual(before);
    },
    { visitor: { viewport: WIDE } },
  );
});

test("on a small screen one panel at a time is above the terminal, or the terminal alone", async () => {
  await withPage(
    browser(),
    async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const frame = page.locator(".terminal-frame");
      const whole = async (): Promise<boolean> => (await boxOf(frame)).height > 500;
      expect(await whole()).toBe(false);
      await page.getByTestId("panel-terminal").click();
      await poll(whole, { what: "the terminal alone" });
      await page.getByTestId("panel-xray").click();
      await page.getByTestId("xray").locator(".proc").first().waitFor();
      expect(await whole()).toBe(false);
      const line = separator(page, "column");
      const up = await valueOf(line);
      await line.press("Shift+ArrowUp");
      expect(await valueOf(line)).toBe(up - 10);
      await page.getByTestId("panel-lesson").click();
      await lab.run("sleep 1000");
      await lab.verdictIs("holds");
      const [bar, tabs] = [
        await boxOf(page.locator(".step-bar")),
        await boxOf(page.locator(".terminal-head")),
      ];
      expect(bar.y + bar.height).toBeLessThanOrEqual(tabs.y + 1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    },
    { visitor: { viewport: { width: 390, height: 844 } } },
  );
});

test("of two machines, a terminal is opened on the one that is chosen", async () => {
  const page = await browser().newPage({ viewport: WIDE });
  try {
    await page.goto(`${baseUrl()}?terminal&machines=2`);
    const lab = new LabPage(page);
    await lab.screenShows(/root@machine-1:~#\s*$/, 90_000);
    await poll(
      async () => (await page.getByTestId("machine-chip-machine-2").getAttribute("data-phase")) === "running",
      { timeout: 90_000, what: "the second machine" },
    );
    await page.getByTestId("add-terminal").selectOption("machine-2");
    await lab.screenShows(/root@machine-2:~#\s*$/);
    await page.getByTestId("split-beside").click();
    expect(await page.locator(".terminal-host:not(.behind)").count()).toBe(2);
  } finally {
    await page.close();
  }
});

test(
  "where only one machine is, comparing offers the second and a container, and both come by a click",
  { timeout: 240_000 },
  async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await page.setViewportSize(WIDE);
      await lab.ready();
      await page.getByTestId("preset-compare").click();
      const machines = page.locator(".drawing.of-machines");
      const containers = page.locator(".drawing.of-containers");
      await page.getByTestId("beside-run").click();
      await containers.locator(".costs tbody tr", { hasText: "Container of" }).waitFor({ timeout: 60_000 });
      expect(await page.getByTestId("beside-run").count()).toBe(0);
      expect(await machines.innerText()).toMatch(/takes at least \d+ MiB.*started in/s);
      await page.getByTestId("beside-start").click();
      await machines.locator(".costs tbody tr", { hasText: "machine-2" }).waitFor({ timeout: 120_000 });
      expect(await machines.locator(".offer").count()).toBe(0);
      // All that each has cost is in sight where there is less room.
      await page.setViewportSize({ width: 1024, height: 768 });
      await poll(
        async () =>
          page
            .locator(".drawing .table-scroll")
            .evaluateAll((all) => all.length === 2 && all.every((one) => one.scrollWidth <= one.clientWidth)),
        { what: "both tables whole" },
      );
    });
  },
);
