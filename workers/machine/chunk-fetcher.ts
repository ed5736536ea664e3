import { CodedError, type Deferred, deferred } from "../../src/base/index.ts";
import type { ChunkRef } from "../../src/protocol/machine.ts";
import type { ChunkSupply } from "./prefetch.ts";
import type { FileSource, ReadOptions } from "./store.ts";

/** Stored bytes that were fetched ahead and wait to be asked for: some rounds of fetching ahead. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** A server that sends nothing for so long has failed. */
const STALL_MS = 30_000;

/** Chunks as they are stored, on their way from the source: however many want one, it is fetched once at a time. */
export class ChunkFetcher implements ChunkSupply {
  readonly #source: FileSource;
  readonly #signal: AbortSignal;
  readonly #underWay = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();
  #keptBytes = 0;
  #demands = 0;
  #idle: Deferred<void> | undefined;

  constructor(source: FileSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  /** It is here, or on its way. */
  has(name: string): boolean {
    return this.#kept.has(name) || this.#underWay.has(name);
  }

  /**
   * For a guest that waits.
   * @param fresh what was fetched before is not to be trusted
   * @throws CodedError as {@link FileSource.read}
   */
  async demand(name: string, stored: number, fresh: boolean): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#take(name);
    if (kept !== undefined && !fresh) return kept;
    this.#demands++;
    try {
      const bytes = await (this.#underWay.get(name) ?? this.#fetch(name, stored, { fresh }));
      // One that was fetched ahead has found its reader.
      this.#take(name);
      return bytes;
    } finally {
      if (--this.#demands === 0) {
        this.#idle?.resolve();
        this.#idle = undefined;
      }
    }
  }

  /** For a guest that will ask soon; kept in memory until it does. */
  async ahead([name, stored]: ChunkRef): Promise<void> {
    if (this.has(name)) return;
    this.#keep(name, await this.#fetch(name, stored, {}));
  }

  /** For a guest that may ask one day; left in the browser's cache. */
  async warm([name, stored]: ChunkRef): Promise<void> {
    if (this.has(name)) return;
    await this.#fetch(name, stored, { priority: "low" });
  }

  /** Settles when no guest waits. */
  async whenIdle(): Promise<void> {
    while (this.#demands > 0) {
      this.#idle ??= deferred();
      await this.#idle.promise;
    }
  }

  #fetch(name: string, stored: number, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const stalled = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isAlive = (): void => {
      clearTimeout(timer);
      const error = new CodedError("network", `${name} was not sent within ${STALL_MS / 1000} s`);
      timer = setTimeout(() => stalled.abort(error), STALL_MS);
    };
    isAlive();
    const signal = AbortSignal.any([this.#signal, stalled.signal]);
    const fetching = this.#source.read(name, stored, { ...options, signal, onBytes: isAlive }).finally(() => {
      clearTimeout(timer);
      this.#underWay.delete(name);
    });
    this.#underWay.set(name, fetching);
    return fetching;
  }

  #keep(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#kept.set(name, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#take(oldest);
    }
  }

  #take(name: string): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#kept.get(name);
    if (bytes === undefined) return undefined;
    this.#kept.delete(name);
    this.#keptBytes -= bytes.length;
    return bytes;
  }
}
