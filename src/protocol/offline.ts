/**
 * What a page, the service worker beside it and the command that builds both have in common: names in the browser's
 * storage, and the few words between page and service worker. One origin may hold several sites: each is meant by the
 * path of its folder, which ends in `/`.
 */

/** The `meta` element that names a built page's release. A page that has none is being written, and keeps nothing. */
export const RELEASE_META = "vivarium-release";

/** The page's files, in all releases that are in use. */
export const pageCache = (folder: string): string => `vivarium page ${folder}`;

/** Files of the store, each under the hash of its content: releases share what they have in common. */
export const storeCache = (folder: string): string => `vivarium store ${folder}`;

/** Snapshots as they are when decoded, each under its address in the store. */
export const decodedCache = (folder: string): string => `vivarium decoded ${folder}`;

/** Held by each page that goes on asking for files of its release. */
export const releaseLock = (folder: string, release: string): string =>
  `vivarium release ${folder} ${release}`;

/** Locks of open pages that belong to another release than `release`. */
export async function othersInUse(folder: string, release: string): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name = "" }) => name);
  const others = names.filter((name) => name.startsWith(releaseLock(folder, "")));
  return new Set(others.filter((name) => name !== releaseLock(folder, release)));
}

/** Held by the one page that fetches for offline use. */
export const fetchLock = (folder: string): string => `vivarium fetch ${folder}`;

/** What a page says to a service worker: files of releases that nobody uses any more may go. */
export type ToServiceWorker = "tidy";

/** What `vivarium build` puts before the service worker's code. */
export interface OfflineSite {
  /** The release, as {@link RELEASE_META} has it. */
  readonly id: string;
  /** Each file of the page: its path below the folder, and its hash as Subresource Integrity writes it. */
  readonly files: readonly (readonly [path: string, integrity: string])[];
}
