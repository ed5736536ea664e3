/** A lesson of two machines: one is switched on by the learner, both are seen, and one kernel may die without the other. */
import { expect, test } from "vitest";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());
const PATH = "?lesson=choose/side-by-side";
const BOOT_MS = 120_000;

test(
  "a machine is switched on, measured, breaks alone, and is off again at the step's beginning",
  { timeout: 300_000 },
  async () => {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        const phaseOf = (name: string): Promise<string | null> =>
          page.getByTestId(`machine-chip-${name}`).getAttribute("data-phase");
        await poll(async () => (await phaseOf("machine-1")) === "running", {
          timeout: BOOT_MS,
          what: "the first machine",
        });
        await lab.screenShows(/root@machine-1:~#\s*$/);
        expect(await phaseOf("machine-2")).toBe("unpowered");
        await page.getByTestId("terminal-tab-second").click();
        await page.getByTestId("unpowered").getByText("machine-2 is switched off").waitFor();
        const reset = page.getByTestId("reset-step");
        await poll(() => reset.isEnabled(), { timeout: BOOT_MS, what: "the step's checkpoint" });

        await lab.step.locator(".prose").getByTestId("power-on-machine-2").click();
        await poll(async () => (await page.getByTestId("loading").count()) > 0, {
          what: "the boot to be told",
        });
        await lab.verdictIs("holds", BOOT_MS);
        await lab.screenShows(/root@machine-2:~#\s*$/);
        const measure = page.getByTestId("measure-machine");
        await poll(async () => /\d million instructions/.test(await measure.innerText()), {
          what: "what it has cost",
        });
        const millions = Number(/(\d+) million/.exec(await measure.innerText())?.[1]);
        // A boot and what its services do until the shell is seen: about a hundred, as the lesson says.
        expect(millions).toBeGreaterThan(60);
        expect(millions).toBeLessThan(250);
        expect(await measure.innerText()).toContain("256 MiB, a kernel of its own");

        await lab.type("cat /proc/sys/kernel/random/boot_id; ping -c1 -W5 machine-1");
        const screen = await lab.screenShows(/1 packets received|1 received/);
        await page.getByTestId("terminal-tab-first").click();
        await lab.type("cat /proc/sys/kernel/random/boot_id");
        const other = await lab.screenShows(/[0-9a-f]{8}-[0-9a-f-]{27}\r?\n/);
        const bootId = (text: string): string | undefined => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0];
        expect(bootId(other)).not.toBe(bootId(screen));

        await page.getByTestId("open-xray").click();
        await poll(async () => (await page.locator(".xray-pane section.machine").count()) === 2, {
          what: "both machines in the picture",
        });
        await page.getByTestId("terminal-tab-second").click();
        await lab.type("echo c > /proc/sysrq-trigger");
        await poll(async () => (await phaseOf("machine-2")) === "panicked", {
          timeout: 30_000,
          what: "the panic",
        });
        await page.getByTestId("fault-panic").waitFor();
        expect(await phaseOf("machine-1")).toBe("running");
        // Beside each other, the fault stands over its own machine's terminal alone.
        await page.getByTestId("split-beside").click();
        await poll(
          async () => {
            const card = await page.getByTestId("fault-panic").boundingBox();
            const own = await page
              .locator('.terminal-host[data-terminal="second"]:not(.behind)')
              .boundingBox();
            const beside = await page
              .locator('.terminal-host[data-terminal="first"]:not(.behind)')
              .boundingBox();
            // However low the terminal is, its title and the way on are seen.
            const title = await page.getByTestId("fault-panic").getByRole("heading").boundingBox();
            const way = await page.getByTestId("fault-reset").boundingBox();
            if (!card || !own || !beside || !title || !way) return false;
            const isOver = (one: typeof own): boolean =>
              card.x < one.x + one.width && one.x < card.x + card.width;
            return isOver(own) && !isOver(beside) && title.y + title.height <= way.y;
          },
          { what: "the fault over the second terminal" },
        );
        await page.getByTestId("terminal-tab-first").click();
        await lab.type("echo still $((40 + 2))");
        await lab.screenShows(/still 42/);

        await reset.click();
        await poll(async () => (await phaseOf("machine-2")) === "unpowered", {
          timeout: 30_000,
          what: "the machine to be off again",
        });
        expect(await phaseOf("machine-1")).toBe("running");
      },
      { path: PATH },
    );
  },
);
