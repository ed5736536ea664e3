import { pageCache } from "../../src/protocol/offline.ts";

const RELEASE_FILE = "release.json";

interface Manifest {
  readonly id: string;
  readonly files: readonly (readonly [path: string, integrity: string])[];
}

/** The file at `url` as the release `id` has it: each release keeps its own list, which names files by hash. */
export async function keptOf(
  id: string,
  { folder, url }: { readonly folder: string; readonly url: URL },
): Promise<Response | undefined> {
  const cache = await caches.open(pageCache(folder));
  const lists = await cache.matchAll(new URL(folder + RELEASE_FILE, url), { ignoreSearch: true });
  const path = url.pathname.slice(folder.length);
  for (const list of lists) {
    const { id: found, files } = (await list.clone().json()) as Manifest;
    if (found !== id) continue;
    if (path === RELEASE_FILE) return list;
    const integrity = files.find(([name]) => name === path)?.[1];
    if (integrity === undefined) return undefined;
    const key = new URL(url.pathname, url);
    // As Workbox names what has a revision.
    key.searchParams.set("__WB_REVISION__", integrity);
    return cache.match(key);
  }
  return undefined;
}
