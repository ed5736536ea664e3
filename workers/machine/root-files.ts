import * as v from "valibot";
import { CodedError, deferred, type Disposable, Emitter } from "../../src/base/index.ts";
import type { BlobRef, ChunkRef } from "../../src/protocol/machine.ts";
import { ChunkFetcher } from "./chunk-fetcher.ts";
import { sha256 } from "./hash.ts";
import { Retrying } from "./retrying.ts";
import { type FileSource, readVerified } from "./store.ts";
import type { V86FileStorage, V86TreeEntry } from "./v86-internals.ts";

const TreeEntry: v.GenericSchema<V86TreeEntry> = v.tuple([
  v.string(),
  v.number(),
  v.number(),
  v.number(),
  v.number(),
  v.number(),
  v.union([v.string(), v.array(v.lazy(() => TreeEntry))]),
]);

/** The root file system's tree, as `images/build` writes it. */
const TreeSchema = v.object({
  format: v.literal(1),
  entries: v.array(TreeEntry),
  /** Files longer than a chunk: their chunks in order, each with its hash and stored size. */
  chunks: v.record(v.string(), v.array(v.tuple([v.string(), v.number()]))),
  /** Stored size of files of one chunk. */
  stored: v.record(v.string(), v.number()),
});
export type RootTree = v.InferOutput<typeof TreeSchema>;

/** Chunks kept decoded; the guest's own page cache is in front of it. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** @throws CodedError `asset-corrupt` when the bytes do not decode to `size` bytes */
export type Decompress = (stored: Uint8Array, size: number) => Uint8Array<ArrayBuffer>;

export interface RootFilesOptions {
  readonly source: FileSource;
  readonly tree: BlobRef;
  readonly chunkSize: number;
  readonly decompress: Decompress;
}

/**
 * The guest's root file system, read in chunks as the guest asks for them. A chunk that cannot be fetched is tried
 * again for as long as the machine lives: the guest waits, and sees no I/O error.
 */
export class RootFiles implements V86FileStorage, Disposable {
  readonly #options: RootFilesOptions;
  readonly #ended = new AbortController();
  readonly #retrying = new Retrying();
  readonly #cache = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #seen = new Set<string>();
  readonly #asking = new Emitter<string>();
  /** Fires when the machine goes to another state, in which nobody waits for what was asked before. */
  #forsaken = new AbortController();
  #used = new Map<string, ChunkRef>();
  #tree: Promise<RootTree> | undefined;
  #cachedBytes = 0;
  #inFlight = 0;

  /** Chunks on their way, for the guest or ahead of it. */
  readonly fetcher: ChunkFetcher;
  /** The guest asks for a chunk. */
  readonly onAsk = this.#asking.event;
  /** Fires when the guest has to wait for the network, and with undefined when it goes on. */
  readonly onTrouble = this.#retrying.onTrouble;

  constructor(options: RootFilesOptions) {
    this.#options = options;
    this.fetcher = new ChunkFetcher(options.source, this.#ended.signal);
  }

  /** Requests of the guest that are not answered yet. A machine can be saved only when there is none. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The guest has had this chunk, or it is on its way. */
  has(name: string): boolean {
    return this.#seen.has(name) || this.fetcher.has(name);
  }

  /** The chunks that the guest has asked for since this was last called, in order of first use. */
  takeUsed(): readonly ChunkRef[] {
    const used = [...this.#used.values()];
    this.#used = new Map();
    return used;
  }

  /** Tries at once what the guest waits for. */
  retryNow(): void {
    this.#retrying.now();
  }

  /** The guest goes to another state: what was asked before is never answered, since nobody would understand it. */
  forsake(): void {
    this.#forsaken.abort();
    this.#forsaken = new AbortController();
    this.#inFlight = 0;
  }

  /** @throws CodedError as {@link readVerified}, or `manifest-invalid` */
  tree(): Promise<RootTree> {
    this.#tree ??= this.#readTree().catch((error: unknown) => {
      this.#tree = undefined;
      throw error;
    });
    return this.#tree;
  }

  async #readTree(): Promise<RootTree> {
    const { source, tree, decompress } = this.#options;
    const stored = await readVerified(source, tree, { signal: this.#ended.signal });
    const parsed = v.safeParse(
      TreeSchema,
      JSON.parse(new TextDecoder().decode(decompress(stored, tree.size))),
    );
    if (!parsed.success) throw new CodedError("manifest-invalid", "the root file system's tree is malformed");
    return parsed.output;
  }

  async read(file: string, offset: number, count: number, fileSize: number): Promise<Uint8Array> {
    if (count <= 0 || offset >= fileSize) return new Uint8Array(0);
    const { signal } = this.#forsaken;
    this.#inFlight++;
    try {
      const bytes = await this.#readRange(file, offset, Math.min(offset + count, fileSize), fileSize, signal);
      if (!signal.aborted) return bytes;
    } catch (error) {
      if (!signal.aborted || this.#ended.signal.aborted) throw error;
    } finally {
      if (!signal.aborted) this.#inFlight--;
    }
    return deferred<never>().promise;
  }

  async #readRange(
    file: string,
    offset: number,
    end: number,
    fileSize: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { chunkSize } = this.#options;
    const result = new Uint8Array(end - offset);
    for (let at = offset; at < end;) {
      const index = Math.floor(at / chunkSize);
      const chunk = await this.#retrying.untilDone(
        (failures) => this.#chunk(file, index, fileSize, failures > 0),
        signal,
      );
      const from = at - index * chunkSize;
      const piece = chunk.subarray(from, Math.min(chunk.length, from + end - at));
      result.set(piece, at - offset);
      at += piece.length;
    }
    return result;
  }

  async cache(): Promise<void> {
    // v86 offers what it made itself; this root is read-only.
  }

  uncache(): void {
    // Chunks leave by age, not when a file is closed: the next program opens the same libraries.
  }

  async #chunk(
    file: string,
    index: number,
    fileSize: number,
    fresh: boolean,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { chunkSize, decompress } = this.#options;
    const tree = await this.tree();
    const parts = tree.chunks[file];
    const [name, stored] =
      parts === undefined ? [file, tree.stored[file]] : (parts[index] ?? [file, undefined]);
    if (stored === undefined)
      throw new CodedError("asset-missing", `the tree does not name chunk ${index} of ${file}`);
    const size = Math.min(chunkSize, fileSize - index * chunkSize);
    if (!this.#used.has(name)) this.#used.set(name, [name, stored, size]);
    this.#asking.fire(name);
    let chunk = this.#cache.get(name);
    if (chunk === undefined) {
      chunk = decompress(await this.fetcher.demand(name, stored, fresh), size);
      if ((await sha256(chunk)) !== name) {
        throw new CodedError("asset-corrupt", `a part of the root file system, ${name}, has arrived damaged`);
      }
    }
    this.#remember(name, chunk);
    return chunk;
  }

  /** Youngest last, so that the oldest is the first in the map. */
  #remember(name: string, chunk: Uint8Array<ArrayBuffer>): void {
    this.#seen.add(name);
    if (this.#cache.delete(name)) this.#cachedBytes -= chunk.length;
    this.#cache.set(name, chunk);
    this.#cachedBytes += chunk.length;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes.length;
    }
  }

  dispose(): void {
    this.#ended.abort();
    this.#forsaken.abort();
    this.#retrying.dispose();
    this.#asking.dispose();
    this.#cache.clear();
  }
}
