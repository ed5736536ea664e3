import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, PLAIN_LESSON, withPage } from "../support/browser.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser.close());

/** The browser itself reports what could not be loaded; the page must not add to it. */
const LOADING = [/Failed to load resource/];

async function seesFault(lab: LabPage, code: string): Promise<void> {
  await poll(async () => (await lab.fault.getAttribute("data-code")) === code, {
    timeout: 30_000,
    what: `the fault ${code}`,
  });
  // What happened, what was kept, what to do: three short sentences, and a button.
  expect((await lab.fault.innerText()).split(". ").length).toBeGreaterThanOrEqual(2);
}

async function opensFresh(
  test_: (page: Page) => Promise<void>,
  prepare: (page: Page) => Promise<void>,
  path = PLAIN_LESSON,
) {
  await withPage(
    browser,
    async (page) => {
      await prepare(page);
      await page.reload();
      await test_(page);
    },
    { expected: LOADING, path },
  );
}

describe("a file of the machine that", () => {
  const spoil = async (page: Page, how: (route: Route) => Promise<void>): Promise<void> => {
    await page.route("**/store/*", how);
  };

  test.each<[string, string, (route: Route) => Promise<void>]>([
    ["is missing", "asset-missing", (route) => route.fulfill({ status: 404, body: "not found" })],
    [
      "arrives cut short",
      "asset-truncated",
      async (route) => {
        const body = await (await route.fetch()).body();
        await route.fulfill({ status: 200, body: body.subarray(0, body.length >> 1) });
      },
    ],
    [
      "arrives damaged",
      "asset-corrupt",
      async (route) => {
        const body = Buffer.from(await (await route.fetch()).body());
        body.writeUInt8(body.readUInt8(1000) ^ 1, 1000);
        await route.fulfill({ status: 200, body });
      },
    ],
    ["cannot be reached", "network", (route) => route.abort("connectionrefused")],
  ])("%s is told, and fetched anew", async (_name, code, how) => {
    await opensFresh(
      async (page) => {
        const lab = new LabPage(page);
        await seesFault(lab, code);
        await page.unroute("**/store/*");
        await page.getByTestId("fault-action").click();
        await lab.ready();
        expect(await lab.fault.count()).toBe(0);
      },
      (page) => spoil(page, how),
    );
  });
});

describe("a browser without", () => {
  test.each<[string, () => void]>([
    [
      "WebAssembly",
      () => {
        Reflect.deleteProperty(globalThis, "WebAssembly");
      },
    ],
    [
      "module workers",
      () => {
        const Known = Worker;
        // As old browsers do: the second argument is not looked at.
        globalThis.Worker = new Proxy(Known, {
          construct: (target, [url]: [string]) => new target(url),
        });
      },
    ],
  ])("%s is told what to do", async (_name, cripple) => {
    await withPage(
      browser,
      async (page) => {
        await page.addInitScript(cripple);
        await page.reload();
        await seesFault(new LabPage(page), "unsupported");
      },
      // A worker that knows no modules stumbles over the first import.
      { expected: [...LOADING, /Cannot use import statement|import/] },
    );
  });
});

describe("a worker", () => {
  test("that throws is replaced, and no progress is lost", async () => {
    await withPage(
      browser,
      async (page) => {
        const lab = new LabPage(page);
        await lab.doFirstStep();
        await lab.next();
        await page.workers()[0]?.evaluate(() => {
          setTimeout(() => {
            throw new Error("made to fail");
          });
        });
        await seesFault(lab, "machine-gone");
        expect(await lab.isDone("look-around")).toBe(true);
        await page.getByTestId("fault-action").click();
        await lab.ready();
        expect(await lab.openStepId()).toBe("step-without-fork");
        expect(await lab.isDone("look-around")).toBe(true);
      },
      { expected: [/made to fail/] },
    );
  });

  test("that was killed without a word is noticed", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await page.workers()[0]?.evaluate(() => close());
      await seesFault(lab, "machine-gone");
      await page.getByTestId("fault-action").click();
      await lab.ready();
      expect(await lab.isDone("look-around")).toBe(true);
    });
  });
});

describe("an emulator", () => {
  test("that fails stops the machine and says so; the worker itself still answers", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      // v86 asks for the time from inside its own code, and trips over the answer.
      await page.workers()[0]?.evaluate(() => {
        const now = performance.now.bind(performance);
        performance.now = () => {
          if (new Error("who asks").stack?.includes("wasm") === true) throw new Error("made to fail");
          return now();
        };
      });
      await seesFault(lab, "machine-crashed");
      expect(await lab.phase()).toBe("crashed");
      await page.getByTestId("fault-action").click();
      await lab.ready();
      expect(await lab.isDone("look-around")).toBe(true);
    });
  });
});

describe("a guest", () => {
  test("that hangs is told without a word of the learner's, and goes back before", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await lab.next();
      await poll(() => page.getByTestId("reset-step").isEnabled());
      const strip = page.getByTestId("guest-silent");
      expect(await strip.innerText()).toBe("");
      await lab.type(
        "echo -1 > /proc/sys/kernel/sched_rt_runtime_us; exec chrt -f 99 sh -c 'while :; do :; done'",
      );
      await poll(async () => /does not answer/.test(await strip.innerText()), { timeout: 40_000 });
      await strip.getByTestId("fault-reset").click();
      await poll(async () => (await strip.innerText()) === "", { timeout: 20_000 });
      await lab.type("echo back-$((1+1))");
      await lab.screenShows(/\nback-2\n/);
    });
  });

  test("that panics is stopped, shows its last words, and goes back before the panic", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await lab.next();
      await poll(() => page.getByTestId("reset-step").isEnabled());
      await lab.type("echo c > /proc/sysrq-trigger");
      const panic = page.getByTestId("fault-panic");
      await panic.waitFor({ timeout: 30_000 });
      expect(await lab.phase()).toBe("panicked");
      expect(await page.getByTestId("panic-text").innerText()).toMatch(/panic|sysrq/i);
      await page.getByTestId("fault-reset").click();
      await poll(async () => (await lab.phase()) === "running");
      expect(await panic.count()).toBe(0);
      await lab.type("echo back-$((1+1))");
      await lab.screenShows(/\nback-2\n/);
      expect(await lab.isDone("look-around")).toBe(true);
    });
  });

  test("that panics can be replaced as well", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      // Over all that is seen of it, not over one half.
      await page.getByTestId("split-beside").click();
      await lab.screenShows(/#\s*$/);
      await lab.type("echo c > /proc/sysrq-trigger");
      const panic = page.getByTestId("fault-panic");
      await panic.waitFor({ timeout: 30_000 });
      const middleOf = async (part: Locator): Promise<number> => {
        const box = await part.boundingBox();
        return box === null ? -1 : box.x + box.width / 2;
      };
      expect(await middleOf(panic)).toBeCloseTo(await middleOf(page.locator(".terminal-frame")), -1);
      await page.getByTestId("fault-restart").click();
      await lab.ready();
      expect(await lab.isDone("look-around")).toBe(true);
    });
  });

  test("that switches itself off says so and starts again", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.ready();
      await lab.type("poweroff -f");
      await page.getByTestId("fault-off").waitFor({ timeout: 30_000 });
      await page.getByTestId("fault-restart").click();
      await lab.ready();
    });
  });
});

describe("a terminal", () => {
  test("whose agent is killed comes back by itself", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await lab.type("kill -9 $(pidof vivarium-agent)");
      await lab.screenShows(/kill -9/);
      await poll(async () => !(await lab.screen()).includes("kill -9"), {
        timeout: 30_000,
        what: "a new terminal on the screen",
      });
      await lab.ready();
      await lab.type("echo again-$((1+1))");
      await lab.screenShows(/\nagain-2\n/);
      expect(await lab.isDone("look-around")).toBe(true);
    });
  });

  test("whose shell has ended says how, and a button opens the next", async () => {
    await withPage(browser, async (page) => {
      const lab = new LabPage(page);
      await lab.doFirstStep();
      await lab.type("exit 3");
      const ended = page.getByTestId("terminal-ended");
      await ended.waitFor();
      expect(await ended.innerText()).toContain("exit 3");
      await page.getByTestId("new-terminal").click();
      await lab.ready();
      await lab.type("pgrep -l sleep");
      await lab.screenShows(/\n\d+ sleep\n/);
      expect(await ended.count()).toBe(0);
    });
  });

  test("is drawn without WebGL where the processor would have to do it", async () => {
    await withPage(browser, async (page) => {
      await page.addInitScript(() => {
        const asked: unknown[] = [];
        const seen = new Proxy(Reflect.get(HTMLCanvasElement.prototype, "getContext"), {
          apply(getContext, canvas, args: unknown[]) {
            asked.push(args[0]);
            return Reflect.apply(getContext, canvas, args);
          },
        });
        Object.assign(HTMLCanvasElement.prototype, { getContext: seen });
        Object.assign(globalThis, { contextsAsked: asked });
      });
      await page.reload();
      const lab = new LabPage(page);
      await lab.ready();
      await poll(
        () =>
          page.evaluate(() => (globalThis as { contextsAsked?: string[] }).contextsAsked?.includes("webgl2")),
        { what: "the question whether there is a card" },
      );
      await lab.type("echo drawn-$((1+1))");
      await lab.screenShows(/drawn-2/);
      expect(await page.getByTestId("terminal").getAttribute("data-renderer")).toBe("dom");
      expect(await page.locator("#terminal canvas").count()).toBe(0);
    });
  });

  test("that loses its WebGL context is drawn without it", async () => {
    await withPage(browser, async (page) => {
      // There is no graphics card here, and without one WebGL is not used.
      await page.addInitScript(() => {
        const renamed = new Proxy(Reflect.get(WebGL2RenderingContext.prototype, "getParameter"), {
          apply(getParameter, context, args: unknown[]) {
            const value: unknown = Reflect.apply(getParameter, context, args);
            return typeof value === "string" && value.includes("SwiftShader") ? "A card" : value;
          },
        });
        Object.assign(WebGL2RenderingContext.prototype, { getParameter: renamed });
      });
      await page.reload();
      const lab = new LabPage(page);
      await lab.ready();
      const renderer = (): Promise<string | null> =>
        page.getByTestId("terminal").getAttribute("data-renderer");
      await poll(async () => (await renderer()) === "webgl", { what: "WebGL" });
      await page.evaluate(() => {
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>("#terminal canvas")) {
          canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
        }
      });
      await poll(async () => (await renderer()) === "dom", { what: "the other renderer" });
      expect(await page.getByTestId("terminal-notice").innerText()).not.toBe("");
      await lab.type("echo drawn-$((1+1))");
      await poll(async () => /drawn-2/.test(await page.locator("#terminal .xterm-rows").innerText()), {
        what: "the text in the document",
      });
    });
  });
});

test("storage that is forbidden keeps nobody from learning", async () => {
  await withPage(browser, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, "indexedDB", {
        get() {
          throw new DOMException("forbidden", "SecurityError");
        },
      });
    });
    await page.reload();
    const lab = new LabPage(page);
    await lab.doFirstStep();
    expect(await lab.isDone("look-around")).toBe(true);
  });
});
