/** The free terminal: what its address asks for, what its form makes, and what goes in and out of its machines. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { TerminalProbe } from "../../src/views/index.ts";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const BOOT_MS = 120_000;

const browser = shared(launch, (started) => started.close());
const folder = shared(
  async () => mkdtempSync(join(tmpdir(), "vivarium-free-")),
  (dir) => rmSync(dir, { recursive: true }),
);

async function says(page: Page, place: string, words: RegExp): Promise<void> {
  let last = "";
  await poll(
    async () => {
      last = await page.getByTestId(place).innerText();
      return words.test(last);
    },
    { timeout: BOOT_MS, what: `${place} to say ${words}` },
  ).catch((error: unknown) => {
    throw new Error(`${place} says: ${last}`, { cause: error });
  });
}

const inSight = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      document
        .querySelector<HTMLElement & { vivariumTerminal?: TerminalProbe }>("#terminal")
        ?.vivariumTerminal?.inSight() ?? "",
  );
const fontSize = (page: Page): Promise<number | undefined> =>
  page.evaluate(
    () =>
      document.querySelector<HTMLElement & { vivariumTerminal?: TerminalProbe }>("#terminal")
        ?.vivariumTerminal?.fontSize,
  );

test(
  "an address's settings reach the guests, and what makes no sense in it is told",
  { timeout: 300_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.screenShows(/root@machine-1:~#\s*$/, BOOT_MS);
        expect(await page.title()).toBe("Free terminal · Vivarium");
        const told = await page.getByTestId("free-refused").innerText();
        expect(told).toContain("“windows” is no kind of machine; this one is “base”");
        expect(told).toContain("no user “<b>admin”; you are root");
        for (const name of ["machine-1", "machine-2"])
          await poll(
            async () =>
              (await page.getByTestId(`machine-chip-${name}`).getAttribute("data-phase")) === "running",
            { timeout: BOOT_MS, what: name },
          );
        await lab.type("until ping -c1 -W5 machine-2; do sleep 1; done; grep MemTotal /proc/meminfo");
        const screen = await lab.screenShows(
          /(1 received|1 packets received)[\s\S]*MemTotal:\s+\d+ kB/,
          60_000,
        );
        const total = Number(/MemTotal:\s+(\d+)/.exec(screen)?.[1]);
        expect(total).toBeLessThan(96 * 1024);
        expect(total).toBeGreaterThan(64 * 1024);
        await page.getByTestId("open-xray").click();
        await poll(async () => (await page.locator(".xray-pane section.machine").count()) === 2, {
          timeout: BOOT_MS,
          what: "both machines in the picture",
        });
      },
      { path: "?terminal&machines=2&memory=96&profile=windows&user=%3Cb%3Eadmin" },
    );
  },
);

const SCRIPT =
  "touch ran\nhead -c 100000 /dev/urandom > bytes; sha256sum bytes; id -un\n\techo <i>done</i>-$((40+2))\n";

test(
  "a link's script waits for its button; files come out; what scrolled away is found",
  { timeout: 200_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        expect(await page.getByTestId("script-text").textContent()).toBe(
          SCRIPT.replace("<i>done</i>", "'<i>done</i>'"),
        );
        await lab.type("ls -A ran start-script.sh; echo looked-$((40+2))");
        const before = await lab.screenShows(/looked-42/);
        expect(before).not.toContain("<i>done</i>-42");
        expect(before.match(/No such file/g)).toHaveLength(2);

        const ways = page.locator(".free-pane button.primary");
        expect(await ways.allInnerTexts()).toEqual(["Run this script"]);
        await page.getByTestId("run-script").click();
        const screen = await lab.screenShows(
          /[0-9a-f]{64} {2}bytes[\s\S]*\nlearner\n[\s\S]*\n<i>done<\/i>-42/,
        );
        const digest = /([0-9a-f]{64}) {2}bytes/.exec(screen)?.[1];
        const download = page.waitForEvent("download");
        await page.getByTestId("export-path").fill("~/bytes");
        await page.getByTestId("export-file").click();
        const file = await download;
        expect(file.suggestedFilename()).toBe("bytes");
        const bytes = readFileSync(await file.path());
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
        await page.getByTestId("export-path").fill("/no/such/file");
        await page.getByTestId("export-file").click();
        await says(page, "export-said", /could not be read/);

        await lab.type("clear; echo needle-$((40+2)); seq 300");
        await lab.screenShows(/\n300\n/);
        expect(await inSight(page)).not.toContain("needle-42");
        await page.keyboard.press("Control+Shift+F");
        await page.getByTestId("search-text").fill("NEEDLE-42");
        await page.keyboard.press("Enter");
        await poll(async () => (await inSight(page)).includes("needle-42"), {
          what: "the line that was searched",
        });
        await page.getByTestId("search-text").fill("nowhere to be found");
        await page.keyboard.press("Enter");
        await says(page, "search-said", /not found/);
        await page.keyboard.press("Escape");
        expect(await page.getByTestId("search-text").count()).toBe(0);

        const transcript = page.waitForEvent("download");
        await page.getByTestId("save-transcript").click();
        const lines = readFileSync(await (await transcript).path(), "utf8").split("\n");
        expect(lines).toEqual(expect.arrayContaining(["<i>done</i>-42", "needle-42", "300"]));

        await page.getByTestId("font-larger").click();
        await poll(async () => (await fontSize(page)) === 16, { what: "larger letters" });

        await page.getByTestId("free-profile").selectOption("containers");
        expect(await page.getByTestId("free-memory").inputValue()).toBe("256");
        await page.getByTestId("free-profile").selectOption("base");
        await page.getByTestId("free-machines").selectOption("2");
        await page.getByTestId("free-user").selectOption("root");
        await page.getByTestId("free-script-field").fill("uname -a");
        const link = await page.getByTestId("free-link").inputValue();
        expect(new URL(link).search).toBe("?terminal&machines=2&script=uname%20-a");
        await page.getByTestId("free-start").click();
        await page.waitForURL(link);
        await poll(async () => (await page.getByTestId("script-text").textContent()) === "uname -a", {
          what: "the form's script to be shown",
        });
        await poll(async () => (await fontSize(page)) === 16, { what: "the letters as they were" });
        await page.goBack();
        await poll(async () => (await page.getByTestId("free-machines").inputValue()) === "1", {
          what: "the settings before",
        });
      },
      {
        path: `?terminal&user=learner&script=${encodeURIComponent(SCRIPT.replace("<i>done</i>", "'<i>done</i>'"))}`,
      },
    );
  },
);

test(
  "a machine goes into a file and comes back from it; any other file changes nothing",
  { timeout: 200_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await lab.type("echo kept-$((40+2)) > /root/kept; cat /root/kept");
        await lab.screenShows(/\nkept-42\n/);
        const download = page.waitForEvent("download");
        await page.getByTestId("save-machine").click();
        const path = join(folder(), "saved.vivarium");
        await (await download).saveAs(path);
        await says(page, "saved-said", /^Saved as machine-1-base-.*\.vivarium, /);

        await page.goto("about:blank");
        await page.goBack();
        await lab.ready();
        const other = join(folder(), "other.vivarium");
        writeFileSync(other, Buffer.concat([readFileSync(path).subarray(0, 5000), Buffer.alloc(5000, 7)]));
        await page.getByTestId("saved-input").setInputFiles(other);
        await says(page, "saved-said", /no saved machine, or it is damaged/);
        await lab.type("ls /root/kept; echo alive-$((40+2))");
        await lab.screenShows(/No such file[\s\S]*alive-42/);
        await page.getByTestId("saved-input").setInputFiles(path);
        await says(page, "saved-said", /saved\.vivarium goes on here/);
        await lab.screenShows(/kept-42[\s\S]*[#$]\s*$/);
        await lab.type("cat /root/kept; echo back-$((40+2))");
        await lab.screenShows(/kept-42\nback-42/);

        // The machine is there without a shell, too.
        await lab.type("exit");
        await page.getByTestId("terminal-ended").waitFor();
        expect(await page.getByTestId("save-machine").isEnabled()).toBe(true);
      },
      { path: "?terminal" },
    );
  },
);
