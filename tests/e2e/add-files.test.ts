/** Files of the learner's into the machine: dropped on the terminal, or chosen. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const MIB = 1024 * 1024;

const browser = shared(launch, (started) => started.close());
/** A folder of this computer with something to give. */
const folder = shared(
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "vivarium-files-"));
    writeFileSync(join(dir, "notes.txt"), "from outside\n");
    mkdirSync(join(dir, "work/empty"), { recursive: true });
    writeFileSync(join(dir, "work/ä.txt"), "inside\n");
    for (let i = 0; i < 120; i++) writeFileSync(join(dir, `work/${i}`), `${i}\n`);
    for (const [name, size] of [
      ["large", 40 * MIB],
      ["too-large", 65 * MIB],
    ] as const) {
      writeFileSync(join(dir, name), "");
      truncateSync(join(dir, name), size);
    }
    return dir;
  },
  (dir) => rmSync(dir, { recursive: true }),
);

const notice = (page: Page): Locator => page.getByTestId("files-notice");

async function says(page: Page, words: RegExp): Promise<void> {
  let last = "";
  await poll(
    async () => {
      last = await notice(page).innerText();
      return words.test(last);
    },
    { timeout: 30_000, what: `the notice ${words}` },
  ).catch((error: unknown) => {
    throw new Error(`the notice says: ${last}`, { cause: error });
  });
}

/** Drags files of this computer to the middle of `place`; they are let go of when `drop` is called. */
async function drag(
  page: Page,
  place: Locator,
  names: readonly string[],
): Promise<{ drop(): Promise<void> }> {
  const box = await place.boundingBox();
  if (box === null) throw new Error("there is no such place on the screen");
  const devtools = await page.context().newCDPSession(page);
  const send = async (type: "dragEnter" | "dragOver" | "drop"): Promise<void> => {
    await devtools.send("Input.dispatchDragEvent", {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data: { items: [], files: names.map((name) => join(folder(), name)), dragOperationsMask: 1 },
    });
  };
  await send("dragEnter");
  await send("dragOver");
  return { drop: () => send("drop") };
}

async function choose(page: Page, names: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add files" }).click();
  await (await chooser).setFiles(names.map((name) => join(folder(), name)));
}

describe("dropping on the terminal", () => {
  test("puts files and whole folders into the home of the terminal's user, and says where", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const overlay = page.getByTestId("file-drop");
      expect(await overlay.isVisible()).toBe(false);
      const dragged = await drag(page, page.locator(".terminal-frame"), ["notes.txt", "work"]);
      await poll(() => overlay.isVisible(), { what: "the overlay" });
      expect(await overlay.innerText()).toMatch(/Drop to copy into the machine[\s\S]*64 MiB/);
      await dragged.drop();
      await says(page, /^2 files or folders are in ~\.$/);
      expect(await overlay.isVisible()).toBe(false);
      await lab.type(
        "cd; cat notes.txt work/ä.txt work/119; ls work | wc -l; stat -c '%a %U' notes.txt work/empty",
      );
      await lab.screenShows(/from outside\ninside\n119\n122\n644 (\w+)\n755 \1\n/);
      expect(await notice(page).innerText()).toBe("");
    });
  });

  test("elsewhere on the page does nothing, and the page stays", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.type("echo kept $((40+2))");
      await lab.screenShows(/kept 42/);
      const dragged = await drag(page, page.locator(".lesson-scroll"), ["notes.txt"]);
      expect(await page.getByTestId("file-drop").isVisible()).toBe(false);
      await dragged.drop();
      const onto = await drag(page, page.locator(".terminal-frame"), ["work"]);
      await onto.drop();
      await says(page, /^work is in ~\.$/);
      await lab.type("ls ~/notes.txt");
      await lab.screenShows(/kept 42[\s\S]*notes\.txt.*No such file/);
    });
  });

  test("cleans names that a terminal would obey, and leaves out those that lead elsewhere", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await page.evaluate(() => {
        const transfer = new DataTransfer();
        for (const name of ["../escaped", "..", "a\u001b[31mred", "$(reboot)"])
          transfer.items.add(new File(["x"], name));
        document
          .querySelector(".terminal-frame")
          ?.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
      });
      await says(page, /^2 files or folders are in ~\. Left out, .*: 2\.$/);
      await lab.type("cd; ls -d a*red '$(reboot)' ../escaped");
      await lab.screenShows(/cannot access '\.\.\/escaped'|\.\.\/escaped.*No such file/);
      // Names follow errors in a write of their own.
      await lab.screenShows(/^'\$\(reboot\)' +'a_\[31mred'$/m);
    });
  });
});

describe("the button", () => {
  test("copies what is chosen, and works by keyboard", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Add files" }).focus();
      await page.keyboard.press("Enter");
      await (await chooser).setFiles(join(folder(), "notes.txt"));
      await says(page, /^notes\.txt is in ~\.$/);
      await lab.type("cat ~/notes.txt");
      await lab.screenShows(/\nfrom outside\n/);
    });
  });

  test("says what is too large, and copies none of it", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await choose(page, ["notes.txt", "too-large"]);
      await says(page, /more than 64 MiB\. Nothing was copied\.$/);
      await lab.type("ls ~ | wc -l; echo listed-$((40+2))");
      await lab.screenShows(/\n0\nlisted-42\n/);
    });
  });

  test("shows how far it is, and stops when told to", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await choose(page, ["large"]);
      const progress = page.getByTestId("files-progress");
      // More than what is only on its way.
      const moves = async (): Promise<boolean> => Number(await progress.getAttribute("value")) > MIB / 2;
      await poll(moves, { timeout: 60_000, what: "some progress" });
      expect(Number(await progress.getAttribute("max"))).toBe(40 * MIB);
      expect(await page.getByTestId("add-files").isDisabled()).toBe(true);
      await page.getByTestId("stop-files").click();
      await says(page, /^Stopped\./);
      await lab.type(
        "pgrep -c tar; [ $(stat -c %s ~/large || echo 0) -lt $((40 << 20)) ] && echo less-$((40+2))",
      );
      await lab.screenShows(/\n0\n(stat: .*\n)?less-42\n/);
    });
  });

  test("says so when there is no room", async () => {
    await withPage(browser(), async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.type("mount -t tmpfs -o size=1m none ~ && echo small-$((40+2))");
      await lab.screenShows(/small-42/);
      await choose(page, ["large"]);
      await says(page, /look whether there is room/);
    });
  });
});
