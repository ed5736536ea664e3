/** A machine that was decoded once is kept so, and the next visit reads it. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { decodedCache } from "../../src/protocol/offline.ts";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

/** Addresses and sizes of what is kept. */
async function kept(page: Page): Promise<readonly { address: string; bytes: number }[]> {
  return page.evaluate(async (name) => {
    const cache = await caches.open(name);
    const all = await cache.keys();
    return Promise.all(
      all.map(async (request) => ({
        address: request.url,
        bytes: (await (await cache.match(request))?.arrayBuffer())?.byteLength ?? 0,
      })),
    );
  }, decodedCache("/"));
}

test("the first visit fetches the machine, the second reads it unpacked, and a damaged one is fetched anew", async () => {
  const context = await browser().newContext({ serviceWorkers: "block" });
  const fetched: string[] = [];
  context.on("request", (request) => fetched.push(request.url()));
  /** Visits as the same learner, who types something, and gives how often the machine was fetched. */
  const visit = async (
    address: string | undefined,
    inside: (page: Page) => Promise<void>,
  ): Promise<number> => {
    fetched.length = 0;
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await lab.ready();
        await lab.type("echo here-$((40+2))");
        await lab.screenShows(/\nhere-42\n/);
        await inside(page);
      },
      { context },
    );
    return fetched.filter((url) => url === address).length;
  };
  try {
    let address = "";
    const find = async (page: Page): Promise<void> => {
      await poll(async () => (await kept(page)).length === 1, { what: "the machine to be kept" });
      const [only] = await kept(page);
      address = only?.address ?? "";
      expect(only?.bytes).toBeGreaterThan(8_000_000);
    };
    await visit(undefined, find);
    expect(address).toMatch(/\/store\/[0-9a-f]{64}$/);
    expect(await visit(address, async () => undefined)).toBe(0);

    const damage = (page: Page): Promise<void> =>
      page.evaluate(
        async ([name = "", at = ""]) => {
          const cache = await caches.open(name);
          const bytes = new Uint8Array((await (await cache.match(at))?.arrayBuffer()) ?? new ArrayBuffer(0));
          bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
          await cache.put(at, new Response(bytes));
        },
        [decodedCache("/"), address],
      );
    expect(await visit(address, damage)).toBe(0);
    // It is put right by the way.
    const isWhole = async (page: Page): Promise<void> => {
      await poll(
        async () =>
          page.evaluate(
            async ([name = "", at = ""]) => {
              const bytes = await (await (await caches.open(name)).match(at))?.arrayBuffer();
              const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes ?? new ArrayBuffer(0)));
              return at.endsWith([...hash].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
            },
            [decodedCache("/"), address],
          ),
        { what: "the kept machine to be put right" },
      );
    };
    expect(await visit(address, isWhole)).toBe(1);
    expect(await visit(address, async () => undefined)).toBe(0);
  } finally {
    await context.close();
  }
});
