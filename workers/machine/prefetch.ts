import * as v from "valibot";
import { CodedError, type Disposable } from "../../src/base/index.ts";
import { type ChunkRef, PrefetchListSchema } from "../../src/protocol/machine.ts";

/** Chunks of the recorded order that are fetched ahead of the one that the guest asks for. */
const AHEAD = 8;
/** Most bytes that one machine puts into the browser's cache without being asked. */
const FILL_BYTES = 32 * 1024 * 1024;
/** Without HTTP/2 a browser opens six connections to a host; most of them are left to the guest. */
const FILL_AT_ONCE = 2;
/** A page that has just shown its first prompt is left alone for so long. */
const SETTLE_MS = 2000;

/** How chunks come; in a machine, its `ChunkFetcher`. */
export interface ChunkSupply {
  /** Fetches a chunk that will be asked for soon. */
  ahead(chunk: ChunkRef): Promise<void>;
  /** Fetches a chunk that may be asked for one day. */
  warm(chunk: ChunkRef): Promise<void>;
  /** Settles when no guest waits for a chunk. */
  whenIdle(): Promise<void>;
}

export interface PrefetchOptions {
  /** Fetches the recorded order. */
  readonly load: () => Promise<readonly ChunkRef[]>;
  readonly supply: ChunkSupply;
  /** The guest can have the chunk at once, or has had it. */
  readonly isHere: (name: string) => boolean;
}

/**
 * The recorded order as a start repeats it.
 * @throws CodedError `manifest-invalid`
 */
export function parseOrder(bytes: Uint8Array, from: "firmware" | "snapshot"): readonly ChunkRef[] {
  const parsed = v.safeParse(PrefetchListSchema, JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success)
    throw new CodedError("manifest-invalid", "the list of what to fetch ahead is malformed");
  const { boot, lesson } = parsed.output;
  if (from === "snapshot") return lesson;
  const atBoot = new Set(boot.map(([name]) => name));
  return [...boot, ...lesson.filter(([name]) => !atBoot.has(name))];
}

/**
 * Fetches chunks before the guest asks for them, in the order in which a recorded machine did. Whatever fails here is
 * fetched again when the guest asks for it, and is nobody's trouble before.
 */
export class Prefetch implements Disposable {
  readonly #options: PrefetchOptions;
  readonly #places = new Map<string, number>();
  #order: readonly ChunkRef[] = [];
  #last = "";
  #loading: Promise<void> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(options: PrefetchOptions) {
    this.#options = options;
  }

  /** From now on what follows a chunk that the guest asks for is fetched ahead. */
  lookAhead(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#order = await this.#options.load();
    for (const [place, [name]] of this.#order.entries()) this.#places.set(name, place);
    this.#fetchAfter(this.#last);
  }

  /** The guest asks for this chunk. */
  asked(name: string): void {
    this.#last = name;
    // One who has a prompt and asks for a file is at work, and need not wait until the page has settled.
    if (this.#settling !== undefined) this.lookAhead().catch(() => undefined);
    this.#fetchAfter(name);
  }

  /** What followed this chunk in the recording is likely next. */
  #fetchAfter(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    const { isHere, supply } = this.#options;
    for (const chunk of this.#order.slice(place + 1, place + 1 + AHEAD)) {
      if (!isHere(chunk[0])) supply.ahead(chunk).catch(() => undefined);
    }
  }

  /** The page has a prompt. Once it has settled, the recorded chunks are put into the browser's cache. */
  promptShown(): void {
    if (this.#disposed) return;
    this.#settling ??= setTimeout(() => {
      this.lookAhead()
        .then(() => this.#fill())
        .catch(() => undefined);
    }, SETTLE_MS);
  }

  /** A few at a time, and only while no guest waits. Ends at the first that fails: a server in trouble is left alone. */
  async #fill(): Promise<void> {
    const { isHere, supply } = this.#options;
    const left = this.#order.values();
    let bytes = 0;
    let isOver = false;
    const lane = async (): Promise<void> => {
      for (const chunk of left) {
        await supply.whenIdle();
        if (isOver || this.#disposed) return;
        if (isHere(chunk[0])) continue;
        bytes += chunk[1];
        if (bytes > FILL_BYTES) return;
        try {
          await supply.warm(chunk);
        } catch {
          isOver = true;
        }
      }
    };
    await Promise.all(Array.from({ length: FILL_AT_ONCE }, lane));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#settling);
  }
}
