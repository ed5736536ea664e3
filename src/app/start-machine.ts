import release from "virtual:vivarium/release";
import {
  createLab,
  createMachine,
  type Lab,
  type Machine,
  profileOf,
  startsFrom,
  type WorkerHandle,
} from "../machine/index.ts";
import type { LessonMachine } from "../lessons/index.ts";
import { BORROWER } from "../protocol/worker-name.ts";
import type { StartMachine } from "../state/index.ts";
import { isColdBoot } from "./route.ts";
import { startWorker } from "./start-worker.ts";

type Terminals = readonly { readonly machine: string; readonly user: string }[];

/** What is known of a page's machines beforehand. */
export interface MachinePlan {
  readonly profile: string;
  /** How many there are from the beginning. */
  readonly count: number;
  /** Those that open by themselves. */
  readonly terminals: Terminals;
}

/** Where the machines of a page come from. */
export interface MachineSource {
  readonly startMachine: StartMachine;
  readonly reachable: (machine: string) => Promise<void>;
}

/** The version of the guest's kernel; empty when the release cannot be read, which the start then tells. */
export function kernelVersion(profile: string): string {
  try {
    return profileOf(release, profile).manifest.kernelInfo.version;
  } catch {
    return "";
  }
}

/** A machine that a learner switches on boots cold too. */
function bootsFrom(spec: LessonMachine): "firmware" | "snapshot" {
  return isColdBoot(location.search) || spec.power === "off" ? "firmware" : "snapshot";
}

const store = (): string => new URL("store/", document.baseURI).href;

/**
 * The machines of a page. A single one is started by itself, since it has its prompt sooner so; when another one is put
 * beside it, it joins that one's lab.
 */
class PageMachines {
  readonly #profile: string;
  readonly #terminals: Terminals;
  readonly #nextWorker: () => WorkerHandle;
  #lab: Promise<Lab> | undefined;
  /** The single one, while there is no lab. */
  #single: { readonly spec: LessonMachine; readonly machine: Promise<Machine> } | undefined;

  /** There is one from the beginning. */
  readonly #isLab: boolean;

  constructor({ profile, count, terminals }: MachinePlan, nextWorker: () => WorkerHandle) {
    this.#profile = profile;
    this.#terminals = terminals;
    this.#isLab = count > 1;
    this.#nextWorker = nextWorker;
  }

  #memoryOf({ memory }: LessonMachine): number {
    return memory ?? profileOf(release, this.#profile).manifest.memory.default;
  }

  readonly start: StartMachine = async (spec, options) => {
    const { name } = this.#single?.spec ?? spec;
    if (!this.#isLab && this.#lab === undefined && name === spec.name)
      return this.#startSingle(spec, options);
    this.#lab ??= this.#openLab();
    return this.#startBeside(await this.#lab, spec, options);
  };

  readonly reachable = async (name: string): Promise<void> => {
    const lab = await this.#lab;
    await lab?.machines.find((one) => one.name === name)?.reachable;
  };

  async #startSingle(
    spec: LessonMachine,
    { onEvent, signal }: Parameters<StartMachine>[1],
  ): Promise<Machine> {
    const profile = profileOf(release, this.#profile);
    const memory = this.#memoryOf(spec);
    const terminal = this.#terminals.find(({ machine }) => machine === spec.name);
    const machine = createMachine(
      {
        profile,
        store: store(),
        from: startsFrom(profile.snapshot.memory, { from: bootsFrom(spec), memory }),
        memory,
        ...(terminal && { firstUser: terminal.user }),
        onEvent,
        signal,
      },
      this.#nextWorker,
    );
    this.#single = { spec, machine };
    return machine;
  }

  async #openLab(): Promise<Lab> {
    const lab = await createLab({
      machines: [],
      profile: profileOf(release, this.#profile),
      store: store(),
      startWorker: (borrows) => (borrows ? startWorker(BORROWER) : this.#nextWorker()),
    });
    const single = this.#single;
    const machine = await single?.machine.catch(() => undefined);
    if (single === undefined || machine === undefined || isGone(machine)) return lab;
    const { name, segment } = single.spec;
    lab.adopt(machine, { name, segment, memory: this.#memoryOf(single.spec) });
    return lab;
  }

  async #startBeside(
    lab: Lab,
    spec: LessonMachine,
    { onEvent, signal }: Parameters<StartMachine>[1],
  ): Promise<Machine> {
    const { name, segment, memory } = spec;
    if (lab.machines.some((one) => one.name === name)) lab.remove(name);
    const listening = lab.onEvent((event) => {
      if (event.kind === "machine" && event.name === name) onEvent(event.notice);
    });
    signal.addEventListener("abort", () => listening.dispose(), { once: true });
    const from = bootsFrom(spec);
    const { machine } = await lab.add({ name, segment, from, ...(memory && { memory }) }, signal);
    return machine;
  }
}

/** Switched off, or dead: nothing is left of it. */
function isGone({ phase }: Machine): boolean {
  return phase === "off" || phase === "crashed";
}

/**
 * Machines for a page. The first one uses the worker that is already on its way.
 * @param first Throws where no worker can be started, which the machine's start then tells.
 */
export function machineSource(plan: MachinePlan, first: () => WorkerHandle): MachineSource {
  let waiting: (() => WorkerHandle) | undefined = first;
  const nextWorker = (): WorkerHandle => {
    const start = waiting ?? startWorker;
    waiting = undefined;
    return start();
  };
  const machines = new PageMachines(plan, nextWorker);
  return { startMachine: machines.start, reachable: machines.reachable };
}
