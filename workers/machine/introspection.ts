import * as v from "valibot";
import type * as introspect from "../../src/introspect/index.ts";
import type { ProfileManifest } from "../../src/protocol/machine.ts";
import type { Decompress } from "./root-files.ts";
import { type FileSource, readVerified } from "./store.ts";

/** The room that knows a kernel's structures. Most of a worker's own code; no prompt needs it. */
export type IntrospectRoom = typeof introspect;

export interface IntrospectionOptions {
  readonly manifest: ProfileManifest;
  readonly source: FileSource;
  readonly decompress: Decompress;
  readonly loadRoom: () => Promise<IntrospectRoom>;
}

interface Loaded {
  readonly introspector: introspect.Introspector;
  readonly freePages: (ram: Uint8Array) => Uint8Array;
}

/** What reads the guest's memory: code, and the layout of the kernel's structures. Both are fetched when first needed. */
export class Introspection {
  readonly #options: IntrospectionOptions;
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;

  constructor(options: IntrospectionOptions) {
    this.#options = options;
  }

  /** Undefined until it has been loaded. */
  get introspector(): introspect.Introspector | undefined {
    return this.#loaded?.introspector;
  }

  /** As `freePages` of the room; undefined until it has been loaded. */
  freePages(ram: Uint8Array): Uint8Array | undefined {
    return this.#loaded?.freePages(ram);
  }

  /** What could not be loaded is asked for again the next time. @throws CodedError `asset-*`, `network` */
  async load(): Promise<void> {
    this.#loading ??= this.#load();
    try {
      this.#loaded = await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  async #load(): Promise<Loaded> {
    const { source, manifest, decompress, loadRoom } = this.#options;
    const { layout: file } = manifest.kernelInfo;
    const [{ KernelLayoutSchema, Introspector, freePages }, stored] = await Promise.all([
      loadRoom(),
      readVerified(source, file),
    ]);
    const text = new TextDecoder().decode(decompress(stored, file.size));
    const layout = v.parse(KernelLayoutSchema, JSON.parse(text));
    return { introspector: new Introspector(layout), freePages: (ram) => freePages(ram, layout) };
  }
}
