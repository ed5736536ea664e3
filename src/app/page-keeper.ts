import { CodedError, DisposableStore, Emitter } from "../base/index.ts";
import { fetchLock, othersInUse, pageCache, type ToServiceWorker } from "../protocol/offline.ts";
import type { PageKeeper, Possible, Update } from "../state/index.ts";
import { trustedScriptUrl } from "./trusted-types.ts";

/** A page that stays open asks for a newer release at most so often. */
const ASK_AGAIN_MS = 60 * 60 * 1000;

/** A server that does not answer for so long counts as not there. */
const ANSWER_MS = 8000;

function possible(): Possible {
  if (!isSecureContext) return "insecure";
  return "serviceWorker" in navigator && "caches" in globalThis && "locks" in navigator
    ? "yes"
    : "unsupported";
}

/** Settles when the service worker has all files. */
async function installed(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing;
  if (registration.active !== null || registration.waiting !== null || worker === null) return;
  await new Promise<void>((done, failed) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done();
      if (worker.state === "redundant")
        failed(new CodedError("network", "the page's files could not be kept"));
    });
  });
}

/** The service worker of the site at `site`, an address that ends in `/`, for a page of `release`. */
export class BrowserPageKeeper implements PageKeeper {
  readonly possible = possible();
  readonly #site: URL;
  readonly #release: string;
  readonly #owned = new DisposableStore();
  readonly #update = this.#owned.add(new Emitter<Update>());
  readonly onUpdate = this.#update.event;
  #registration: ServiceWorkerRegistration | undefined;

  constructor(site: string, release: string) {
    this.#site = new URL(site);
    this.#release = release;
  }

  get #folder(): string {
    return this.#site.pathname;
  }

  async #known(): Promise<ServiceWorkerRegistration | undefined> {
    const found = await navigator.serviceWorker.getRegistration(this.#site);
    // That of a site around this one is not ours.
    return found?.scope === this.#site.href ? found : undefined;
  }

  async isKept(): Promise<boolean> {
    const active = (await this.#known())?.active ?? null;
    return active !== null;
  }

  async wasKept(): Promise<boolean> {
    return (await this.isKept()) || caches.has(pageCache(this.#folder));
  }

  async keptFiles(): Promise<ReadonlySet<string>> {
    const name = pageCache(this.#folder);
    if (!(await caches.has(name))) return new Set();
    const kept = await (await caches.open(name)).keys();
    return new Set(kept.map(({ url }) => new URL(url).pathname.slice(this.#folder.length)));
  }

  async keep(): Promise<void> {
    if (this.#registration !== undefined) return installed(this.#registration);
    if ((await this.#known()) === undefined) await this.#othersClosed();
    const url = trustedScriptUrl(new URL("sw.js", this.#site).href);
    const registration = (await navigator.serviceWorker.register(url, {
      scope: this.#site.href,
      updateViaCache: "none",
    })) as ServiceWorkerRegistration | undefined;
    // Browsers that are driven by a program can be told to have none.
    if (registration === undefined) throw new CodedError("unsupported", "there is no service worker here");
    this.#registration = registration;
    this.#follow(registration);
    return installed(registration);
  }

  #follow(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      const { waiting, active } = registration;
      // A page without a worker came from the server: it is new itself.
      const isServed = navigator.serviceWorker.controller !== null;
      if (isServed && waiting !== null && active !== null) this.#update.fire("newer");
    };
    look();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", look),
    );
    let asked = performance.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || performance.now() - asked < ASK_AGAIN_MS) return;
      asked = performance.now();
      registration.update().catch(() => undefined);
    });
  }

  #tell(worker: ServiceWorker | null, what: ToServiceWorker): void {
    // To a worker there is no origin to name.
    worker?.postMessage(what, []);
  }

  /**
   * A registration that was taken away is revived, with its worker, by whoever registers while a page of it is open. So the
   * newer worker comes when the last page of the older release is closed.
   */
  async #othersClosed(): Promise<void> {
    for (const name of await othersInUse(this.#folder, this.#release))
      await navigator.locks.request(name, () => undefined);
  }

  /**
   * Nothing is asked of the worker that waits. Chromium would let it in only at a moment at which nobody asks anything of the
   * one before, and a page with a machine asks often. Without a worker the page comes from the server; other pages of the
   * older release keep theirs.
   */
  async takeOver(): Promise<boolean> {
    const registration = await this.#known();
    if (registration?.waiting) {
      if (!(await this.#isServerThere())) return false;
      await registration.unregister();
    }
    location.reload();
    return true;
  }

  /** A network that shows a page of its own instead is none. */
  async #isServerThere(): Promise<boolean> {
    try {
      const url = new URL("sw.js", this.#site);
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch(url, { cache: "no-store", redirect: "error", signal });
      await response.arrayBuffer();
      return response.ok && response.headers.get("content-type")?.includes("javascript") === true;
    } catch {
      return false;
    }
  }

  async tidy(): Promise<boolean> {
    const registration = await this.#known();
    this.#tell(registration?.active ?? null, "tidy");
    const next = registration?.waiting ?? registration?.installing ?? null;
    if (next !== null) return false;
    return (await othersInUse(this.#folder, this.#release)).size === 0;
  }

  alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(fetchLock(this.#folder), { signal }, work) as Promise<T>;
  }

  async persist(): Promise<void> {
    await navigator.storage?.persist?.().catch(() => false);
  }
}
