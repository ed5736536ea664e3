import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable, DisposableStore, type Event, toDisposable } from "../../base/index.ts";
import type { FillOutcome, KeptStore } from "./kept-store.ts";
import type { SiteRelease, StoredFile } from "./site-release.ts";
import type { WantedProfiles } from "./wanted-profiles.ts";

/** Whether a browser can keep a page: over plain http none does, and some are told not to. */
export type Possible = "yes" | "insecure" | "unsupported";

/**
 * `newer`: a release is here and waits. `unreachable`: somebody wanted it, and its server does not answer.
 */
export type Update = "none" | "newer" | "unreachable";

/** What a service worker does for the page; `src/app` has the browser's. */
export interface PageKeeper {
  readonly possible: Possible;
  readonly onUpdate: Event<Update>;
  /** Whether the page's own files are all here. */
  isKept(): Promise<boolean>;
  /** Those that are here, as the release names them. */
  keptFiles(): Promise<ReadonlySet<string>>;
  /** Has them fetched, and looks for a newer release. Settles when they are here. */
  keep(): Promise<void>;
  /** Loads the page anew, with a newer release if one waits. @returns False, and all is as it was, without a network. */
  takeOver(): Promise<boolean>;
  /** Files of releases that nobody uses any more go. @returns Whether there is none other in use. */
  tidy(): Promise<boolean>;
  /** Runs `work` when no other page of the site fetches. */
  alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Asks the browser not to throw away what is kept when it needs room. */
  persist(): Promise<void>;
}

/** `waiting`: something else is fetched first, or another page of the site fetches now. */
export type KeptState =
  | { readonly kind: "absent" | "waiting" | "kept" }
  | { readonly kind: "fetching"; readonly fetched: number; readonly total: number }
  | { readonly kind: "failed"; readonly why: "full" | "failed" };

export interface KeptProfile {
  readonly name: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Of those that are not here. */
  readonly missing: number;
  /** Of those that are here for this profile alone. */
  readonly own: number;
  readonly state: KeptState;
}

export interface OfflineState {
  readonly page: { readonly bytes: number; readonly state: KeptState };
  readonly profiles: readonly KeptProfile[];
}

export interface OfflineDeskOptions {
  readonly keeper: PageKeeper;
  readonly store: KeptStore;
  readonly wanted: WantedProfiles;
  /** The release of this page. */
  readonly load: () => Promise<SiteRelease>;
  /** A browser that is told to save data fetches nothing that nobody asked for. */
  readonly savesData: () => boolean;
}

/** How often it is looked how far the page's own files are: the service worker that fetches them tells nobody. */
const PAGE_LOOK_MS = 500;

const sum = (files: readonly StoredFile[]): number => files.reduce((all, [, bytes]) => all + bytes, 0);

/** Names of what other profiles need, of those that are wanted. */
function neededByOthers(
  stores: SiteRelease["stores"],
  profile: string,
  isWanted: (profile: string) => boolean,
): ReadonlySet<string> {
  const others = Object.entries(stores).filter(([name]) => name !== profile && isWanted(name));
  return new Set(others.flatMap(([, files]) => files.map(([name]) => name)));
}

/** What of the site works without a network, and what a learner wants of it. */
export class OfflineDesk implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #options: OfflineDeskOptions;
  readonly #state = signal<OfflineState | "unknown" | "failed">("unknown");
  readonly #update = signal<Update>("none");
  readonly #fetching = new Map<string, AbortController>();
  /** What came of the latest attempts. */
  readonly #outcomes = new Map<string, KeptState>();
  #pageState: KeptState | undefined;
  #release: Promise<SiteRelease> | undefined;

  constructor(options: OfflineDeskOptions) {
    this.#options = options;
    this.#owned.add(
      options.keeper.onUpdate((update) => {
        this.#update.value = update;
      }),
    );
    const stopAll = (): void => {
      for (const name of this.#fetching.keys()) this.#abort(name);
    };
    this.#owned.add(toDisposable(stopAll));
  }

  get possible(): Possible {
    return this.#options.keeper.possible;
  }

  /** `unknown` before the first {@link look}; `failed` when the list of files could not be had. */
  get state(): ReadonlySignal<OfflineState | "unknown" | "failed"> {
    return this.#state;
  }

  get update(): ReadonlySignal<Update> {
    return this.#update;
  }

  /** Loads the page anew, with a newer release if one waits. */
  async takeOver(): Promise<void> {
    if (!(await this.#options.keeper.takeOver())) this.#update.value = "unreachable";
  }

  #load(): Promise<SiteRelease> {
    this.#release ??= this.#options.load().catch((error: unknown) => {
      // The next one who asks tries again.
      this.#release = undefined;
      throw error;
    });
    return this.#release;
  }

  /** Looks what is here. Never rejects. */
  async look(): Promise<void> {
    if (this.possible !== "yes") return;
    try {
      const release = await this.#load();
      const names = await this.#options.store.names();
      const isKept = await this.#options.keeper.isKept();
      const isWanted = await this.#options.wanted.load();
      this.#state.value = this.#stateOf(release, names, { isKept, isWanted });
    } catch {
      this.#state.value = "failed";
    }
  }

  #stateOf(
    { files, stores }: SiteRelease,
    names: ReadonlySet<string>,
    { isKept, isWanted }: { readonly isKept: boolean; readonly isWanted: (profile: string) => boolean },
  ): OfflineState {
    const found = (is: boolean): KeptState => ({ kind: is ? "kept" : "absent" });
    const profiles = Object.entries(stores).map(([name, all]): KeptProfile => {
      const missing = sum(all.filter(([file]) => !names.has(file)));
      const state = missing === 0 ? found(true) : (this.#outcomes.get(name) ?? found(false));
      const needed = neededByOthers(stores, name, isWanted);
      const own = sum(all.filter(([file]) => names.has(file) && !needed.has(file)));
      return { name, bytes: sum(all), missing, own, state };
    });
    const bytes = files.reduce((all, [, , size]) => all + size, 0);
    return { page: { bytes, state: isKept ? found(true) : (this.#pageState ?? found(false)) }, profiles };
  }

  /** Fetches what is wanted and not here: a visitor who is at rest is not asked. Never rejects. */
  async atRest(): Promise<void> {
    if (this.possible !== "yes" || this.#options.savesData()) return;
    if (!(await this.#keepPage())) return;
    const { stores } = await this.#load();
    const isWanted = await this.#options.wanted.load();
    for (const name of Object.keys(stores)) if (isWanted(name)) await this.#fetch(name);
    if (await this.#options.keeper.tidy()) await this.#prune(Object.values(stores).flat());
  }

  /** A learner wants this profile to be here. Settles when it is, or when it failed or was stopped. */
  async keep(profile: string): Promise<void> {
    await this.#options.wanted.save(profile, true);
    this.#show(profile, { kind: "waiting" });
    await this.#options.keeper.persist();
    if (await this.#keepPage()) await this.#fetch(profile);
    else this.#show(profile, { kind: "failed", why: "failed" });
  }

  /** Stops fetching; what came stays until it is removed. */
  async stop(profile: string): Promise<void> {
    await this.#options.wanted.save(profile, false);
    this.#abort(profile);
  }

  /** Takes away what no other profile that is wanted needs. */
  async remove(profile: string): Promise<void> {
    await this.stop(profile);
    const { stores } = await this.#load();
    const isWanted = await this.#options.wanted.load();
    const needed = neededByOthers(stores, profile, isWanted);
    const names = (stores[profile] ?? []).map(([name]) => name);
    this.#outcomes.delete(profile);
    await this.#options.store.remove(names.filter((name) => !needed.has(name)));
    await this.look();
  }

  #abort(profile: string): void {
    this.#fetching.get(profile)?.abort();
    this.#fetching.delete(profile);
  }

  #show(profile: string, state: KeptState): void {
    this.#outcomes.set(profile, state);
    const now = this.#state.value;
    if (typeof now === "string") return;
    const profiles = now.profiles.map((one) => (one.name === profile ? { ...one, state } : one));
    this.#state.value = { ...now, profiles };
  }

  async #keepPage(): Promise<boolean> {
    const { keeper } = this.#options;
    if (!(await keeper.isKept())) {
      this.#pageState = { kind: "waiting" };
      await this.look();
    }
    const looking = setInterval(() => void this.#lookAtPage(), PAGE_LOOK_MS);
    try {
      await keeper.keep();
      this.#pageState = undefined;
    } catch {
      this.#pageState = { kind: "failed", why: "failed" };
    } finally {
      clearInterval(looking);
    }
    await this.look();
    return this.#pageState === undefined;
  }

  async #lookAtPage(): Promise<void> {
    const names = await this.#options.keeper.keptFiles().catch(() => new Set<string>());
    const now = this.#state.value;
    const isUnderWay = this.#pageState?.kind === "waiting" || this.#pageState?.kind === "fetching";
    if (names.size === 0 || !isUnderWay || typeof now === "string") return;
    const { files } = await this.#load();
    const bytes = (some: SiteRelease["files"]): number => some.reduce((all, [, , size]) => all + size, 0);
    const fetched = bytes(files.filter(([path]) => names.has(path)));
    this.#pageState = { kind: "fetching", fetched, total: bytes(files) };
    this.#state.value = { ...now, page: { ...now.page, state: this.#pageState } };
  }

  async #fetch(profile: string): Promise<void> {
    if (this.#fetching.has(profile)) return;
    const stop = new AbortController();
    this.#fetching.set(profile, stop);
    this.#show(profile, { kind: "waiting" });
    let outcome: FillOutcome;
    try {
      outcome = await this.#options.keeper.alone(stop.signal, () => this.#fill(profile, stop.signal));
    } catch {
      outcome = stop.signal.aborted ? "stopped" : "failed";
    }
    if (this.#fetching.get(profile) === stop) this.#fetching.delete(profile);
    if (outcome === "done" || outcome === "stopped") this.#outcomes.delete(profile);
    else this.#outcomes.set(profile, { kind: "failed", why: outcome });
    await this.look();
  }

  async #fill(profile: string, stop: AbortSignal): Promise<FillOutcome> {
    const { store } = this.#options;
    const names = await store.names();
    const files = (await this.#load()).stores[profile] ?? [];
    const missing = files.filter(([name]) => !names.has(name));
    const total = sum(files);
    let fetched = total - sum(missing);
    const onFile = (bytes: number): void => {
      fetched += bytes;
      if (!stop.aborted) this.#show(profile, { kind: "fetching", fetched, total });
    };
    onFile(0);
    return store.fill(missing, { signal: stop, onFile });
  }

  /** What this release does not name is of earlier ones. */
  async #prune(files: readonly StoredFile[]): Promise<void> {
    const known = new Set(files.map(([name]) => name));
    const { store } = this.#options;
    const names = await store.names();
    await store.remove([...names].filter((name) => !known.has(name)));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
