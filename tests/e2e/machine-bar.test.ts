/** The machine bar: what a start took, standing still, going back, power, one more machine; and in which box a terminal is. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());
const PATH = "?terminal";
const BOOT_MS = 120_000;
const PAUSE_MS = 3000;
/** The panel looks once a second, and a busy computer later. */
const SLACK_MS = 4000;

async function phaseIs(lab: LabPage, phase: string, timeout = BOOT_MS): Promise<void> {
  await poll(async () => (await lab.phase()) === phase, { timeout, what: `the machine to be ${phase}` });
}

/** Types a line and gives what it printed between two marks that only its output has. */
async function asked(lab: LabPage, command: string): Promise<string> {
  const mark = Math.random().toString(36).slice(2);
  await lab.type(`echo "<${mark}"; ${command}; echo "${mark}>"`);
  const screen = await lab.screenShows(new RegExp(`\\n<${mark}\\n[^]*\\n?${mark}>`), BOOT_MS);
  return new RegExp(`\\n<${mark}\\n([^]*?)\\n?${mark}>`).exec(screen)?.[1] ?? "";
}

const uptime = async (lab: LabPage): Promise<number> =>
  Number((await asked(lab, "cut -d' ' -f1 /proc/uptime")).trim()) * 1000;

/** Milliseconds that each stage of the machine's start took. */
async function stages(page: Page): Promise<Record<string, number>> {
  const rows = await page.locator("[data-testid^=boot-]").all();
  const read = rows.map(async (row) => [
    ((await row.getAttribute("data-testid")) ?? "").replace("boot-", ""),
    Number(await row.getAttribute("data-took")),
  ]);
  return Object.fromEntries(await Promise.all(read)) as Record<string, number>;
}

test(
  "tells what the start took; pauses, goes back to before a mishap, and boots anew from its firmware",
  { timeout: 300_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        const panel = await lab.openMachine();
        const total = panel.getByText(/to the first prompt/);
        await total.waitFor();
        const start = await stages(page);
        expect(Object.keys(start)).toEqual(["fetching", "restoring", "ready"]);
        for (const took of Object.values(start)) expect(took).toBeGreaterThan(0);
        expect(await page.getByTestId("boot-fetching").innerText()).toMatch(/\d+(\.\d)? MiB/);
        await poll(
          async () => /\d+ of 1\d\d MiB/.test(await page.getByTestId("machine-memory").innerText()),
          { what: "the memory in use" },
        );
        await page.keyboard.press("Escape");
        await panel.waitFor({ state: "hidden" });

        // Time stands still in the guest, and only there.
        const before = { guest: await uptime(lab), ours: performance.now() };
        await (await lab.openMachine()).getByTestId("machine-pause").click();
        await phaseIs(lab, "paused");
        await page.keyboard.press("Escape");
        const paused = performance.now();
        await lab.type("echo typed-$((40+2))");
        await poll(() => performance.now() - paused > PAUSE_MS, { timeout: 10_000, what: "time to pass" });
        expect(await lab.screen()).not.toContain("typed-42");
        await page.getByTestId("paused-resume").click();
        await phaseIs(lab, "running");
        await lab.screenShows(/typed-42/);
        const after = { guest: await uptime(lab), ours: performance.now() };
        const stood = after.ours - before.ours - (after.guest - before.guest);
        expect(stood).toBeGreaterThan(PAUSE_MS * 0.8);

        await asked(lab, "echo precious > ~/file; sync");
        const made = performance.now();
        await lab.openMachine();
        const moments = page.getByTestId("past-moment");
        /** The oldest moment that is surely after the file was made. */
        const safe = async (): Promise<number> => {
          const read = (await moments.all()).map(async (one) => Number(await one.getAttribute("data-ago")));
          const now = performance.now();
          return (await Promise.all(read)).findLastIndex((ago) => ago < now - made - SLACK_MS);
        };
        await poll(async () => (await safe()) >= 0, {
          timeout: 60_000,
          what: "a moment after the file was made",
        });
        await page.keyboard.press("Escape");
        expect(await asked(lab, "rm ~/file; cat ~/file 2>&1 | tail -c 11")).toContain("directory");
        await lab.openMachine();
        const nth = await poll(async () => ((await safe()) < 0 ? undefined : { at: await safe() }), {
          what: "that moment",
        });
        await moments.nth(nth.at).click();
        const question = await page.getByTestId("machine-past").innerText();
        expect(question).toMatch(/what happened in machine-1 since, .* is gone/);
        await page.getByTestId("past-go").click();
        await poll(async () => !(await lab.screen()).includes("rm ~/file"), { what: "the screen of then" });
        expect(await asked(lab, "cat ~/file")).toContain("precious");

        await (await lab.openMachine()).getByTestId("machine-off").click();
        expect(await page.locator(".machine-question").innerText()).toContain("will be gone");
        await page.getByTestId("machine-off-sure").click();
        await phaseIs(lab, "unpowered");
        await page.getByTestId("unpowered").waitFor();
        await (await lab.openMachine()).getByTestId("machine-on").click();
        await phaseIs(lab, "starting");
        expect(await page.getByTestId("loading").getAttribute("data-stage")).toMatch(/fetching|firmware/);
        await phaseIs(lab, "running");
        await lab.ready();
        expect(await asked(lab, "ls ~/file 2>&1 | tail -c 11")).toContain("directory");
        await lab.openMachine();
        await total.waitFor();
        const boot = await stages(page);
        expect(Object.keys(boot)).toEqual(["fetching", "firmware", "kernel", "init", "ready"]);
        expect(boot["kernel"]).toBeGreaterThan(100);
      },
      { path: PATH },
    );
  },
);

test(
  "a terminal wears its box; a second machine is put beside, and both reach each other",
  { timeout: 300_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        const line = page.getByTestId("terminal-place");
        const boxIs = async (box: string, words: string): Promise<void> => {
          await poll(
            async () =>
              (await line.getAttribute("data-box")) === box && (await line.innerText()).includes(words),
            { timeout: 60_000, what: `the terminal to be in "${box}", ${words}` },
          );
        };
        await boxIs("", "bash in the machine itself");
        await lab.type("unshare --fork --pid --mount-proc bash");
        await boxIs("Container of bash", "1 inside");
        expect(await line.getAttribute("data-kind")).toBe("pid");
        await lab.type("exit");
        await boxIs("", "bash in the machine itself");
        expect(await line.getAttribute("data-kind")).toBeNull();
        await lab.type("su learner");
        await boxIs("", "bash, as learner, in the machine itself");
        await lab.type("unshare -Ur");
        await boxIs("User namespace 2", "in user namespace 2; root here is learner outside");
        await lab.type("vi /tmp/text");
        await boxIs("User namespace 2", "vi ");
        await page.keyboard.type(":q!\n");
        // The X-ray calls it the same.
        await page.getByTestId("open-xray").click();
        await page.locator(".xray-pane").getByText("User namespace 2").first().waitFor();
        await page.getByTestId("open-xray").click();
        await lab.type("exit");
        await boxIs("", "bash, as learner, in the machine itself");
        await lab.type("exit");
        await boxIs("", "bash in the machine itself");

        await (await lab.openMachine()).getByTestId("add-machine").click();
        const second = page.getByTestId("machine-chip-machine-2");
        await poll(async () => (await second.getAttribute("data-phase")) === "running", {
          timeout: BOOT_MS,
          what: "the second machine",
        });
        await lab.screenShows(/root@machine-2:~#\s*$/, BOOT_MS);
        await poll(async () => (await page.getByTestId("machine-wait").innerText()) === "", {
          timeout: BOOT_MS,
          what: "it to have joined",
        });
        expect(await asked(lab, "ping -c1 -W9 machine-1")).toMatch(/1 (packets )?received/);
        await page.getByTestId("terminal-tab-terminal").click();
        expect(await asked(lab, "hostname; ping -c1 -W9 machine-2")).toMatch(
          /^machine-1\n[^]*1 (packets )?received/,
        );
        // A tab of its own each, which wears its own box.
        const other = page.getByTestId("terminal-tab-extra-1");
        const before = await other.boundingBox();
        await lab.type("unshare --uts bash");
        const box = page.getByTestId("terminal-box-terminal");
        await poll(
          async () => (await box.count()) === 1 && (await box.innerText()).startsWith("UTS namespace"),
          {
            timeout: 60_000,
            what: "the tab to wear it",
          },
        );
        expect(await page.getByTestId("terminal-box-extra-1").count()).toBe(0);
        expect(await other.boundingBox()).toEqual(before);
      },
      { path: PATH },
    );
  },
);
