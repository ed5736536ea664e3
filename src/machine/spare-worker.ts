import { type Disposable, DisposableStore } from "../base/index.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** A worker that has loaded its code and waits for a machine, so that the next one need not wait for it. */
export class SpareWorker implements Disposable {
  readonly #start: () => WorkerHandle;
  #waiting: { readonly worker: WorkerHandle; readonly watch: Disposable } | undefined;
  readonly #owned = new DisposableStore();

  constructor(start: () => WorkerHandle) {
    this.#start = start;
    this.#owned.defer(() => this.#take()?.dispose());
  }

  /** Starts one if none waits. */
  prepare(): void {
    if (this.#waiting !== undefined || this.#owned.disposed) return;
    const worker = this.#start();
    const watch = worker.onDeath(() => this.#take()?.dispose());
    this.#waiting = { worker, watch };
  }

  /** The one that waits, or else a new one; the caller's from now on. */
  take(): WorkerHandle {
    return this.#take() ?? this.#start();
  }

  #take(): WorkerHandle | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.watch.dispose();
    return waiting?.worker;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
