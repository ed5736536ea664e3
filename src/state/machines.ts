import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Disposable, DisposableStore, Emitter } from "../base/index.ts";
import type { LessonMachine } from "../lessons/index.ts";
import type { Machine } from "../machine/index.ts";
import { MachineControl, type StartMachine } from "./machine-control.ts";

/** A machine that is there, by its name. */
export interface NamedMachine {
  readonly name: string;
  readonly machine: Machine;
}

/** The machines of a lab: each is started, followed and replaced by itself. */
export class Machines implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #controls = new Map<string, MachineControl>();
  readonly #start: StartMachine;
  readonly #names = signal<readonly string[]>([]);
  readonly #ready = this.#owned.add(new Emitter<NamedMachine>());
  readonly #gone = this.#owned.add(new Emitter<string>());
  readonly #agentBack = this.#owned.add(new Emitter<string>());

  /** A new machine is ready. */
  readonly onReady = this.#ready.event;
  /** The machine of this name is gone for good, or was switched off. */
  readonly onGone = this.#gone.event;
  readonly onAgentBack = this.#agentBack.event;

  /** @param specs At least one; the first is meant where none is named. */
  constructor(specs: readonly LessonMachine[], start: StartMachine) {
    this.#start = start;
    for (const spec of specs) this.add(spec);
  }

  /** In the order in which they came. */
  get names(): ReadonlySignal<readonly string[]> {
    return this.#names;
  }

  /** One more, which nobody has started yet. */
  add(spec: LessonMachine): MachineControl {
    const { name } = spec;
    const control = this.#owned.add(new MachineControl(spec, this.#start));
    this.#controls.set(name, control);
    this.#names.value = [...this.#names.value, name];
    this.#owned.add(control.onReady((machine) => this.#ready.fire({ name, machine })));
    this.#owned.add(control.onGone(() => this.#gone.fire(name)));
    this.#owned.add(
      control.onAgent((state) => {
        if (state === "back") this.#agentBack.fire(name);
      }),
    );
    return control;
  }

  /** The one of that name, else the first. */
  control(name: string): MachineControl {
    const found = this.#controls.get(name) ?? this.#controls.values().next().value;
    if (found === undefined) throw new Error("a lab has at least one machine");
    return found;
  }

  get(name: string): Machine | undefined {
    return this.#controls.get(name)?.machine;
  }

  /** Those that are there. */
  get all(): readonly Machine[] {
    return [...this.#controls.values()].flatMap(({ machine }) => machine ?? []);
  }

  /** Whether all of these that are switched on are there. */
  areUp(names: readonly string[]): boolean {
    return names
      .map((name) => this.control(name))
      .every(({ isOn, machine }) => !isOn || machine !== undefined);
  }

  /** Starts those that are on from the beginning, side by side. Never rejects. */
  async start(): Promise<void> {
    await Promise.all([...this.#controls.values()].map(async (one) => (one.isOn ? one.start() : undefined)));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
