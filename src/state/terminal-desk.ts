import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { CodedError, type Disposable, DisposableStore } from "../base/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { TerminalControl, type TerminalState } from "./terminal-control.ts";

/** A terminal that the page has, open or not. */
export interface DeskTerminal {
  readonly name: string;
  readonly user: string;
  readonly state: ReadonlySignal<TerminalState>;
  /** The screen's size, for the next time it is opened. */
  setSize(cols: number, rows: number): void;
}

export interface TerminalSpec {
  readonly name: string;
  /** A user of the guest. */
  readonly user: string;
}

/** The terminals of the page, of which one is in front. */
export class TerminalDesk implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #controls: ReadonlyMap<string, TerminalControl>;
  readonly #front = signal("");
  readonly #machine: () => Machine | undefined;
  readonly all: readonly DeskTerminal[];
  /** Of the one in front. */
  readonly state: ReadonlySignal<TerminalState> = computed(
    (): TerminalState => this.#controls.get(this.#front.value)?.state.value ?? { kind: "none" },
  );

  /** @param specs At least one; the first is meant where none is named. */
  constructor(specs: readonly TerminalSpec[], machine: () => Machine | undefined) {
    this.#machine = machine;
    this.#controls = new Map(
      specs.map(({ name, user }) => [name, this.#owned.add(new TerminalControl(user))]),
    );
    this.#front.value = specs[0]?.name ?? "";
    this.all = specs.map(({ name, user }): DeskTerminal => {
      const control = this.#control(name);
      return { name, user, state: control.state, setSize: (cols, rows) => control.setSize(cols, rows) };
    });
    for (const control of this.#controls.values()) {
      this.#owned.add(
        control.onLost(({ cause }) => {
          // The machine went back to a time before this terminal: nothing is wrong, there is just none.
          if (cause instanceof CodedError && cause.code === "terminal-gone") this.#reopen(control);
        }),
      );
    }
  }

  get front(): ReadonlySignal<string> {
    return this.#front;
  }

  /** The one of that name, else the first. */
  #control(name: string | undefined): TerminalControl {
    const [first] = this.#controls.values();
    const found = (name === undefined ? undefined : this.#controls.get(name)) ?? first;
    if (found === undefined) throw new CodedError("bad-argument", "a page has at least one terminal");
    return found;
  }

  bringToFront(name: string): void {
    if (this.#controls.has(name)) this.#front.value = name;
  }

  /** The guest's end of a terminal, while it is open. */
  end(name: string): Terminal | undefined {
    return this.#control(name).end;
  }

  isOpen(name?: string): boolean {
    return this.#control(name).state.value.kind === "open";
  }

  /** Types into a terminal, as the learner would, and brings it to the front. */
  write(text: string, name?: string): void {
    const [first] = this.#controls.keys();
    this.bringToFront(name ?? first ?? "");
    this.#control(name).write(text);
  }

  /** Opens all of them on a machine; settles when the first one is there. Never rejects. */
  async openAll(machine: Machine): Promise<void> {
    const [first, ...others] = this.#controls.values();
    await first?.open(machine);
    for (const control of others) void control.open(machine);
  }

  /** Opens those that are not there. */
  reopen(): void {
    for (const control of this.#controls.values()) this.#reopen(control);
  }

  #reopen(control: TerminalControl): void {
    const machine = this.#machine();
    const { kind } = control.state.value;
    if (machine === undefined || kind === "open") return;
    void control.open(machine);
  }

  /** As {@link reopen}, but for those that are on their way. */
  reopenEnded(): void {
    for (const control of this.#controls.values())
      if (control.state.value.kind !== "opening") this.#reopen(control);
  }

  closeAll(): void {
    for (const control of this.#controls.values()) control.close();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
