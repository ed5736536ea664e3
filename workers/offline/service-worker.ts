/**
 * The page without a network. `vivarium build` puts before this code which release it belongs to, and each file's hash:
 * all of them are there, or it does not take over. Store files are put where it looks for them by the page
 * (`src/state/offline`).
 */
import { PrecacheController, PrecacheRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import {
  isOtherInUse,
  type OfflineSite,
  pageCache,
  storeCache,
  type ToServiceWorker,
  YIELD,
} from "../../src/protocol/offline.ts";
import { KeptFirst } from "./kept-first.ts";

declare const self: ServiceWorkerGlobalScope & { readonly vivariumSite: OfflineSite };

/** Named by their content: another content has another name. */
const HASHED = ["assets/", "courses/", "man/"];

const { id, files } = self.vivariumSite;
const folder = new URL("./", self.location.href).pathname;
const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((name) => path.startsWith(folder + name));

const page = new PrecacheController({ cacheName: pageCache(folder) });
page.addToCacheList(
  files.map(([path, integrity]) => ({
    url: path,
    integrity,
    // What has a name of its own may come out of the browser's cache.
    revision: HASHED.some((name) => path.startsWith(name)) ? null : integrity,
  })),
);

self.addEventListener("install", (event) => void page.install(event));
// The first release serves the page that brought it; a later one comes here when nobody uses the one before, or by request.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Files of earlier releases go when their last page is gone, and no newer release is about to need them. */
async function tidy(): Promise<void> {
  const { installing, waiting } = self.registration;
  if (installing !== null || waiting !== null || (await isOtherInUse(folder, id))) return;
  const cache = await caches.open(pageCache(folder));
  const own = new Set(page.getURLsToCacheKeys().values());
  const others = (await cache.keys()).filter(({ url }) => !own.has(url));
  await Promise.all(others.map((request) => cache.delete(request)));
}

async function takeOver(): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // To a client there is no origin to name.
  for (const client of pages) client.postMessage(YIELD, []);
  await self.skipWaiting();
}

self.addEventListener("message", (event) => {
  const said = event.data as ToServiceWorker;
  if (said === "take-over") event.waitUntil(takeOver());
  if (said === "tidy") event.waitUntil(tidy());
});

registerRoute(
  // What stands behind the question mark is read by the page, and is of no concern here.
  new PrecacheRoute(page, { ignoreURLParametersMatching: [/./], cleanURLs: false }),
);
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && isBelow(url.pathname, ["store/"]),
  new KeptFirst({ cacheName: storeCache(folder) }),
);
// Of an earlier release, for pages that go on with it.
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && isBelow(url.pathname, HASHED),
  new KeptFirst({ cacheName: pageCache(folder) }),
);
