import * as v from "valibot";
import { type KernelLayout, KernelLayoutSchema } from "../../src/introspect/index.ts";
import type { ProfileManifest } from "../../src/protocol/machine.ts";
import type { Decompress } from "./root-files.ts";
import { type FileSource, readVerified } from "./store.ts";

/** The layout of the kernel's structures, fetched when it is first needed. */
export class LayoutFile {
  readonly #manifest: ProfileManifest;
  readonly #source: FileSource;
  readonly #decompress: Decompress;
  #loading: Promise<KernelLayout> | undefined;
  #layout: KernelLayout | undefined;

  constructor(manifest: ProfileManifest, source: FileSource, decompress: Decompress) {
    this.#manifest = manifest;
    this.#source = source;
    this.#decompress = decompress;
  }

  /** Undefined until it has been loaded. */
  get layout(): KernelLayout | undefined {
    return this.#layout;
  }

  /** One that could not be loaded is asked for again the next time. @throws CodedError `asset-*`, `network` */
  async load(): Promise<KernelLayout> {
    this.#loading ??= this.#fetch();
    try {
      this.#layout = await this.#loading;
      return this.#layout;
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  async #fetch(): Promise<KernelLayout> {
    const { layout } = this.#manifest.kernelInfo;
    const bytes = this.#decompress(await readVerified(this.#source, layout), layout.size);
    return v.parse(KernelLayoutSchema, JSON.parse(new TextDecoder().decode(bytes)));
  }
}
