import { type Disposable, toDisposable } from "./disposable.ts";

/** Subscribes a listener; the returned disposable takes it away. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The writing end of an event. Keep it private and publish `event`. */
export class Emitter<T> implements Disposable {
  #listeners = new Set<(value: T) => void>();
  #disposed = false;

  readonly event: Event<T> = (listener) => {
    if (this.#disposed) return toDisposable(() => undefined);
    // A wrapper of its own, so that one function may listen twice.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Calls every listener that was there when the call began. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
  }
}
