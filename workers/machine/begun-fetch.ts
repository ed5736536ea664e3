import type { FetchFile } from "./store.ts";

/**
 * A `fetch` that has begun with one address before anybody asks for it: the page knows what a machine will want first
 * while the code that wants it is still on its way. Each later time, and past the browser's cache, it fetches as usual.
 */
export function begunFetch(address: string): FetchFile {
  const stop = new AbortController();
  let begun: Promise<Response> | undefined = fetch(address, { credentials: "omit", signal: stop.signal });
  // It is told to the one who asks.
  begun.catch(() => undefined);
  return (wanted, init) => {
    const isIt = wanted.href === address && init.cache !== "reload";
    if (begun === undefined || !isIt) return fetch(wanted, init);
    const response = begun;
    begun = undefined;
    const signal = init.signal;
    if (signal?.aborted) stop.abort(signal.reason);
    signal?.addEventListener("abort", () => stop.abort(signal.reason), { once: true });
    return response;
  };
}
