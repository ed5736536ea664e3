/** Something that holds a resource until it is disposed. Disposing twice is the same as once. */
export interface Disposable {
  dispose(): void;
}

/** Wraps a function that releases something; the function runs at most once. */
export function toDisposable(release: () => void): Disposable {
  let open = true;
  return {
    dispose() {
      if (!open) return;
      open = false;
      release();
    },
  };
}

/**
 * Owns disposables and releases them in the reverse order of their arrival.
 * Something added after `dispose` is released at once, so late arrivals of asynchronous work cannot leak.
 */
export class DisposableStore implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Registers a release function. */
  defer(release: () => void): Disposable {
    return this.add(toDisposable(release));
  }

  /** @throws AggregateError when releasing some of them failed; the others are released all the same. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const failures: unknown[] = [];
    for (const item of this.#items.toReversed()) {
      try {
        item.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#items = [];
    if (failures.length > 0) throw new AggregateError(failures, "some resources could not be released");
  }
}
