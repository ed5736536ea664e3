/** The page without a network: what is kept of the site in this browser. */
import { effect } from "@preact/signals";
import { storeCache } from "../protocol/offline.ts";
import { browserWantedProfiles, fetchSiteRelease, KeptStore, type Lab, OfflineDesk } from "../state/index.ts";
import { holdRelease, ownRelease } from "./own-release.ts";
import { BrowserPageKeeper } from "./page-keeper.ts";
import "./styles/offline.css";

/** From when nothing happens any more to when the page fetches for another day. */
const REST_MS = 5000;

interface Offline {
  readonly desk: OfflineDesk;
  readonly keeper: BrowserPageKeeper;
}

function make(): Offline | undefined {
  const release = ownRelease();
  if (release === undefined) return undefined;
  const site = new URL("./", document.baseURI);
  const keeper = new BrowserPageKeeper(site.href, release);
  const desk = new OfflineDesk({
    keeper,
    store: new KeptStore({
      base: new URL("store/", site).href,
      open: () => caches.open(storeCache(site.pathname)),
      fetch: (url, init) => fetch(url, init),
    }),
    wanted: browserWantedProfiles(),
    load: () => fetchSiteRelease(site.href, release),
    savesData: () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true,
  });
  return { desk, keeper };
}

const offline = make();

/** Undefined in a page that is being written: nothing of it is kept. */
export const offlineDesk = offline?.desk;

/** Says when there is a newer release. */
async function tellUpdates({ desk }: Offline): Promise<void> {
  const { showUpdateNote } = await import("./update-note.ts");
  showUpdateNote(desk);
}

function rest(found: Offline): void {
  setTimeout(() => {
    // A browser that has no such moment takes the next one.
    const soon = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work));
    soon(() => void found.desk.atRest());
  }, REST_MS);
}

async function restIfKept(found: Offline): Promise<void> {
  if (await found.keeper.wasKept()) rest(found);
}

/** A page that starts no machine keeps nothing that was not kept before; of that it fetches what is new. */
export function keepFromLanding(): void {
  if (offline === undefined || offline.desk.possible !== "yes") return;
  holdRelease();
  void tellUpdates(offline);
  void restIfKept(offline);
}

/** Once the machine runs and the page is at rest, what is missing is fetched. */
export function keepFromLab(lab: Lab): void {
  if (offline === undefined || offline.desk.possible !== "yes") return;
  holdRelease();
  void tellUpdates(offline);
  let isRunning = false;
  effect(() => {
    if (isRunning || lab.machine.value.phase !== "running") return;
    isRunning = true;
    rest(offline);
  });
}
