import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, type CodedError, type Disposable } from "../../base/index.ts";
import type { Machine } from "../../machine/index.ts";
import type { Deliver } from "./file-export.ts";

/** Bytes of a file that is looked at: more than the largest machine, packed, ever has. */
const MOST_FILE = 1024 * 1024 * 1024;

/** The machine on its way to a file or from one, as the page shows it. */
export type SavedState =
  | { readonly kind: "none" }
  | { readonly kind: "saving" }
  /** Bytes. */
  | { readonly kind: "saved"; readonly name: string; readonly size: number }
  | { readonly kind: "loading"; readonly name: string }
  | { readonly kind: "loaded"; readonly name: string }
  | { readonly kind: "refused"; readonly reason: "no-machine" | "too-large" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Saves a machine as a file and takes it back from one, one at a time. */
export class SavedMachine implements Disposable {
  readonly #deliver: Deliver;
  readonly #state = signal<SavedState>({ kind: "none" });
  readonly #stop = new AbortController();

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  get state(): ReadonlySignal<SavedState> {
    return this.#state;
  }

  get #isBusy(): boolean {
    return this.#state.value.kind === "saving" || this.#state.value.kind === "loading";
  }

  /** Never rejects: what goes wrong is in {@link state}. */
  async save(machine: Machine | undefined, name: string): Promise<void> {
    if (this.#isBusy) return;
    await this.#run(machine, { kind: "saving" }, async (one) => {
      const file = await one.exportSaved(this.#stop.signal);
      this.#deliver(file, name);
      return { kind: "saved", name, size: file.size };
    });
  }

  /**
   * Puts the machine into the state that a file holds. Never rejects: what goes wrong is in {@link state}, and the machine goes
   * on as it was. The file is anybody's: the machine's worker believes nothing of it.
   */
  async load(machine: Machine | undefined, file: File): Promise<boolean> {
    if (this.#isBusy) return false;
    const { name } = file;
    if (file.size > MOST_FILE) {
      this.#state.value = { kind: "refused", reason: "too-large" };
      return false;
    }
    await this.#run(machine, { kind: "loading", name }, async (one) => {
      await one.restore(file, this.#stop.signal);
      return { kind: "loaded", name };
    });
    return this.#state.value.kind === "loaded";
  }

  async #run(
    machine: Machine | undefined,
    busy: SavedState,
    work: (machine: Machine) => Promise<SavedState>,
  ): Promise<void> {
    if (machine === undefined) {
      this.#state.value = { kind: "refused", reason: "no-machine" };
      return;
    }
    this.#state.value = busy;
    try {
      this.#state.value = await work(machine);
    } catch (thrown) {
      this.#state.value = { kind: "failed", error: asCodedError(thrown) };
    }
  }

  dispose(): void {
    this.#stop.abort();
  }
}
