import { asCodedError, CodedError, deferred, Emitter, throwIfAborted, withAbort } from "../base/index.ts";
import type { Loan } from "../protocol/machine.ts";
import { Switch } from "../switch/index.ts";
import { labAddress, labMac, NUMBER_MAX } from "./addresses.ts";
import type { Host } from "./hosts-file.ts";
import { browserBudget, type LabMemory, labMemory, requireMemory } from "./lab-memory.ts";
import { LabMember, type Place } from "./lab-member.ts";
import type { Lab, LabEvent, LabMachine, LabMachineSpec, LabOptions } from "./lab-types.ts";
import { createMachine } from "./machine.ts";
import { startsFrom } from "./release.ts";
import { SpareWorker } from "./spare-worker.ts";
import type { Machine } from "./types.ts";

/** A label of a host name (RFC 1123, 2.1), in lower case. */
const HOST_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

class WorkerLab implements Lab {
  readonly switch: Switch;
  readonly #options: LabOptions;
  readonly #budgetBytes: number;
  readonly #events = new Emitter<LabEvent>();
  /** Names and numbers that are given away, to machines that are still starting too. */
  readonly #places = new Map<string, Place>();
  readonly #members = new Map<string, LabMember>();
  readonly #stop = new AbortController();
  readonly #spare = new SpareWorker(() => this.#options.startWorker(true));
  /** What all but the first machine start from. */
  #loan: Loan | undefined;
  /** Settles when the machine that brings it is there, or has failed. */
  #lending: Promise<void> | undefined;

  readonly onEvent = this.#events.event;

  constructor(options: LabOptions) {
    this.#options = options;
    this.#budgetBytes = options.budgetBytes ?? browserBudget();
    this.switch = new Switch(options.switch);
  }

  get machines(): readonly LabMachine[] {
    return [...this.#members.values()].toSorted((a, b) => a.number - b.number);
  }

  get memory(): LabMemory {
    return labMemory(this.#sizes());
  }

  machine(name: string): LabMachine {
    return this.#member(name);
  }

  #member(name: string): LabMember {
    const member = this.#members.get(name);
    if (member === undefined) throw new CodedError("bad-argument", `the lab has no machine named "${name}"`);
    return member;
  }

  /** MiB of those that have a place. */
  #sizes(): readonly number[] {
    return [...this.#places.values()].map(({ memory }) => memory);
  }

  #sizeOf({ memory = this.#options.memory }: LabMachineSpec): number {
    return memory ?? this.#options.profile.manifest.memory.default;
  }

  /** @throws CodedError `out-of-memory` when these do not fit beside those that are there */
  #requireRoom(specs: readonly LabMachineSpec[]): void {
    requireMemory(
      labMemory([...this.#sizes(), ...specs.map((spec) => this.#sizeOf(spec))]),
      this.#budgetBytes,
    );
  }

  /** The first machines; those that fail are told of, and only when all do the lab fails. */
  async start(): Promise<void> {
    const { machines } = this.#options;
    this.#requireRoom(machines);
    const failures: CodedError[] = [];
    const places = machines.map((spec) => this.#take(spec));
    await Promise.all(
      places.map(async (place) => {
        await this.#start(place).catch((error: unknown) => failures.push(asCodedError(error)));
      }),
    );
    throwIfAborted(this.#stop.signal);
    const [failure] = failures;
    if (failure !== undefined && this.#members.size === 0) throw failure;
  }

  async add(spec: LabMachineSpec = {}, signal?: AbortSignal): Promise<LabMachine> {
    throwIfAborted(this.#stop.signal);
    this.#requireRoom([spec]);
    return this.#start(this.#take(spec), signal);
  }

  adopt(machine: Machine, spec: LabMachineSpec): LabMachine {
    throwIfAborted(this.#stop.signal);
    const place = { ...this.#take(spec), isAdopted: true };
    const member = this.#plug(place, this.#nameHosts(place.segment), machine, this.#stop.signal);
    this.#events.fire({ kind: "added", name: place.name });
    return member;
  }

  /** Gives a place away. @throws CodedError `bad-argument` */
  #take(spec: LabMachineSpec): Place {
    const { name: wanted, segment = 1 } = spec;
    const taken = new Set([...this.#places.values()].map((place) => place.number));
    let number = 1;
    while (taken.has(number)) number++;
    const name = wanted ?? `machine-${number}`;
    const inRange = Number.isInteger(segment) && segment >= 1 && segment <= NUMBER_MAX;
    if (!inRange || number > NUMBER_MAX) {
      throw new CodedError("bad-argument", `segments and machines are numbered from 1 to ${NUMBER_MAX}`);
    }
    if (!HOST_NAME.test(name) || name === "localhost" || this.#places.has(name)) {
      throw new CodedError("bad-argument", `"${name}" is no host name, or a machine of the lab has it`);
    }
    const { from = this.#options.from } = spec;
    const memory = this.#sizeOf(spec);
    const { snapshot } = this.#options.profile;
    const place = {
      name,
      segment,
      number,
      memory,
      from: startsFrom(snapshot.memory, { ...(from && { from }), memory }),
    };
    this.#places.set(name, place);
    return place;
  }

  async #start(place: Place, signal?: AbortSignal): Promise<LabMember> {
    try {
      const member = await this.#connect(place, signal);
      this.#events.fire({ kind: "added", name: place.name });
      // Not sooner: a machine that has just started wants the processor for itself.
      member.reachable.then(() => this.#prepare()).catch(() => undefined);
      return member;
    } catch (error) {
      this.#members.get(place.name)?.dispose();
      this.#members.delete(place.name);
      this.#places.delete(place.name);
      void this.#nameHosts(place.segment);
      this.#events.fire({ kind: "failed", name: place.name, error: asCodedError(error) });
      throw error;
    }
  }

  async #connect(place: Place, asked: AbortSignal | undefined): Promise<LabMember> {
    const signal = asked === undefined ? this.#stop.signal : AbortSignal.any([asked, this.#stop.signal]);
    const told = this.#nameHosts(place.segment);
    // One machine brings what all others start from; when it fails, the next one does.
    while (this.#lending !== undefined) await withAbort(this.#lending, signal);
    const loan = this.#loan;
    if (loan !== undefined) return this.#plug(place, told, await this.#make(place, loan, signal), signal);
    const lent = deferred<void>();
    this.#lending = lent.promise;
    try {
      const machine = await this.#make(place, undefined, signal);
      const member = this.#plug(place, told, machine, signal);
      this.#loan = await machine.lend();
      throwIfAborted(signal);
      return member;
    } finally {
      this.#lending = undefined;
      lent.resolve();
    }
  }

  async #make(place: Place, loan: Loan | undefined, signal: AbortSignal): Promise<Machine> {
    const { profile, store, startWorker } = this.#options;
    return createMachine(
      {
        profile,
        store,
        signal,
        from: place.from,
        memory: place.memory,
        hostName: place.name,
        mac: labMac(place.segment, place.number),
        lends: loan === undefined,
        ...(loan === undefined ? {} : { borrowed: loan }),
        onEvent: (notice) => this.#events.fire({ kind: "machine", name: place.name, notice }),
      },
      () => (loan === undefined ? startWorker(false) : this.#spare.take()),
    );
  }

  #plug(place: Place, told: Promise<void>, machine: Machine, signal: AbortSignal): LabMember {
    const cable = new MessageChannel();
    const port = this.switch.connect({ ...place, port: cable.port1 });
    const member = new LabMember(
      place,
      { machine, port, cable: cable.port2 },
      () => this.#hosts(place.segment),
      told,
    );
    this.#members.set(place.name, member);
    throwIfAborted(signal);
    return member;
  }

  /** For the next machine, if there can be one. */
  #prepare(): void {
    const next = labMemory([...this.#sizes(), this.#sizeOf({})]).totalBytes;
    if (next <= this.#budgetBytes) this.#spare.prepare();
  }

  /** Also those that are still starting: whoever comes later must know them too. */
  #hosts(segment: number): readonly Host[] {
    return [...this.#places.values()]
      .filter((place) => place.segment === segment)
      .map(({ name, number }) => ({ name, address: labAddress(segment, number) }));
  }

  /** Tells the machines of a segment who is there. */
  async #nameHosts(segment: number): Promise<void> {
    const there = [...this.#members.values()].filter((member) => member.segment === segment);
    await Promise.all(there.map((member) => member.nameHosts()));
  }

  remove(name: string): void {
    const member = this.#member(name);
    this.#members.delete(name);
    this.#places.delete(name);
    member.dispose();
    void this.#nameHosts(member.segment);
    this.#events.fire({ kind: "removed", name });
  }

  dispose(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new CodedError("machine-disposed", "the lab was taken down"));
    for (const member of this.#members.values()) member.dispose();
    this.#members.clear();
    this.#places.clear();
    this.#loan = undefined;
    this.#spare.dispose();
    this.switch.dispose();
    this.#events.dispose();
  }
}

/**
 * Starts a lab: a worker for each machine, one compiled emulator and one snapshot for all. Settles when all
 * machines answer; a machine that fails is told of (`failed`), and the others are there.
 * @throws CodedError `out-of-memory` before anything is started; `bad-argument`; as `createMachine` when no machine starts
 */
export async function createLab(options: LabOptions): Promise<Lab> {
  throwIfAborted(options.signal);
  const lab = new WorkerLab(options);
  if (options.onEvent !== undefined) lab.onEvent(options.onEvent);
  const onAbort = (): void => lab.dispose();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await lab.start();
    throwIfAborted(options.signal);
    return lab;
  } catch (error) {
    lab.dispose();
    throwIfAborted(options.signal);
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
  }
}
