import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { CodedError, type Disposable, DisposableStore } from "../base/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { TerminalControl, type TerminalState } from "./terminal-control.ts";

/** A terminal that the page has, open or not. */
export interface DeskTerminal {
  readonly name: string;
  /** Name of the machine that it is of. */
  readonly machine: string;
  readonly user: string;
  readonly state: ReadonlySignal<TerminalState>;
  /** The screen's size, for the next time it is opened. */
  setSize(cols: number, rows: number): void;
}

export interface TerminalSpec {
  readonly name: string;
  /** Name of a machine. */
  readonly machine: string;
  /** A user of the guest. */
  readonly user: string;
}

/** The terminals of the page, of which one is in front. */
export class TerminalDesk implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #controls: ReadonlyMap<string, TerminalControl>;
  readonly #front = signal("");
  /** By its name, while it is there. */
  readonly #machine: (name: string) => Machine | undefined;
  readonly all: readonly DeskTerminal[];
  /** Of the one in front. */
  readonly state: ReadonlySignal<TerminalState> = computed(
    (): TerminalState => this.#controls.get(this.#front.value)?.state.value ?? { kind: "none" },
  );

  /** @param specs At least one; the first is meant where none is named. */
  constructor(specs: readonly TerminalSpec[], machine: (name: string) => Machine | undefined) {
    this.#machine = machine;
    this.#controls = new Map(
      specs.map(({ name, user }) => [name, this.#owned.add(new TerminalControl(user))]),
    );
    this.#front.value = specs[0]?.name ?? "";
    this.all = specs.map(({ name, machine: of, user }): DeskTerminal => {
      const control = this.#control(name);
      return {
        name,
        machine: of,
        user,
        state: control.state,
        setSize: (cols, rows) => control.setSize(cols, rows),
      };
    });
    for (const one of this.all) {
      this.#owned.add(
        this.#control(one.name).onLost(({ cause }) => {
          // The machine went back to a time before this terminal: nothing is wrong, there is just none.
          if (cause instanceof CodedError && cause.code === "terminal-gone") this.#reopen(one);
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

  /** Those of a machine. */
  #of(machine: string): readonly DeskTerminal[] {
    return this.all.filter((one) => one.machine === machine);
  }

  /** Name of the machine whose terminal is in front. */
  get frontMachine(): string {
    return this.all.find(({ name }) => name === this.#front.value)?.machine ?? "";
  }

  /** Opens all of a machine's; settles when the first one is there. Never rejects. */
  async openAll(machine: string): Promise<void> {
    const on = this.#machine(machine);
    if (on === undefined) return;
    const [first, ...others] = this.#of(machine).map(({ name }) => this.#control(name));
    await first?.open(on);
    for (const control of others) void control.open(on);
  }

  /** Opens those of a machine that are not there. */
  reopen(machine: string): void {
    for (const one of this.#of(machine)) this.#reopen(one);
  }

  #reopen({ name, machine, state }: DeskTerminal): void {
    const on = this.#machine(machine);
    if (on === undefined || state.value.kind === "open") return;
    void this.#control(name).open(on);
  }

  /** As {@link reopen} of all machines, but for those that are on their way. */
  reopenEnded(): void {
    for (const one of this.all) if (one.state.value.kind !== "opening") this.#reopen(one);
  }

  /** Those of a machine. */
  close(machine: string): void {
    for (const { name } of this.#of(machine)) this.#control(name).close();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
