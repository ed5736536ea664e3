import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { CodedError, type Disposable, Emitter } from "../base/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { TerminalControl, type TerminalState } from "./terminal-control.ts";
import {
  brought,
  joined,
  onlyPane,
  split,
  type SplitDirection,
  type TerminalPanes,
  without,
} from "./terminal-panes.ts";

/** A terminal that the page has, open or not. */
export interface DeskTerminal {
  readonly name: string;
  /** Name of the machine that it is of. */
  readonly machine: string;
  readonly user: string;
  /** The learner opened it, and may close it. */
  readonly isAdded: boolean;
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

interface Entry {
  readonly terminal: DeskTerminal;
  readonly control: TerminalControl;
}

/** The terminals of the page: one or two are in sight, and one of these is in front. */
export class TerminalDesk implements Disposable {
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #panes = signal<TerminalPanes>(onlyPane(""));
  readonly #typed = new Emitter<void>();
  /** By its name, while it is there. */
  readonly #machine: (name: string) => Machine | undefined;
  readonly #all = computed(() => this.#entries.value.map(({ terminal }) => terminal));
  readonly front: ReadonlySignal<string> = computed(() => this.#panes.value.front);
  /** Of the one in front. */
  readonly state: ReadonlySignal<TerminalState> = computed(
    (): TerminalState => this.#named(this.front.value)?.control.state.value ?? { kind: "none" },
  );

  /** The page typed something into the one that is in front now. */
  readonly onTyped = this.#typed.event;

  /** @param specs At least one; the first is meant where none is named. */
  constructor(specs: readonly TerminalSpec[], machine: (name: string) => Machine | undefined) {
    this.#machine = machine;
    this.#entries.value = specs.map((spec) => this.#make(spec, false));
    this.#panes.value = onlyPane(specs[0]?.name ?? "");
  }

  #make({ name, machine, user }: TerminalSpec, isAdded: boolean): Entry {
    const control = new TerminalControl(user);
    const terminal: DeskTerminal = {
      name,
      machine,
      user,
      isAdded,
      state: control.state,
      setSize: (cols, rows) => control.setSize(cols, rows),
    };
    // It goes with the control.
    control.onLost(({ cause }) => {
      // The machine went back to a time before this terminal: nothing is wrong, there is just none.
      if (cause instanceof CodedError && cause.code === "terminal-gone") this.#reopen(terminal);
    });
    return { terminal, control };
  }

  /** In their order; those that the learner opened come last. */
  get all(): readonly DeskTerminal[] {
    return this.#all.value;
  }

  /** Which are in sight. */
  get panes(): ReadonlySignal<TerminalPanes> {
    return this.#panes;
  }

  #named(name: string): Entry | undefined {
    return this.#entries.value.find(({ terminal }) => terminal.name === name);
  }

  /** The one of that name, else the first. */
  #control(name: string | undefined): TerminalControl {
    const found = (name === undefined ? undefined : this.#named(name)) ?? this.#entries.value[0];
    if (found === undefined) throw new CodedError("bad-argument", "a page has at least one terminal");
    return found.control;
  }

  bringToFront(name: string): void {
    if (this.#named(name) !== undefined) this.#panes.value = brought(this.#panes.value, name);
  }

  /** Brings the next one (1) or the one before (-1) to the front; after the last comes the first. */
  bringNext(direction: 1 | -1): void {
    const names = this.all.map(({ name }) => name);
    const at = names.indexOf(this.front.value) + direction;
    this.bringToFront(names.at(at % names.length) ?? "");
  }

  /** Opens one more on a machine, as the first one's user there, and brings it to the front. Gives its name. */
  add(machine: string): string {
    const name = this.#create(machine);
    this.bringToFront(name);
    return name;
  }

  #create(machine: string): string {
    let number = 1;
    while (this.#named(`extra-${number}`) !== undefined) number++;
    const name = `extra-${number}`;
    const entry = this.#make({ name, machine, user: this.#of(machine)[0]?.user ?? "root" }, true);
    this.#entries.value = [...this.#entries.value, entry];
    this.#reopen(entry.terminal);
    return name;
  }

  /** Closes one that the learner opened: its shell gets a hangup. Others stay. */
  remove(name: string): void {
    const entries = this.#entries.value;
    const at = entries.findIndex(({ terminal }) => terminal.name === name && terminal.isAdded);
    const gone = entries[at];
    const [first, ...others] = entries.filter((one) => one !== gone);
    if (gone === undefined || first === undefined) return;
    batch(() => {
      this.#entries.value = [first, ...others];
      this.#panes.value = without(
        this.#panes.value,
        name,
        [first.terminal.name, ...others.map(({ terminal }) => terminal.name)],
        at,
      );
    });
    gone.control.dispose();
  }

  /** Shows two: the one in front, and the next one that is not in sight, or else a new one on the same machine. */
  split(direction: SplitDirection): void {
    const panes = this.#panes.value;
    if (panes.shown.length > 1) {
      this.#panes.value = { ...panes, direction };
      return;
    }
    const names = this.all.map(({ name }) => name);
    const at = names.indexOf(panes.front);
    const other = names[(at + 1) % names.length];
    const isOther = other !== undefined && other !== panes.front;
    this.#panes.value = split(panes, direction, isOther ? other : this.#create(this.frontMachine));
  }

  /** Only the one in front is in sight. */
  join(): void {
    this.#panes.value = joined(this.#panes.value);
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
    this.bringToFront(name ?? this.all[0]?.name ?? "");
    this.#typed.fire();
    this.#control(name).write(text);
  }

  /** Those of a machine. */
  #of(machine: string): readonly DeskTerminal[] {
    return this.all.filter((one) => one.machine === machine);
  }

  /** Name of the machine whose terminal is in front. */
  get frontMachine(): string {
    return this.all.find(({ name }) => name === this.front.value)?.machine ?? "";
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
    for (const { control } of this.#entries.value) control.dispose();
    this.#typed.dispose();
  }
}
