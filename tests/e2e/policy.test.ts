import { expect, test } from "vitest";
import { baseUrl, launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

test("a machine runs under the strict policy, Trusted Types included", async () => {
  const response = await fetch(baseUrl());
  const policy = response.headers.get("content-security-policy") ?? "";
  for (const rule of [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types vivarium",
  ]) {
    expect(policy.split("; ")).toContain(rule);
  }
  // withPage fails on any breach of the policy that the browser reports.
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    await lab.ready();
    await lab.type("echo under policy $((40+2))");
    await lab.screenShows(/under policy 42/);
    expect(page.workers().map((worker) => new URL(worker.url()).protocol)).toEqual(["http:"]);
  });
});

test("the policy is in force: code from strings and foreign workers are refused", async () => {
  await withPage(
    browser(),
    async (page) => {
      const refused = await page.evaluate(async () => {
        // The debugger lifts the ban on eval while it calls; a task of the page's own is under it.
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
        const attempts: Record<string, () => unknown> = {
          // Timers take code as text too, and are under the same rule as eval.
          "code from a string": () => Reflect.construct(Function, ["return 1"]) as unknown,
          "worker from a string": () => new Worker("assets/worker.js"),
          "worker from a blob": () => new Worker(URL.createObjectURL(new Blob(["1"]))),
          "HTML from a string": () => (document.body.innerHTML = "<b>x</b>"),
          "a second policy": () =>
            (
              globalThis as unknown as {
                trustedTypes: { createPolicy(name: string, rules: object): unknown };
              }
            ).trustedTypes.createPolicy("default", {}),
        };
        return Object.entries(attempts)
          .filter(([, attempt]) => {
            try {
              attempt();
              return false;
            } catch {
              return true;
            }
          })
          .map(([name]) => name);
      });
      expect(refused).toEqual([
        "code from a string",
        "worker from a string",
        "worker from a blob",
        "HTML from a string",
        "a second policy",
      ]);
    },
    { expected: [/Content.Security.Policy|TrustedScript|TrustedHTML|TrustedTypes|Trusted Type/i] },
  );
});

test("a machine that is replaced leaves no worker behind", async () => {
  await withPage(browser(), async (page) => {
    const lab = new LabPage(page);
    for (let round = 0; round < 3; round++) {
      await lab.ready();
      await lab.type(`echo round ${round} $((40+2))`);
      await lab.screenShows(new RegExp(`round ${round} 42`));
      await lab.restart();
      await poll(async () => !(await lab.screen()).includes(`round ${round} 42`), {
        what: "the new machine",
      });
    }
    await lab.ready();
    expect(page.workers().length).toBe(1);
  });
});
