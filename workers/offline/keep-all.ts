import type { PrecacheController } from "workbox-precaching";

/** Requests at once, where Workbox's own loop has one: a machine that is at work beside it has the other half of a plain host's six. */
const LANES = 3;

/**
 * Fetches what `page` is to keep and does not yet have. Each file is checked against its hash.
 * @param mayBeCached Whether a file may come out of the browser's cache.
 * @throws Whatever the first file that fails fails with; nothing more is begun then.
 */
export async function keepAll(
  event: ExtendableEvent,
  page: PrecacheController,
  mayBeCached: (url: URL) => boolean,
): Promise<void> {
  let left = [...page.getURLsToCacheKeys()];
  const lane = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [url, cacheKey] = next;
      const integrity = page.getIntegrityForCacheKey(cacheKey) ?? "";
      const cache = mayBeCached(new URL(url)) ? "default" : "reload";
      const request = new Request(url, { integrity, cache, credentials: "same-origin" });
      await Promise.all(page.strategy.handleAll({ request, event, params: { cacheKey } }));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    left = [];
  }
}
