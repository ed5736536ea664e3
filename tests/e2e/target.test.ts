/** A challenge: a goal without instructions, drawn in the X-ray before it is there; and pictures that stand in a lesson. */
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

test(
  "what a target wants is drawn dashed, and fills in until the step is done",
  { timeout: 180_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        const wish = page.locator(".wish");
        const shows = async (words: RegExp): Promise<void> => {
          await poll(async () => words.test(await wish.innerText()), {
            timeout: 60_000,
            what: `${words} in the X-ray`,
          });
        };
        await lab.ready();
        await page.getByTestId("open-xray").click();
        await page.locator(".machine").waitFor();
        // Nothing is wanted where there are instructions.
        expect(await wish.isVisible()).toBe(false);
        await page.getByTestId("open-xray").click();
        await page.getByTestId("step-own").getByRole("button").click();
        expect(await page.getByTestId("goal").innerText()).toContain("A cgroup /small with room for three");
        await page.getByTestId("goal-xray").click();
        await shows(/1 of 5 so/);
        // What is typed sooner goes to the step's heading, which takes the focus.
        const reset = page.getByTestId("reset-step");
        await poll(() => reset.isEnabled(), { timeout: 60_000, what: "the step's checkpoint" });
        expect(await wish.locator(".wish-box.so").count()).toBe(1);
        await lab.type("mkdir /sys/fs/cgroup/small; echo 3 > /sys/fs/cgroup/small/pids.max");
        await shows(/3 of 5 so[^]*✓[^]*cgroup \/small[^]*✓[^]*pids\.max 3/);
        await lab.type("sleep 1000 &");
        await shows(/4 of 5 so[^]*There is sleep \(\d+\), but its cgroup is \/, not \/small/);
        await page.getByTestId("xray-table").click();
        const rows = page.locator(".xray-table tr");
        await poll(async () =>
          (await rows.allInnerTexts()).some((row) =>
            /process sleep\s+in the cgroup \/small\s+not yet/.test(row),
          ),
        );
        await page.getByTestId("xray-picture").click();
        await lab.type("echo $! > /sys/fs/cgroup/small/cgroup.procs");
        await lab.verdictIs("holds");
        await shows(/all 5 so/);
        expect(await lab.isDone("own")).toBe(true);
        // The real ones are marked, and the ghost leads to them.
        await poll(async () => (await page.locator(".row.as-wanted").innerText()).includes("sleep"));
        await wish.getByRole("button", { name: /^Here: sleep, process/ }).click();
        await page.locator(".xray-details h3", { hasText: "sleep" }).waitFor();
      },
      { path: "?lesson=limits/pids" },
    );
  },
);
