/**
 * The page without a network. `vivarium build` puts before this code which release it belongs to, and each file's hash:
 * all of them are there, or it does not take over. Store files are put where it looks for them by the page
 * (`src/state/offline`).
 */
import { PrecacheController, PrecacheRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import {
  othersInUse,
  type OfflineSite,
  pageCache,
  storeCache,
  type ToServiceWorker,
} from "../../src/protocol/offline.ts";
import { keepAll } from "./keep-all.ts";
import { KeptFirst } from "./kept-first.ts";

declare const self: ServiceWorkerGlobalScope & { readonly vivariumSite: OfflineSite };

/** Named by their content: another content has another name. */
const HASHED = ["assets/", "courses/", "man/"];

const { id, files } = self.vivariumSite;
const folder = new URL("./", self.location.href).pathname;
const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((name) => path.startsWith(folder + name));

const isNamedByContent = ({ pathname }: URL): boolean => isBelow(pathname, HASHED);

const page = new PrecacheController({ cacheName: pageCache(folder) });
page.addToCacheList(
  files.map(([path, integrity]) => ({
    url: path,
    integrity,
    revision: isNamedByContent(new URL(path, self.location.href)) ? null : integrity,
  })),
);

self.addEventListener("install", (event) => event.waitUntil(keepAll(event, page, isNamedByContent)));
// The first release serves the page that brought it. A later one never takes a page from the worker of the one before: it
// comes here when no page of that one is left.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Files of earlier releases go when their last page is gone, and no newer release is about to need them. */
async function tidy(): Promise<void> {
  const { installing, waiting } = self.registration;
  if (installing !== null || waiting !== null || (await othersInUse(folder, id)).size > 0) return;
  const cache = await caches.open(pageCache(folder));
  const own = new Set(page.getURLsToCacheKeys().values());
  const others = (await cache.keys()).filter(({ url }) => !own.has(url));
  await Promise.all(others.map((request) => cache.delete(request)));
}

self.addEventListener("message", (event) => {
  const said = event.data as ToServiceWorker;
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
  ({ sameOrigin, url }) => sameOrigin && isNamedByContent(url),
  new KeptFirst({ cacheName: pageCache(folder) }),
);
