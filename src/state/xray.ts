import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { CodedError, type Disposable } from "../base/index.ts";
import {
  foregroundProcess,
  NamespaceNumbers,
  type Observation,
  processKey,
  type SignalName,
  SIGNALS,
  type Wanted,
} from "../isolation/index.ts";
import type { Machine } from "../machine/index.ts";
import { askDiskUse, type DiskQuestion, type DiskUse } from "./disk-use.ts";
import type { XrayTab } from "./layout.ts";
import { uidOf } from "./users.ts";
import { type ToldMoment, XrayRecord } from "./xray-record.ts";

const HZ = 10;
/** Of a machine that does next to nothing only clocks change: these need not be drawn every second. */
const IDLE_SHOWN_MS = 5000;
const IDLE_INSTRUCTIONS = 500_000;
/** Asking for the disk is work for the guest. */
const DISK_MS = 5000;

export type XrayLens = "namespaces" | "cgroups";
export type XraySight = "outside" | "inside";

/** Something in the picture that can be chosen. */
export interface XrayChosen {
  readonly kind: "box" | "process" | "cgroup";
  readonly machine: string;
  readonly key: string;
}

/** What the open step wants the learner to bring about. */
export interface XrayGoal {
  readonly words: string;
  /** By the machines' names. */
  readonly wanted: ReadonlyMap<string, Wanted>;
}

export interface XraySeen {
  /** The machine's. */
  readonly name: string;
  readonly observation: Observation;
  /** The one before it, from which rates follow. */
  readonly before: Observation | undefined;
  /** `processKey` of who has the page's terminal. */
  readonly terminal: string | undefined;
  /** In words, when there is something to say. */
  readonly phase: string;
  /** What is wanted of it, and in the lesson's words. */
  readonly goal: { readonly words: string; readonly wanted: Wanted } | undefined;
}

export interface XrayMoments {
  /** Of what is recorded, ms since the Unix epoch, oldest first. */
  readonly times: readonly number[];
  /** Which of them is shown. */
  readonly index: number;
  readonly isLive: boolean;
}

/** What it took to have a machine or a container. */
export interface XrayCost {
  readonly startMs?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly processes: number;
  readonly kernels: number;
}

interface Watched {
  readonly machine: Machine;
  readonly record: XrayRecord;
  readonly startMs: () => number | undefined;
  disk: DiskUse | undefined;
  /** Which containers' disk was asked for last, and when; performance.now(). */
  diskAsked: { readonly keys: string; readonly at: number } | undefined;
  /** Time of the latest observation that was shown. */
  shownAt: number;
  gone: boolean;
  watch: Disposable | undefined;
}

function isIdle({ machine }: Observation): boolean {
  return machine?.instructionsPerSecond !== undefined && machine.instructionsPerSecond < IDLE_INSTRUCTIONS;
}

/** The X-ray of the page's machines: what is seen, what was, and what is looked at. Looks only while somebody does. */
export class Xray implements Disposable {
  readonly #watched = new Map<string, Watched>();
  readonly #numbers = new Map<string, NamespaceNumbers>();
  readonly #open = signal(false);
  readonly #openedBy = signal<"learner" | "lesson">("learner");
  /** Moves with each look. */
  readonly #round = signal(0);
  /** A moment that is looked at; undefined follows what is seen. */
  readonly #moment = signal<number | undefined>(undefined);
  readonly #lens = signal<XrayLens>("namespaces");
  readonly #sight = signal<XraySight>("outside");
  readonly #tab = signal<XrayTab>("picture");
  readonly #selection = signal<readonly XrayChosen[]>([]);
  readonly #ended = new AbortController();
  #visible = true;
  readonly #uid: number;
  readonly #goal: ReadonlySignal<XrayGoal | undefined>;

  /**
   * @param user Whose terminal the page has.
   * @param goal What is wanted, while something is.
   */
  constructor(user: string, goal: ReadonlySignal<XrayGoal | undefined>) {
    this.#uid = uidOf(user);
    this.#goal = goal;
  }

  readonly history: ReadonlySignal<XrayMoments> = computed(() => {
    void this.#round.value;
    const times = this.#first()?.record.observations.map(({ time }) => time) ?? [];
    const moment = this.#moment.value;
    const last = Math.max(0, times.length - 1);
    if (moment === undefined) return { times, index: last, isLive: true };
    return { times, index: indexAt(times, moment), isLive: false };
  });

  readonly machines: ReadonlySignal<readonly XraySeen[]> = computed(() => {
    void this.#round.value;
    const moment = this.#moment.value;
    return [...this.#watched].flatMap(([name, { record }]): XraySeen[] => {
      if (moment === undefined) {
        const { latest, beforeLatest } = record;
        return latest === undefined ? [] : [this.#seen(name, latest, beforeLatest)];
      }
      const index = indexAt(
        record.observations.map(({ time }) => time),
        moment,
      );
      const observation = record.observations[index];
      return observation === undefined ? [] : [this.#seen(name, observation, record.observations[index - 1])];
    });
  });

  readonly events: ReadonlySignal<readonly ToldMoment[]> = computed(() => {
    void this.#round.value;
    return [...this.#watched.values()]
      .flatMap(({ record }) => record.events)
      .toSorted((a, b) => a.time - b.time);
  });

  /** By name of a machine, and by `costKey` of a container. */
  readonly costs: ReadonlySignal<Readonly<Record<string, Partial<XrayCost>>>> = computed(() =>
    Object.fromEntries(
      this.machines.value.flatMap((seen): [string, Partial<XrayCost>][] => {
        const { containers = [] } = this.#watched.get(seen.name)?.disk ?? {};
        const disks = [...containers].map(([key, diskBytes]): [string, Partial<XrayCost>] => [
          key,
          { diskBytes },
        ]);
        return [[seen.name, this.#costOf(seen)], ...disks];
      }),
    ),
  );

  get open(): ReadonlySignal<boolean> {
    return this.#open;
  }

  /** Who opened it last: what a lesson opens must not take anybody's place away. */
  get openedBy(): ReadonlySignal<"learner" | "lesson"> {
    return this.#openedBy;
  }

  get lens(): ReadonlySignal<XrayLens> {
    return this.#lens;
  }

  get seen(): ReadonlySignal<XraySight> {
    return this.#sight;
  }

  get selection(): ReadonlySignal<readonly XrayChosen[]> {
    return this.#selection;
  }

  #seen(name: string, observation: Observation, before: Observation | undefined): XraySeen {
    const at = foregroundProcess(observation, this.#uid);
    const goal = this.#goal.value;
    const wanted = goal?.wanted.get(name);
    return {
      name,
      observation,
      before,
      terminal: at && processKey(at),
      phase: "",
      goal: goal === undefined || wanted === undefined ? undefined : { words: goal.words, wanted },
    };
  }

  #costOf({ name, observation }: XraySeen): XrayCost {
    // A machine has its memory to itself, used or not.
    const ram = observation.machine?.ram;
    const watched = this.#watched.get(name);
    const disk = watched?.disk?.machine;
    const startMs = watched?.startMs();
    return {
      ...(startMs === undefined ? {} : { startMs }),
      ...(disk === undefined ? {} : { diskBytes: disk }),
      ...(ram === undefined ? {} : { memoryBytes: ram }),
      processes: observation.processes.length,
      kernels: 1,
    };
  }

  #first(): Watched | undefined {
    return this.#watched.values().next().value;
  }

  /** @param startMs What it took to start it, once that is known. */
  attach(name: string, machine: Machine, startMs: () => number | undefined = () => undefined): void {
    this.#watched.get(name)?.watch?.dispose();
    this.#watched.set(name, {
      machine,
      record: new XrayRecord(name),
      startMs,
      disk: undefined,
      diskAsked: undefined,
      shownAt: 0,
      gone: false,
      watch: undefined,
    });
    batch(() => {
      this.#moment.value = undefined;
      this.#selection.value = [];
      this.#round.value++;
    });
    this.#follow();
  }

  /** The machine is gone. What was seen of it stays until another one takes its name. */
  detach(name: string): void {
    const watched = this.#watched.get(name);
    if (watched === undefined) return;
    watched.gone = true;
    watched.watch?.dispose();
    watched.watch = undefined;
  }

  setOpen(open: boolean, by: "learner" | "lesson" = "learner"): void {
    batch(() => {
      // Who wants it that is open already has it from now on.
      if (open && (by === "learner" || !this.#open.value)) this.#openedBy.value = by;
      this.#open.value = open;
    });
    this.#follow();
  }

  /**
   * Sends a signal from outside of all namespaces.
   * @param pid As the machine's own PID namespace numbers it.
   * @throws CodedError as `Machine.kill`
   */
  async sendSignal(name: string, pid: number, signalName: SignalName): Promise<void> {
    const watched = this.#watched.get(name);
    if (watched === undefined || watched.gone) throw new CodedError("machine-gone", "the machine is gone");
    await watched.machine.kill(pid, SIGNALS[signalName]);
  }

  /** A page that nobody sees is not drawn, and its machines are not looked at. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#follow();
  }

  #follow(): void {
    const looks = this.#open.value && this.#visible;
    for (const watched of this.#watched.values()) {
      if (!looks || watched.gone) {
        watched.watch?.dispose();
        watched.watch = undefined;
      } else {
        watched.watch ??= watched.machine.watch(
          (observation) => {
            const isNews = watched.record.add(observation);
            if (isNews || !isIdle(observation) || observation.time - watched.shownAt >= IDLE_SHOWN_MS) {
              watched.shownAt = observation.time;
              this.#round.value++;
            }
          },
          { hz: HZ },
        );
      }
    }
  }

  /** Has the guest count what a machine and these containers of it have on disk, now and then. Shows up in `costs`. */
  async measureDisk(name: string, asked: readonly DiskQuestion[]): Promise<void> {
    const watched = this.#watched.get(name);
    if (watched === undefined || watched.gone || !this.#visible) return;
    const keys = asked.map(({ key }) => key).join("\n");
    const last = watched.diskAsked;
    const now = performance.now();
    if (last?.keys === keys && now - last.at < DISK_MS) return;
    watched.diskAsked = { keys, at: now };
    try {
      const use = await askDiskUse(watched.machine, asked, this.#ended.signal);
      watched.disk = use;
      this.#round.value++;
    } catch {
      // A guest that cannot answer leaves the figure as it was.
    }
  }

  /** "PID namespace 2": the same wherever the page speaks of a machine's namespaces. */
  numbersOf(name: string): NamespaceNumbers {
    const known = this.#numbers.get(name) ?? new NamespaceNumbers();
    this.#numbers.set(name, known);
    return known;
  }

  /** What was seen of a machine last, while it is looked at. */
  latest(name: string): Observation | undefined {
    const watched = this.#watched.get(name);
    return watched?.watch === undefined ? undefined : watched.record.latest;
  }

  recorded(name: string): readonly Observation[] {
    return this.#watched.get(name)?.record.observations ?? [];
  }

  /** Which of its drawings is looked at. */
  get tab(): ReadonlySignal<XrayTab> {
    return this.#tab;
  }

  setTab(tab: XrayTab): void {
    this.#tab.value = tab;
  }

  setLens(lens: XrayLens): void {
    this.#lens.value = lens;
  }

  setSeen(sight: XraySight): void {
    this.#sight.value = sight;
  }

  /** @param isSecond Compare it with what is selected. */
  select(target: XrayChosen, isSecond: boolean): void {
    const [first] = this.#selection.value;
    this.#selection.value = isSecond && first !== undefined ? [first, target] : [target];
  }

  clearSelection(): void {
    this.#selection.value = [];
  }

  /** Shows that moment, and stays there while more is recorded. */
  scrub(index: number): void {
    const { times } = this.history.value;
    this.#moment.value = times[Math.min(Math.max(index, 0), times.length - 1)];
  }

  pause(): void {
    this.scrub(this.history.value.index);
  }

  goLive(): void {
    this.#moment.value = undefined;
  }

  dispose(): void {
    this.#ended.abort();
    for (const { watch } of this.#watched.values()) watch?.dispose();
    this.#watched.clear();
  }
}

/** The latest that was there at a moment; the first when none was. */
function indexAt(times: readonly number[], moment: number): number {
  return Math.max(
    0,
    times.findLastIndex((time) => time <= moment),
  );
}
