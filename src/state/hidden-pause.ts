import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable, DisposableStore, Turns } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";

/** A wish of the learner's that the browser keeps. */
export interface Setting {
  /** Undefined where nothing is kept. */
  load(): Promise<boolean | undefined>;
  save(value: boolean): Promise<void>;
}

/** Pauses the machine while nobody can see it, unless the learner wants it to go on. */
export class HiddenPause implements Disposable {
  readonly #setting: Setting;
  readonly #isOn = signal(true);
  readonly #visible = signal(true);
  readonly #machine = signal<Machine | undefined>(undefined);
  readonly #owned = new DisposableStore();
  readonly #turns = new Turns();
  /** The machine that was paused here: one that was paused otherwise is left alone. */
  #paused: Machine | undefined;
  #wasChosen = false;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#owned.defer(
      effect(() => {
        const machine = this.#machine.value;
        const shall = this.#isOn.value && !this.#visible.value;
        void this.#turns.run(() => this.#apply(machine, shall));
      }),
    );
    void this.#load();
  }

  get isOn(): ReadonlySignal<boolean> {
    return this.#isOn;
  }

  async #load(): Promise<void> {
    const kept = await this.#setting.load().catch(() => undefined);
    // Who chose meanwhile has the last word.
    if (kept !== undefined && !this.#wasChosen) this.#isOn.value = kept;
  }

  /** Where the browser keeps nothing, it lasts as long as the page. */
  set(isOn: boolean): void {
    this.#wasChosen = true;
    this.#isOn.value = isOn;
    this.#setting.save(isOn).catch(() => undefined);
  }

  setVisible(visible: boolean): void {
    this.#visible.value = visible;
  }

  /** The machine from now on; undefined when it is gone. */
  attach(machine: Machine | undefined): void {
    this.#machine.value = machine;
  }

  async #apply(machine: Machine | undefined, shall: boolean): Promise<void> {
    try {
      if (shall && machine?.phase === "running") {
        this.#paused = machine;
        await machine.pause();
      } else if (!shall && machine !== undefined && this.#paused === machine) {
        this.#paused = undefined;
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
