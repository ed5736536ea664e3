import { isSandboxed, KeptHere } from "../state/index.ts";
import { namedTexts } from "./browser-texts.ts";
import { landingAddress } from "./route.ts";

/** Of the service worker of this folder, where there can be one: to a sandboxed frame its very name is refused. */
async function unregister(): Promise<void> {
  if (isSandboxed()) return;
  const site = new URL("./", document.baseURI).href;
  const registration = await navigator.serviceWorker?.getRegistration(site);
  // That of a site around this one is not ours.
  if (registration?.scope === site) await registration.unregister();
}

/** Undefined where there is none, and in a sandboxed frame, where looking for it is refused. */
function cacheStorage(): CacheStorage | undefined {
  return !isSandboxed() && "caches" in globalThis ? caches : undefined;
}

/** A page of our own goes to where a visit begins, a frame stays what it is. */
function leave(): void {
  if (window.parent === window) location.replace(landingAddress(location.href));
  else location.reload();
}

/** What the product keeps in this browser. */
export function keptHere(): KeptHere {
  return new KeptHere({
    local: namedTexts("local"),
    session: namedTexts("session"),
    caches: cacheStorage(),
    estimate: async () => (await navigator.storage?.estimate()) ?? {},
    folder: new URL("./", document.baseURI).pathname,
    unregister,
    leave,
  });
}
