/** What is kept in the browser, releases that follow each other, and pages that keep nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, WEB } from "../../tools/build.mjs";
import { type Server, serve } from "../../tools/serve.mjs";
import { launch, PLAIN_LESSON } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";
import { makeNextRelease } from "./next-release.ts";

const browser = shared(launch, (started) => started.close());
/** A site need not lie at a host's root. */
const BASE = "/courses/of/ours/";
const LONG = { timeout: 90_000, interval: 200 };

/** The folder that is served now; the address stays the same. */
let served = WEB;
let server: Server;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "vivarium-release-"));
  server = await start(0);
});
afterAll(async () => {
  await server.close().catch(() => undefined);
  rmSync(scratch, { recursive: true });
});

function start(port: number): Promise<Server> {
  return serve({
    root: WEB,
    base: BASE,
    port,
    find: (path) => join(path.startsWith("store/") ? WEB : served, path),
  });
}

async function inContext(work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser().newContext();
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

async function open(context: BrowserContext, query: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url + query);
  return page;
}

/** The landing with its card, which is looked at anew. */
async function card(page: Page): Promise<(name: string) => Promise<string | null>> {
  await page.getByTestId("open-offline").click();
  await page.getByTestId("offline").waitFor();
  return (name) => page.getByTestId(`offline-${name}`).getAttribute("data-state");
}

const keptNames = (page: Page, kind: "page" | "store"): Promise<readonly string[]> =>
  page.evaluate(
    async ([name, folder]) => {
      const cache = await caches.open(`vivarium ${name} ${folder}`);
      return (await cache.keys()).map(({ url }) => new URL(url).pathname);
    },
    [kind, BASE],
  );

async function isBaseKept(page: Page): Promise<boolean> {
  const { stores } = JSON.parse(readFileSync(join(WEB, "release.json"), "utf8")) as {
    stores: { base: [string][] };
  };
  const names = new Set(await keptNames(page, "store"));
  return stores.base.every(([name]) => names.has(`${BASE}store/${name}`));
}

const releaseOf = (page: Page): Promise<string | null> =>
  page.locator("meta[name=vivarium-release]").getAttribute("content");

const releasesInUse = (page: Page): Promise<readonly (string | undefined)[]> =>
  page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = "" }) => name.split(" ").at(-1));
  });

const isKept = (page: Page): Promise<boolean> =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated");

/** The release whose list of files a page is given. */
const listedId = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const { id } = (await (await fetch("release.json")).json()) as { id: string };
    return id;
  });

test(
  "after a first visit the page, its lessons and base need no network; more is kept by request",
  { timeout: 300_000 },
  async () => {
    await inContext(async (context) => {
      const first = await open(context, PLAIN_LESSON);
      await new LabPage(first).ready();
      await poll(() => isBaseKept(first), { ...LONG, what: "all files of base to be kept" });
      await first.close();

      const landing = await open(context, "");
      const state = await card(landing);
      expect([await state("page"), await state("base"), await state("containers")]).toEqual([
        "kept",
        "kept",
        "absent",
      ]);
      const row = landing.getByTestId("offline-containers");
      expect(await row.innerText()).toMatch(/not kept · \d+(\.\d)? MiB more/);

      // Somebody begins, stops, and removes what came.
      const slow = await landing.context().newCDPSession(landing);
      await slow.send("Network.enable");
      await slow.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: 2_000_000,
        uploadThroughput: -1,
      });
      await row.getByRole("button", { name: /^Keep/ }).click();
      await poll(async () => (await row.innerText()).includes(" of "), { what: "progress" });
      await poll(async () => (await row.locator("progress").count()) === 1, { what: "a bar of it" });
      const base = (await keptNames(landing, "store")).length;
      await poll(async () => (await keptNames(landing, "store")).length > base + 3, {
        ...LONG,
        what: "some files to come",
      });
      await row.getByRole("button", { name: /^Stop/ }).click();
      await poll(async () => (await state("containers")) === "absent", { what: "it to stop" });
      await row.getByRole("button", { name: /^Remove/ }).click();
      await poll(async () => (await row.getByRole("button", { name: /^Remove/ }).count()) === 0, {
        what: "what came to be removed",
      });
      expect(await isBaseKept(landing)).toBe(true);
      await landing.close();

      const { port } = server;
      await server.close();
      try {
        const offline = await open(context, PLAIN_LESSON);
        const lab = new LabPage(offline);
        await lab.ready();
        // Programs that no machine of this context has read yet.
        await lab.type("lsns --version; capsh --print | head -1; echo alone-$((40+2))");
        await lab.screenShows(/lsns from util-linux[^]*Current:[^]*\nalone-42\n/, 60_000);
        await offline.close();
      } finally {
        server = await start(port);
      }
    });
  },
);

test(
  "a new release is told, takes over when somebody says so, and leaves other tabs as they are",
  { timeout: 180_000 },
  async () => {
    await inContext(async (context) => {
      served = WEB;
      const old = await open(context, PLAIN_LESSON);
      const lab = new LabPage(old);
      await lab.ready();
      await poll(() => isKept(old), { ...LONG, what: "the page to be kept" });
      const before = await releaseOf(old);
      const frame = await open(context, "embed.html?terminal");

      const chunk = makeNextRelease(scratch, "xray");
      served = scratch;
      // What was kept is opened, and what is new is found beside it.
      const other = await open(context, "");
      expect(await releaseOf(other)).toBe(before);
      const told = (page: Page): Promise<string | null> =>
        page.getByTestId("update-note").getAttribute("data-update");
      for (const page of [other, old])
        await poll(async () => (await told(page)) === "newer", {
          ...LONG,
          what: "the new release to be told",
        });

      // Where the server cannot be reached nothing changes.
      const reload = other.getByTestId("update-note").getByRole("button", { name: "Reload" });
      const { port } = server;
      await server.close();
      try {
        await reload.click();
        await poll(async () => (await told(other)) === "unreachable", { what: "that to be told" });
      } finally {
        server = await start(port);
      }
      expect(await releaseOf(other)).toBe(before);

      await reload.click();
      await poll(async () => (await releaseOf(other)) !== before, { what: "the new release" });
      const after = await releaseOf(other);

      // The lab goes on: a part of its release that it had not needed so far is not on the server any more.
      expect((await fetch(server.url + chunk.before)).status).toBe(404);
      await old.getByTestId("open-xray").click();
      await old.getByTestId("xray").waitFor();
      await lab.type("echo still-$((40+2))");
      await lab.screenShows(/still-42/);
      expect(await keptNames(old, "page")).toContain(BASE + chunk.before);
      // So do files that have one name in all releases; and the new page does not ask for itself.
      expect([await listedId(old), await listedId(other)]).toEqual([before, after]);
      expect([await told(old), await told(other)]).toEqual(["newer", "none"]);
      const third = await open(context, "");
      expect(await releaseOf(third)).toBe(after);
      await third.close();

      // When the last page of the old release is gone, the new one is kept, and the files of the old one go. A lab in
      // somebody's page is one too.
      await old.goto(server.url);
      expect(await releaseOf(old)).toBe(after);
      expect(await releasesInUse(old)).toContain(before);
      await frame.getByTestId("open-xray").click();
      await frame.getByTestId("xray").waitFor();
      await frame.close();
      const isTidy = async (): Promise<boolean> => {
        const names = await keptNames(old, "page");
        return names.includes(BASE + chunk.after) && !names.includes(BASE + chunk.before);
      };
      await poll(() => isKept(other), { ...LONG, what: "the new release to be kept" });
      await old.reload();
      await poll(isTidy, { ...LONG, what: "files of the old release to go" });
    });
  },
);

test("a page that is being written at that address takes away what a built site has left there", async () => {
  await inContext(async (context) => {
    served = WEB;
    const page = await open(context, PLAIN_LESSON);
    await new LabPage(page).ready();
    await poll(() => isKept(page), { ...LONG, what: "the page to be kept" });
    rmSync(scratch, { recursive: true });
    scratch = mkdtempSync(join(tmpdir(), "vivarium-release-"));
    writeFileSync(join(scratch, "index.html"), "<!doctype html><title>as it is now</title>");
    writeFileSync(join(scratch, "sw.js"), readFileSync(join(ROOT, "public/sw.js")));
    served = scratch;
    await page.goto(server.url);
    await poll(async () => (await page.title()) === "as it is now", {
      ...LONG,
      what: "the page as it is now",
    });
    await poll(
      () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length === 0),
      { what: "no service worker to be left" },
    );
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
  });
});
