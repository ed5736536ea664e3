import * as v from "valibot";
import { asCodedError, CodedError, type Disposable, Emitter } from "../../src/base/index.ts";
import type { BlobRef } from "../../src/protocol/machine.ts";
import { sha256 } from "./hash.ts";
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
const RETRY_MS = [200, 1000, 3000] as const;

export interface RootFilesOptions {
  readonly source: FileSource;
  readonly tree: BlobRef;
  readonly chunkSize: number;
  readonly decompress: (stored: Uint8Array, size: number) => Uint8Array<ArrayBuffer>;
}

/**
 * The guest's root file system, read in chunks as the guest asks for them. A chunk that cannot be fetched is tried
 * again for as long as the machine lives: the guest waits, and sees no I/O error.
 */
export class RootFiles implements V86FileStorage, Disposable {
  readonly #options: RootFilesOptions;
  readonly #cache = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #used = new Set<string>();
  readonly #trouble = new Emitter<CodedError | undefined>();
  readonly #ended = new AbortController();
  #tree: Promise<RootTree> | undefined;
  #cachedBytes = 0;
  #inFlight = 0;

  /** Fires with an error when the guest has to wait for the network, and with undefined when it goes on. */
  readonly onTrouble = this.#trouble.event;

  constructor(options: RootFilesOptions) {
    this.#options = options;
  }

  /** Requests of the guest that are not answered yet. A machine can be saved only when there is none. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Chunks in order of first use. */
  get used(): readonly string[] {
    return [...this.#used];
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
    const stored = await readVerified(source, tree, undefined, this.#ended.signal);
    const parsed = v.safeParse(
      TreeSchema,
      JSON.parse(new TextDecoder().decode(decompress(stored, tree.size))),
    );
    if (!parsed.success) throw new CodedError("manifest-invalid", "the root file system's tree is malformed");
    return parsed.output;
  }

  async read(file: string, offset: number, count: number, fileSize: number): Promise<Uint8Array> {
    if (count <= 0 || offset >= fileSize) return new Uint8Array(0);
    this.#inFlight++;
    try {
      const { chunkSize } = this.#options;
      const end = Math.min(offset + count, fileSize);
      const result = new Uint8Array(end - offset);
      for (let at = offset; at < end;) {
        const index = Math.floor(at / chunkSize);
        const chunk = await this.#chunk(file, index, fileSize);
        const from = at - index * chunkSize;
        const piece = chunk.subarray(from, Math.min(chunk.length, from + end - at));
        result.set(piece, at - offset);
        at += piece.length;
      }
      return result;
    } finally {
      this.#inFlight--;
    }
  }

  async cache(): Promise<void> {
    // v86 offers what it made itself; this root is read-only.
  }

  uncache(): void {
    // Chunks leave by age, not when a file is closed: the next program opens the same libraries.
  }

  /** The chunk's content; waits for the network as long as it takes. */
  async #chunk(file: string, index: number, fileSize: number): Promise<Uint8Array<ArrayBuffer>> {
    const { chunkSize } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        const tree = await this.tree();
        const parts = tree.chunks[file];
        const [name, stored] =
          parts === undefined ? [file, tree.stored[file]] : (parts[index] ?? [file, undefined]);
        if (stored === undefined)
          throw new CodedError("asset-missing", `the tree does not name chunk ${index} of ${file}`);
        const size = Math.min(chunkSize, fileSize - index * chunkSize);
        const chunk = this.#cache.get(name) ?? (await this.#fetchChunk(name, stored, size));
        this.#remember(name, chunk);
        if (attempt > 0) this.#trouble.fire(undefined);
        return chunk;
      } catch (error) {
        if (this.#ended.signal.aborted) throw error;
        this.#trouble.fire(asCodedError(error));
        await this.#pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0);
      }
    }
  }

  async #fetchChunk(name: string, stored: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#options.source.read(name, stored, undefined, this.#ended.signal);
    const chunk = this.#options.decompress(bytes, size);
    if ((await sha256(chunk)) !== name) {
      throw new CodedError("asset-corrupt", `a part of the root file system, ${name}, has arrived damaged`);
    }
    return chunk;
  }

  /** Youngest last, so that the oldest is the first in the map. */
  #remember(name: string, chunk: Uint8Array<ArrayBuffer>): void {
    this.#used.add(name);
    if (this.#cache.delete(name)) this.#cachedBytes -= chunk.length;
    this.#cache.set(name, chunk);
    this.#cachedBytes += chunk.length;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes.length;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#ended;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  dispose(): void {
    this.#ended.abort();
    this.#trouble.dispose();
    this.#cache.clear();
  }
}
