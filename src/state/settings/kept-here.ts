import { delMany, entries, keys } from "idb-keyval";
import { decodedCache } from "../../protocol/offline.ts";

/** Whatever is kept by name under one of these is the product's; an origin may have other sites beside it. */
const OURS = /^vivarium\b/;
const SETTINGS = "vivarium/settings";
/** In IndexedDB. */
const PROGRESS = "progress/";
const POSTCARD = "postcard/";
/** Which profiles are wanted for offline use. */
const WANTED = "offline";
/** Told to the page that is opened next in this tab. */
const ERASE = "vivarium/erase";

export const KEPT_KINDS = [
  "progress",
  "postcards",
  "settings",
  "layout",
  "terminal",
  "offline",
  "decoded",
] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

/** What is kept of one kind. Bytes are those of its content; what the browser adds to it nobody tells. */
export interface KeptPart {
  readonly kind: KeptKind;
  /** Lessons, postcards, files. */
  readonly count: number;
  readonly bytes: number;
}

export interface KeptReport {
  /** Those of which there is something, in the order of {@link KEPT_KINDS}. */
  readonly parts: readonly KeptPart[];
  /** What the browser counts for this whole origin, and what it would let it have. Undefined where it does not say. */
  readonly used: number | undefined;
  readonly allowed: number | undefined;
}

/** `localStorage` or `sessionStorage`; an empty one where there is none. */
export interface NamedTexts {
  all(): readonly (readonly [name: string, text: string])[];
  set(name: string, text: string): void;
  remove(name: string): void;
}

export interface KeptHereOptions {
  readonly local: NamedTexts;
  readonly session: NamedTexts;
  /** Undefined where there is no secure context. */
  readonly caches: CacheStorage | undefined;
  readonly estimate: () => Promise<StorageEstimate>;
  /** The path of the page's folder, with a slash at its end: caches end with it. */
  readonly folder: string;
  /** Takes this page's service worker away. */
  readonly unregister: () => Promise<void>;
  /** Opens the page anew. */
  readonly leave: () => void;
}

const encoder = new TextEncoder();
const sizeOf = (text: string): number => encoder.encode(text).length;

function partOf(kind: KeptKind, sizes: readonly number[]): KeptPart[] {
  return sizes.length === 0
    ? []
    : [{ kind, count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }];
}

/** Rejects where it is forbidden, which the library itself throws. */
async function inDatabase(): Promise<[IDBValidKey, unknown][]> {
  return entries<IDBValidKey, unknown>();
}

/** As the server said it, so that nothing large is read. */
async function sizeOfResponse(response: Response): Promise<number> {
  const told = Number(response.headers.get("content-length") ?? Number.NaN);
  return Number.isInteger(told) ? told : (await response.blob()).size;
}

/** All that the product keeps in this browser: says what it is, and takes it away. */
export class KeptHere {
  readonly #options: KeptHereOptions;

  constructor(options: KeptHereOptions) {
    this.#options = options;
  }

  /** What cannot be looked at counts as nothing. */
  async report(): Promise<KeptReport> {
    const { local, session, estimate, folder } = this.#options;
    const isDecoded = (cache: string): boolean => cache === decodedCache(folder);
    const [stored, offline, decoded, { usage, quota }] = await Promise.all([
      inDatabase().catch(() => []),
      this.#cached((cache) => !isDecoded(cache)).catch(() => []),
      this.#cached(isDecoded).catch(() => []),
      estimate().catch((): StorageEstimate => ({})),
    ]);
    const under = (prefix: string): number[] =>
      stored.flatMap(([key, value]) =>
        typeof key === "string" && key.startsWith(prefix) ? [sizeOf(JSON.stringify(value))] : [],
      );
    const texts = local.all().filter(([name]) => OURS.test(name));
    const sizes = (some: typeof texts): number[] => some.map(([name, text]) => sizeOf(name) + sizeOf(text));
    return {
      parts: [
        ...partOf("progress", under(PROGRESS)),
        ...partOf("postcards", under(POSTCARD)),
        ...partOf("settings", sizes(texts.filter(([name]) => name === SETTINGS))),
        ...partOf("layout", sizes(texts.filter(([name]) => name !== SETTINGS))),
        ...partOf("terminal", sizes(session.all().filter(([name]) => OURS.test(name) && name !== ERASE))),
        ...partOf("offline", offline),
        ...partOf("decoded", decoded),
      ],
      used: usage,
      allowed: quota,
    };
  }

  async #cacheNames(): Promise<{ caches: CacheStorage; names: readonly string[] } | undefined> {
    const { caches, folder } = this.#options;
    if (caches === undefined) return undefined;
    const names = (await caches.keys()).filter((name) => OURS.test(name) && name.endsWith(folder));
    return { caches, names };
  }

  /** Bytes of each file in those of our caches. */
  async #cached(isMeant: (cache: string) => boolean): Promise<number[]> {
    const ours = await this.#cacheNames();
    if (ours === undefined) return [];
    const sizes = ours.names.filter(isMeant).map(async (name) => {
      const cache = await ours.caches.open(name);
      return Promise.all((await cache.matchAll()).map(sizeOfResponse));
    });
    return (await Promise.all(sizes)).flat();
  }

  /**
   * Leaves the page, and has the next one erase everything before it begins: a page that is left writes something at its
   * end, and a machine that runs may finish a step meanwhile.
   */
  askToErase(): void {
    this.#options.session.set(ERASE, "1");
    this.#options.leave();
  }

  /** Whether the page before wanted it. */
  get isAskedToErase(): boolean {
    return this.#options.session.all().some(([name]) => name === ERASE);
  }

  /** Never rejects: what is not there need not be erased. */
  async erase(): Promise<void> {
    const { local, session } = this.#options;
    await Promise.allSettled([this.#eraseDatabase(), this.#eraseOffline()]);
    for (const texts of [local, session])
      for (const [name] of texts.all()) if (OURS.test(name)) texts.remove(name);
  }

  async #eraseDatabase(): Promise<void> {
    const all = await keys();
    const isOurs = (key: IDBValidKey): boolean =>
      typeof key === "string" && (key === WANTED || key.startsWith(PROGRESS) || key.startsWith(POSTCARD));
    await delMany(all.filter(isOurs));
  }

  async #eraseOffline(): Promise<void> {
    // First the service worker, which would fill its caches again.
    await this.#options.unregister().catch(() => undefined);
    const ours = await this.#cacheNames();
    await Promise.all(ours?.names.map(async (name) => ours.caches.delete(name)) ?? []);
  }
}
