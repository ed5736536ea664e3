import { deferred, type Deferred, type Disposable, throwIfAborted, withAbort } from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";
import type { Guest, GuestCheckpoint } from "../lessons/index.ts";
import type { Machine } from "../machine/index.ts";

const HZ = 20;
/** Whoever asks again within this is not the reason to begin anew. */
const LINGER_MS = 3000;

/**
 * A machine as a lesson sees it: it asks, and is given the latest look at the guest that it does not know. The machine is
 * watched only while somebody asks, and looks seldom while nothing happens in it.
 */
export class WatchedGuest implements Guest, Disposable {
  readonly #machine: Machine;
  #watching: Disposable | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #unseen: Observation | undefined;
  #next: Deferred<Observation> | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async observe(signal?: AbortSignal): Promise<Observation> {
    throwIfAborted(signal);
    this.#watch();
    const known = this.#unseen;
    this.#unseen = undefined;
    if (known !== undefined) return known;
    this.#next ??= deferred<Observation>();
    return withAbort(this.#next.promise, signal);
  }

  #watch(): void {
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.dispose(), LINGER_MS);
    this.#watching ??= this.#machine.watch((observation) => this.#see(observation), { hz: HZ });
  }

  #see(observation: Observation): void {
    const next = this.#next;
    this.#next = undefined;
    if (next === undefined) this.#unseen = observation;
    else next.resolve(observation);
  }

  async checkpoint(signal?: AbortSignal): Promise<GuestCheckpoint> {
    return this.#machine.checkpoint(signal);
  }

  async rewind(checkpoint: GuestCheckpoint, signal?: AbortSignal): Promise<void> {
    await this.#machine.rewind(checkpoint, signal);
    // It is of a time that never was.
    this.#unseen = undefined;
  }

  forget(checkpoint: GuestCheckpoint): void {
    this.#machine.forget(checkpoint);
  }

  /** Watches no more until it is asked again. */
  dispose(): void {
    clearTimeout(this.#linger);
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#unseen = undefined;
  }
}
