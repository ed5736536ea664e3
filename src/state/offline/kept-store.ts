import type { StoredFile } from "./site-release.ts";

/** Requests at once: a machine that is at work beside it has half of the six of a plain host. */
const LANES = 3;

export interface KeptStoreOptions {
  /** Address of the store; ends in `/`. */
  readonly base: string;
  /** Where files are kept. May reject: a browser can forbid it. */
  readonly open: () => Promise<Cache>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface FillOptions {
  readonly signal: AbortSignal;
  /** A file of so many bytes is there. */
  readonly onFile: (bytes: number) => void;
}

/** `full`: the browser has no room. `failed`: a file could not be fetched, or was not what it should be. */
export type FillOutcome = "done" | "stopped" | "full" | "failed";

/** Files of the store that stay in this browser; the service worker gives them to whoever asks. */
export class KeptStore {
  readonly #options: KeptStoreOptions;

  constructor(options: KeptStoreOptions) {
    this.#options = options;
  }

  /** Names of what is there. */
  async names(): Promise<ReadonlySet<string>> {
    const { base, open } = this.#options;
    const kept = await (await open()).keys();
    return new Set(kept.map(({ url }) => url.slice(base.length)));
  }

  /** Fetches files, a few at a time. Those that came before something failed stay. Never rejects. */
  async fill(files: readonly StoredFile[], { signal, onFile }: FillOptions): Promise<FillOutcome> {
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const left = files.values();
    let outcome: FillOutcome = "done";
    const lane = async (): Promise<void> => {
      try {
        const cache = await this.#options.open();
        for (const file of left) {
          if (both.aborted) return;
          await this.#keep(cache, file, both);
          onFile(file[1]);
        }
      } catch (error) {
        if (ended.signal.aborted) return;
        outcome = error instanceof Error && error.name === "QuotaExceededError" ? "full" : "failed";
        ended.abort();
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return signal.aborted ? "stopped" : outcome;
  }

  async #keep(cache: Cache, [name, bytes, isAhead]: StoredFile, signal: AbortSignal): Promise<void> {
    const url = this.#options.base + name;
    const response = await this.#options.fetch(url, {
      credentials: "omit",
      priority: "low",
      signal,
      // What a machine has fetched already comes from the browser's cache; nothing else need lie there too.
      cache: isAhead ? "force-cache" : "no-store",
    });
    const body = await response.arrayBuffer();
    // The machine's worker checks the hash of what it reads, and has a damaged file replaced.
    if (!response.ok || body.byteLength !== bytes)
      throw new Error(`${name}: status ${response.status}, ${body.byteLength} of ${bytes} bytes`);
    await cache.put(url, new Response(body, { headers: { "Content-Type": "application/octet-stream" } }));
  }

  async remove(names: Iterable<string>): Promise<void> {
    const cache = await this.#options.open();
    for (const name of names) await cache.delete(this.#options.base + name);
  }
}
