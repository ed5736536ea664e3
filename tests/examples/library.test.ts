/** The library's face for browsers, as a page sees it. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Lab, Machine } from "../../src/machine/index.ts";
import { LIBRARY } from "../../tools/build.mjs";
import { launch } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { visit } from "./visit.ts";

interface Library {
  createMachine(options: object): Promise<Machine>;
  createLab(options: object): Promise<Lab>;
}
declare global {
  var vivarium: Library | undefined;
}

const ROOT = resolve(import.meta.dirname, "../..");
const LOADING = /Failed to load resource/;

const browser = shared(launch, (started) => started.close());

/** A page on which the library is at hand. */
async function withLibrary(
  look: (page: Page) => Promise<void>,
  expected: readonly RegExp[] = [],
): Promise<void> {
  const withIt = async (page: Page): Promise<void> => {
    await poll(async () => (await page.getByRole("status").innerText()) === "Done.");
    await page.addScriptTag({
      type: "module",
      content: 'import * as library from "../../dist/library/browser.js"; globalThis.vivarium = library;',
    });
    await page.waitForFunction(() => globalThis.vivarium !== undefined);
    await look(page);
  };
  await visit(browser(), ROOT, "examples/plain/", withIt, { expected });
}

test("what is missing is said by a code, and leaves no worker", async () => {
  await withLibrary(
    async (page) => {
      const code = (options: object): Promise<unknown> =>
        page.evaluate(
          async (given) =>
            globalThis.vivarium?.createMachine(given).catch((error: { code?: unknown }) => error.code),
          options,
        );
      expect(await code({ assets: "/nowhere" })).toBe("asset-missing");
      expect(await code({ assets: "http://127.0.0.1:1/" })).toBe("network");
      expect(await code({ profile: "nothing" })).toBe("profile-unknown");
      await poll(() => page.workers().length === 0, { what: "the workers to be gone" });
    },
    [LOADING],
  );
});

test("a start that is called off rejects, and leaves no worker", async () => {
  await withLibrary(async (page) => {
    const code = await page.evaluate(async () => {
      const stop = new AbortController();
      const onEvent = (event: { kind: string }): void => {
        if (event.kind === "stage") stop.abort();
      };
      return globalThis.vivarium
        ?.createMachine({ signal: stop.signal, onEvent })
        .catch((error: { code?: unknown }) => error.code);
    });
    expect(code).toBe("aborted");
    await poll(() => page.workers().length === 0, { what: "the worker to be gone" });
  });
});

test("the assets may come from another origin that allows it", async () => {
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("Access-Control-Allow-Origin", "*");
    createReadStream(join(LIBRARY, request.url ?? "")).pipe(response);
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  try {
    await withLibrary(async (page) => {
      const said = await page.evaluate(async (assets) => {
        const machine = await globalThis.vivarium?.createMachine({ assets, hostName: "afar" });
        const ran = await machine?.exec({ argv: ["hostname"] });
        machine?.dispose();
        return new TextDecoder().decode(ran?.stdout);
      }, `http://127.0.0.1:${port}`);
      expect(said).toBe("afar\n");
    });
    expect(asked[0]).toBe("/release.json");
    expect(asked.filter((path) => path.startsWith("/store/")).length).toBeGreaterThan(1);
  } finally {
    other.close();
    other.closeAllConnections();
  }
});

test("a lab in the page: machines reach each other, share one emulator, and all workers go", async () => {
  await withLibrary(async (page) => {
    const seen = await page.evaluate(async () => {
      const lab = await globalThis.vivarium?.createLab({ machines: [{}, {}, { segment: 2 }] });
      if (lab === undefined) throw new Error("there is no library");
      await Promise.all(lab.machines.map(({ reachable }) => reachable));
      const ask = async (address: string): Promise<unknown> => {
        const argv = ["ping", "-c", "1", "-W", "2", address];
        return (await lab.machine("machine-1").machine.exec({ argv, timeoutMs: 30_000 })).status;
      };
      const answers = [await ask("machine-2"), await ask("10.10.2.3")];
      const { length } = lab.switch.capture.packets();
      lab.dispose();
      return { answers, length };
    });
    expect(seen.answers[0]).toEqual({ how: "exited", code: 0 });
    // Another segment is another network.
    expect(seen.answers[1]).not.toEqual({ how: "exited", code: 0 });
    expect(seen.length).toBeGreaterThanOrEqual(4);
    const wasm = await page.evaluate(
      () => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm")).length,
    );
    expect(wasm).toBeLessThanOrEqual(1);
    await poll(() => page.workers().length === 0, { what: "the workers to be gone" });
  });
});

test("a lab that the device cannot hold is refused in a sentence", async () => {
  await withLibrary(async (page) => {
    const refused = await page.evaluate(async () =>
      globalThis.vivarium
        ?.createLab({ machines: [{}, {}, {}], budgetBytes: 400 * 1024 * 1024 })
        .catch((error: { code?: unknown; message?: unknown }) => [error.code, error.message]),
    );
    expect(refused).toEqual(["out-of-memory", expect.stringMatching(/3 machines need \d+ MiB.*400 MiB/)]);
    await poll(() => page.workers().length === 0, { what: "the workers to be gone" });
  });
});
