import { test } from "vitest";
import { LabPage, timeToVerdict } from "../e2e/lab.ts";
import { launch, withPage } from "../support/browser.ts";
import { quantile, report, spread } from "../support/figures.ts";
import { poll } from "../support/poll.ts";

const RUNS = 40;

test("verdict", async () => {
  const browser = await launch();
  const times: number[] = [];
  await withPage(browser, async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    for (let i = 0; i < RUNS; i++) {
      const time = timeToVerdict(page);
      await lab.type("sleep 1000 &");
      times.push(await time);
      await lab.type("kill %%");
      await poll(async () => (await lab.live()) !== "holds", { what: "the verdict to follow the facts" });
    }
  });
  await browser.close();
  for (const [name, share] of [
    ["verdict", 0.5],
    ["verdict/p95", 0.95],
  ] as const) {
    report({
      name,
      value: quantile(times, share),
      unit: "ms",
      better: "lower",
      n: times.length,
      spread: spread(times),
      goal: "p95 ≤ 250 ms",
      context: "Chromium, from the shell's word on the screen to the step shown as done",
    });
  }
});
