import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { type CodedError, asCodedError, type Disposable, DisposableStore, Emitter } from "../base/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import type { PastMoment } from "../protocol/machine.ts";
import type { BootTimeline } from "./boot-timeline.ts";
import { MachinePast } from "./machine-past.ts";
import type { Machines } from "./machines.ts";
import type { TerminalDesk } from "./terminal-desk.ts";
import { type MemoryUse, type TerminalPlace, TerminalPlaces } from "./terminal-places.ts";
import type { Transcript } from "./transcript.ts";
import type { Xray } from "./xray.ts";

/** More would not fit into what most devices have. */
const MOST_MACHINES = 4;
/** How often it is asked whether the first prompt is there: as often as a screen is drawn, or so. */
const PROMPT_MS = 25;

/** What becomes of a machine's way back. */
export type GoingBack =
  | { readonly kind: "none" }
  | { readonly kind: "going"; readonly machine: string; readonly agoMs: number }
  | { readonly kind: "back"; readonly machine: string; readonly agoMs: number }
  | { readonly kind: "failed"; readonly machine: string; readonly error: CodedError };

export interface MachineDeskOptions {
  readonly machines: Machines;
  readonly terminals: TerminalDesk;
  readonly xray: Xray;
  readonly transcript: Transcript;
  /** What the X-ray calls a machine. */
  readonly seenAs: (machine: string) => string;
  /** Settles when the others reach a machine. */
  readonly reachable: (machine: string) => Promise<void>;
  /** Whether the machines' latest past is kept. */
  readonly keepsPast: boolean;
}

/** What can be done with machines as with those on a desk: pause, go back, switch off and on, and put one more beside. */
export class MachineDesk implements Disposable {
  readonly #options: MachineDeskOptions;
  readonly #owned = new DisposableStore();
  readonly #pasts = new Map<string, MachinePast>();
  readonly #goingBack = signal<GoingBack>({ kind: "none" });
  readonly #joining = signal<readonly string[]>([]);
  readonly #wentBack = this.#owned.add(new Emitter<string>());
  readonly #places: TerminalPlaces;
  readonly canAdd = computed(() => this.#options.machines.names.value.length < MOST_MACHINES);

  /** A machine, by its name, went back to an earlier moment. */
  readonly onWentBack = this.#wentBack.event;

  constructor(options: MachineDeskOptions) {
    this.#options = options;
    const { machines, terminals, xray, seenAs } = options;
    this.#places = this.#owned.add(
      new TerminalPlaces({
        machines: () => machines.names.peek(),
        machine: (name) => machines.get(name),
        terminals: () => terminals.all,
        end: (name) => terminals.end(name),
        seen: (name) => xray.latest(seenAs(name)),
        numbersOf: (name) => xray.numbersOf(seenAs(name)),
      }),
    );
    this.#owned.add(machines.onGone((name) => this.#letPastGo(name)));
    this.#owned.defer(() => {
      for (const past of this.#pasts.values()) past.dispose();
    });
  }

  /** Where the foreground process of a terminal lives; undefined while it is not known. */
  place(terminal: string): ReadonlySignal<TerminalPlace | undefined> {
    return this.#places.place(terminal);
  }

  memory(machine: string): ReadonlySignal<MemoryUse | undefined> {
    return this.#places.memory(machine);
  }

  boot(machine: string): ReadonlySignal<BootTimeline> {
    return this.#options.machines.control(machine).boot;
  }

  /** The moments that a machine can go back to, the latest first, as they were when this was asked. */
  async past(machine: string): Promise<readonly PastMoment[]> {
    const past = this.#pasts.get(machine);
    await past?.look();
    return past?.moments.value ?? [];
  }

  /** Somebody looks at a machine's figures, as long as what this gives is not disposed. */
  watch(machine: string): Disposable {
    return this.#places.want(machine);
  }

  setVisible(isVisible: boolean): void {
    this.#places.setVisible(isVisible);
  }

  get goingBack(): ReadonlySignal<GoingBack> {
    return this.#goingBack;
  }

  /** Names of the machines that have been put beside the others and are not reached by them yet. */
  get joining(): ReadonlySignal<readonly string[]> {
    return this.#joining;
  }

  /** A machine has its terminals: its first prompt is awaited, and its past is kept from now on. */
  follow(name: string, machine: Machine, end: Terminal | undefined): void {
    void this.#awaitPrompt(name, machine, end);
    if (!this.#options.keepsPast) return;
    this.#letPastGo(name);
    this.#pasts.set(name, new MachinePast(machine));
  }

  #letPastGo(name: string): void {
    this.#pasts.get(name)?.dispose();
    this.#pasts.delete(name);
  }

  async #awaitPrompt(name: string, machine: Machine, end: Terminal | undefined): Promise<void> {
    const { machines } = this.#options;
    while (end !== undefined && end.latest.length === 0) {
      await new Promise((done) => {
        setTimeout(done, PROMPT_MS);
      });
      if (this.#owned.disposed || machines.get(name) !== machine) return;
    }
    if (machines.get(name) === machine) machines.control(name).prompted();
  }

  /** Never rejects, as all that follows: what becomes of a machine its state says. */
  async pause(machine: string): Promise<void> {
    await this.#options.machines.control(machine).pause();
  }

  async resume(machine: string): Promise<void> {
    await this.#options.machines.control(machine).resume();
  }

  /** Takes a machine back to a moment of its past; what happened in it since is lost. */
  async goBack(machine: string, { id, agoMs }: PastMoment): Promise<void> {
    const past = this.#pasts.get(machine);
    if (past === undefined || this.#goingBack.value.kind === "going") return;
    this.#goingBack.value = { kind: "going", machine, agoMs };
    try {
      await past.goBack({ id });
      this.#options.transcript.tell({ kind: "resetting" });
      // A shell that had ended is there again.
      this.#options.terminals.reopenEnded();
      this.#wentBack.fire(machine);
      this.#goingBack.value = { kind: "back", machine, agoMs };
    } catch (thrown) {
      this.#goingBack.value = { kind: "failed", machine, error: asCodedError(thrown) };
    }
  }

  /** Puts one more machine beside the others, and a terminal of it in front. */
  async add(): Promise<void> {
    const { machines, terminals, reachable } = this.#options;
    const [first] = machines.names.value;
    if (first === undefined || !this.canAdd.value) return;
    const name = freeName(machines.names.value);
    const control = batch(() => {
      const made = machines.add({ ...machines.control(first).spec, name, power: "on" });
      terminals.add(name);
      this.#joining.value = [...this.#joining.value, name];
      return made;
    });
    await control.start();
    if (control.machine !== undefined) await reachable(name).catch(() => undefined);
    this.#joining.value = this.#joining.value.filter((one) => one !== name);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function freeName(taken: readonly string[]): string {
  let number = 1;
  while (taken.includes(`machine-${number}`)) number++;
  return `machine-${number}`;
}
