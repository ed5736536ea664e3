import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Disposable } from "../base/index.ts";
import {
  foregroundOf,
  type NamespaceNumbers,
  type Observation,
  type Placed,
  placeOf,
  processKey,
  terminalShells,
} from "../isolation/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { uidOf } from "./users.ts";

/** How often it is asked whether a terminal has printed: in the page only, which costs next to nothing. */
const TICK_MS = 500;
/** A machine whose terminals are silent is looked at so often, and so often while somebody looks at its figures. */
const SILENT_MS = 5000;
const WANTED_MS = 1000;
/** The next look comes no sooner than so many times what the last one took, with its way. */
const REST = 20;
const MOST_REST_MS = 5000;
const MIB = 1024 * 1024;

/** Where the foreground process of a terminal lives. */
export interface TerminalPlace extends Placed {
  /** By which the machine's namespaces are called. */
  readonly numbers: NamespaceNumbers;
}

/** Of a guest's memory, in whole MiB. */
export interface MemoryUse {
  readonly used: number;
  readonly total: number;
}

export interface PlacesOptions {
  readonly machines: () => readonly string[];
  readonly machine: (name: string) => Machine | undefined;
  readonly terminals: () => readonly {
    readonly name: string;
    readonly machine: string;
    readonly user: string;
  }[];
  readonly end: (terminal: string) => Terminal | undefined;
  /** What the X-ray has seen last of a machine, while it looks. */
  readonly seen: (machine: string) => Observation | undefined;
  readonly numbersOf: (machine: string) => NamespaceNumbers;
  readonly now?: () => number;
}

/** What is known of one machine's looks. */
interface Looks {
  readonly of: Machine;
  at: number;
  took: number;
  isBusy: boolean;
  /** It printed when nobody could look. */
  isDue: boolean;
}

/**
 * In which box each of the page's terminals is, and what memory the guests use. A machine is looked at when one of its
 * terminals has printed, and seldom otherwise: who starts a shell sees its prompt.
 */
export class TerminalPlaces implements Disposable {
  readonly #options: PlacesOptions;
  readonly #now: () => number;
  readonly #places = new Map<string, Signal<TerminalPlace | undefined>>();
  readonly #memory = new Map<string, Signal<MemoryUse | undefined>>();
  readonly #looks = new Map<string, Looks>();
  readonly #wanted = new Map<string, number>();
  /** What each terminal had printed when it was asked last. */
  readonly #printed = new WeakMap<Terminal, Uint8Array>();
  /** In which order terminals were opened, as their shells were started. */
  readonly #opened = new WeakMap<Terminal, number>();
  readonly #timer: ReturnType<typeof setInterval>;
  #openings = 0;
  #isVisible = true;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Undefined while it is not known. */
  place(terminal: string): ReadonlySignal<TerminalPlace | undefined> {
    return this.#placeOf(terminal);
  }

  memory(machine: string): ReadonlySignal<MemoryUse | undefined> {
    return this.#memoryOf(machine);
  }

  /** Somebody looks at a machine's figures, as long as what this gives is not disposed. */
  want(machine: string): Disposable {
    this.#wanted.set(machine, (this.#wanted.get(machine) ?? 0) + 1);
    return {
      dispose: () => void this.#wanted.set(machine, Math.max(0, (this.#wanted.get(machine) ?? 0) - 1)),
    };
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
  }

  #placeOf(terminal: string): Signal<TerminalPlace | undefined> {
    const known = this.#places.get(terminal) ?? signal(undefined);
    this.#places.set(terminal, known);
    return known;
  }

  #memoryOf(machine: string): Signal<MemoryUse | undefined> {
    const known = this.#memory.get(machine) ?? signal(undefined);
    this.#memory.set(machine, known);
    return known;
  }

  #tick(): void {
    if (!this.#isVisible) return;
    for (const name of this.#options.machines()) {
      const machine = this.#options.machine(name);
      if (machine === undefined || isOver(machine)) this.#forget(name);
      else this.#follow(name, machine);
    }
  }

  #forget(name: string): void {
    this.#looks.delete(name);
    this.#memoryOf(name).value = undefined;
    for (const { name: terminal } of this.#of(name)) this.#placeOf(terminal).value = undefined;
  }

  #of(machine: string): ReturnType<PlacesOptions["terminals"]> {
    return this.#options.terminals().filter((one) => one.machine === machine);
  }

  #follow(name: string, machine: Machine): void {
    const known = this.#looks.get(name);
    const looks =
      known?.of === machine
        ? known
        : { of: machine, at: Number.NEGATIVE_INFINITY, took: 0, isBusy: false, isDue: true };
    this.#looks.set(name, looks);
    if (this.#hasPrinted(name)) looks.isDue = true;
    const waited = this.#now() - looks.at;
    const isWanted = (this.#wanted.get(name) ?? 0) > 0;
    if (!looks.isDue && waited < (isWanted ? WANTED_MS : SILENT_MS)) return;
    if (looks.isBusy || waited < Math.min(REST * looks.took, MOST_REST_MS)) return;
    void this.#look(name, looks);
  }

  /** Whether one of a machine's terminals has printed since this was asked last. */
  #hasPrinted(machine: string): boolean {
    let isNews = false;
    for (const { name } of this.#of(machine)) {
      const end = this.#options.end(name);
      if (end === undefined) continue;
      if (!this.#opened.has(end)) this.#opened.set(end, this.#openings++);
      const { latest } = end;
      if (this.#printed.get(end) !== latest) isNews = true;
      this.#printed.set(end, latest);
    }
    return isNews;
  }

  async #look(name: string, looks: Looks): Promise<void> {
    looks.isBusy = true;
    looks.isDue = false;
    looks.at = this.#now();
    try {
      const observation = this.#options.seen(name) ?? (await looks.of.observe());
      if (this.#looks.get(name) === looks) this.#take(name, observation);
    } catch {
      // A machine that cannot be looked at now may be later.
    } finally {
      looks.took = this.#now() - looks.at;
      looks.isBusy = false;
    }
  }

  #take(name: string, observation: Observation): void {
    const { memory } = observation.kernel ?? {};
    if (memory !== undefined) {
      const use = {
        used: Math.round((memory.total - memory.free) / MIB),
        total: Math.round(memory.total / MIB),
      };
      const shown = this.#memoryOf(name);
      if (shown.value?.used !== use.used || shown.value.total !== use.total) shown.value = use;
    }
    const numbers = this.#options.numbersOf(name);
    for (const [terminal, placed] of this.#placed(name, observation)) {
      if (placed?.box !== undefined) numbers.learn(observation, placed.box.machine);
      const shown = this.#placeOf(terminal);
      const place = placed && { ...placed, numbers };
      if (identity(shown.value) !== identity(place)) shown.value = place;
    }
  }

  /** Each of a machine's terminals: shells were started in the order in which the terminals were opened. */
  *#placed(name: string, observation: Observation): Generator<[string, Placed | undefined]> {
    const open = this.#of(name).flatMap((one) => {
      const end = this.#options.end(one.name);
      return end === undefined ? [] : [{ ...one, at: this.#opened.get(end) ?? 0 }];
    });
    for (const { name: terminal } of this.#of(name))
      if (!open.some((one) => one.name === terminal)) yield [terminal, undefined];
    for (const user of new Set(open.map((one) => one.user))) {
      const shells = terminalShells(observation, uidOf(user));
      const own = open.filter((one) => one.user === user).toSorted((a, b) => a.at - b.at);
      for (const [i, { name: terminal }] of own.entries()) {
        const shell = shells[i];
        yield [terminal, shell && placeOf(observation, foregroundOf(observation, shell))];
      }
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}

/** Nobody lives there any more, and nothing of it can be looked at. */
function isOver({ phase }: Machine): boolean {
  return phase === "crashed" || phase === "off";
}

/** What of a place is shown; while it stays the same, nothing is drawn. */
function identity(place: TerminalPlace | undefined): string {
  if (place === undefined) return "";
  const { process, box, root } = place;
  const own = box?.box.own.map((one) =>
    one.namespace?.kind === "uts" ? one.namespace.hostName : `${one.kind}${one.inode}`,
  );
  return [
    processKey(process),
    process.comm,
    process.uid,
    box?.box.key,
    box?.box.role,
    root,
    ...(own ?? []),
  ].join(" ");
}
