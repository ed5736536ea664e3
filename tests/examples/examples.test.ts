/** Each of `examples/` as its README says to run it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { VivariumLab } from "../../src/embed/index.ts";
import { COMMAND } from "../../tools/build.mjs";
import { launch } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { runNode } from "../support/run-program.ts";
import { visit } from "./visit.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const EXAMPLES = join(ROOT, "examples");

const browser = shared(launch, (started) => started.close());
const scratch = shared(
  async () => mkdtempSync(join(tmpdir(), "vivarium-examples-")),
  (dir) => rmSync(dir, { recursive: true }),
);

test("node: the script prints what the machine says, and ends", async () => {
  const ended = await runNode(join(EXAMPLES, "node/run.mjs"));
  expect(ended).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^Linux 6\.1\.\d+, process \d+ here\nprocess 1 in a PID namespace of its own\n$/,
    ),
    stderr: "",
  });
});

test("lab: two machines find each other by name, and their packets are seen", async () => {
  const ended = await runNode(join(EXAMPLES, "lab/run.mjs"));
  expect(ended).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /1 received, 0% packet loss[^]*\n10\.10\.1\.1 > 10\.10\.1\.2 .*request.*\n10\.10\.1\.2 > 10\.10\.1\.1 .*reply/,
    ),
    stderr: "",
  });
});

test("plain: the page shows what the machine says, and leaves no worker", async () => {
  await visit(browser(), ROOT, "examples/plain/", async (page) => {
    await poll(async () => (await page.getByRole("status").innerText()) === "Done.", {
      what: `the page to be done; it says: ${await page.getByRole("status").innerText()}`,
    });
    expect(await page.locator("pre").innerText()).toMatch(/^Linux 6\.1\.\d+ i686\s*$/);
    await poll(() => page.workers().length === 0, { what: "the worker to be gone" });
  });
});

test("vite: the built page has a terminal in which one can type", async () => {
  const site = join(scratch(), "site");
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const built = await runNode(vite, ["build", join(EXAMPLES, "vite"), "--outDir", site, "--emptyOutDir"]);
  expect(built).toMatchObject({ code: 0 });
  const put = await runNode(COMMAND, ["assets", "--profile", "base", join(site, "vivarium")]);
  expect(put).toMatchObject({ code: 0, stderr: "" });
  await visit(browser(), site, "", async (page) => {
    const rows = page.locator(".xterm-rows");
    const shows = async (pattern: RegExp): Promise<void> => {
      await poll(async () => pattern.test(await rows.innerText()), { what: `${pattern} in the terminal` });
    };
    await shows(/\$\s*$/);
    await page.keyboard.type("id -un; echo $((6 * 7)) answers\n");
    await shows(/learner\s+42 answers/);
    expect(await page.getByRole("status").innerText()).toBe("running");
  });
});

test("course: its first lesson is true", async () => {
  const words = ["test", "--courses", join(EXAMPLES, "course"), "every-feature/one-machine"];
  const ended = await runNode(COMMAND, words, { timeoutMs: 120_000 });
  expect(ended.stdout).toMatch(/^✓ every-feature\/one-machine .*\n1 lessons, \d+ trials passed, 0 failed\n$/);
  expect(ended.code).toBe(0);
});

/** Types into the lab of a page as a teacher's script does. */
async function runIn(page: Page, command: string): Promise<void> {
  await page.evaluate(async (text) => {
    const element: VivariumLab | null = document.querySelector("vivarium-lab");
    await (await element?.start())?.run(text);
  }, command);
}

const ONE_BELOW = /fork is done; PID namespaces below the first: 1/;
const OWN_PID_1 = "unshare --pid --fork bash";

test("embed-plain: a step that is done is told to the page, with the namespace that was seen", async () => {
  await visit(browser(), ROOT, "examples/embed-plain/", async (page) => {
    await page.getByRole("button", { name: "PID namespaces" }).click();
    const told = page.locator("#told");
    await poll(async () => (await told.innerText()).includes("PID namespaces is ready"), { timeout: 30_000 });
    await runIn(page, OWN_PID_1);
    await poll(async () => ONE_BELOW.test(await told.innerText()), { timeout: 30_000 });
  });
});

test("embed-iframe: a sandboxed frame does a step, and the page that connects sees the namespace", async () => {
  await visit(
    browser(),
    ROOT,
    "examples/embed-iframe/",
    async (page) => {
      const button = page.getByRole("button", { name: "Show me" });
      await poll(() => button.isEnabled(), { timeout: 30_000, what: "the lab to be ready" });
      await button.click();
      await poll(async () => ONE_BELOW.test(await page.locator("output").innerText()), { timeout: 30_000 });
    },
    { shared: true },
  );
});

test("embed-docs: a lab starts when it comes into sight, and its step ticks the page off", async () => {
  await visit(browser(), ROOT, "examples/embed-docs/index.html", async (page) => {
    await page.getByRole("link", { name: "Begin with" }).click();
    await page.locator("vivarium-lab").scrollIntoViewIfNeeded();
    const seen = page.evaluate(
      () =>
        new Promise<number>((done) => {
          addEventListener("vivarium-step", (event) => {
            const { detail } = event as HTMLElementEventMap["vivarium-step"];
            if (detail.kind !== "done") return;
            const all = Object.values(detail.observations).flatMap(({ namespaces }) => namespaces);
            done(all.filter((one) => one.kind === "pid" && one.level > 0).length);
          });
        }),
    );
    await poll(() => page.evaluate(() => document.querySelector("vivarium-lab")?.handle !== undefined), {
      timeout: 30_000,
    });
    await poll(
      async () =>
        page.evaluate(async () => (await document.querySelector("vivarium-lab")?.handle?.state())?.ready),
      { timeout: 30_000, interval: 200 },
    );
    await runIn(page, OWN_PID_1);
    expect(await seen).toBe(1);
    await poll(() => page.locator("nav a.done").isVisible());
  });
});
