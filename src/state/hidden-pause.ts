import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable, DisposableStore, Turns } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";

/** Pauses the machines while nobody can see them, unless the learner wants it to go on. */
export class HiddenPause implements Disposable {
  readonly #visible = signal(true);
  readonly #machines = signal<readonly Machine[]>([]);
  readonly #owned = new DisposableStore();
  readonly #turns = new Turns();
  /** Those that were paused here: one that was paused otherwise is left alone. */
  readonly #paused = new Set<Machine>();

  /** @param isOn Whether the learner wants it. */
  constructor(isOn: ReadonlySignal<boolean>) {
    this.#owned.defer(
      effect(() => {
        const machines = this.#machines.value;
        const shall = isOn.value && !this.#visible.value;
        void this.#turns.run(async () => {
          await Promise.all(machines.map((machine) => this.#apply(machine, shall)));
        });
      }),
    );
  }

  setVisible(visible: boolean): void {
    this.#visible.value = visible;
  }

  /** One more machine, from when it may be paused on. */
  attach(machine: Machine): void {
    this.#machines.value = [...this.#machines.value, machine];
  }

  /** Knows only these any more; the others are gone. */
  keep(machines: readonly Machine[]): void {
    this.#machines.value = this.#machines.value.filter((one) => machines.includes(one));
    for (const one of this.#paused) if (!machines.includes(one)) this.#paused.delete(one);
  }

  async #apply(machine: Machine, shall: boolean): Promise<void> {
    try {
      if (shall && machine.phase === "running") {
        this.#paused.add(machine);
        await machine.pause();
      } else if (!shall && this.#paused.delete(machine)) {
        await machine.resume();
      }
    } catch {
      // A machine that has died says so by its state.
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
