import type {
  MachineFacts,
  Namespace,
  NamespaceId,
  NamespaceKind,
  NetDevice,
  Observation,
  Pin,
} from "../isolation/index.ts";
import { readBuildId } from "./build-id.ts";
import type { CountSizes } from "./cgroup-memory.ts";
import { CgroupPaths } from "./cgroup-path.ts";
import { readCgroups } from "./cgroups.ts";
import { Generations } from "./generations.ts";
import { readInterrupts } from "./interrupts.ts";
import { readKernel } from "./kernel.ts";
import type { KernelLayout } from "./kernel-layout.ts";
import { KernelMemory } from "./kernel-memory.ts";
import { type KeptMounts, MountTable } from "./mounts.ts";
import { Names } from "./names.ts";
import { NamespaceTable } from "./namespaces.ts";
import { NetworkReader } from "./network.ts";
import { findOpenNamespaces, type OpenNamespace, stillOpen } from "./open-namespaces.ts";
import { ProcessReader, type Programs } from "./processes.ts";
import { type RamMap, readRamMap } from "./ram-map.ts";
import { Reading } from "./reading.ts";
import { type KernelStructures, structuresOf } from "./structures.ts";

const WORD = 4;

/** What the emulator knows of its machine. */
export type EmulatorFacts = Omit<MachineFacts, "ram" | "interrupts" | "ramUse" | "ramMap">;

export interface LookOptions {
  /** The guest's whole RAM, which stands still. */
  readonly ram: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** The kernel was interrupted in its work. */
  readonly midKernel: boolean;
  /** Also what takes long: mounts, devices, open files, paths, log, RAM map. The first look always reads them. */
  readonly slow: boolean;
  readonly emulator: EmulatorFacts;
}

/** What is kept from the last slow look. */
interface Slow {
  readonly time: number;
  readonly log: readonly string[];
  readonly ramMap: RamMap;
}

/** Looks at one guest's memory from outside, again and again. Needs nothing of the guest and changes nothing in it. */
export class Introspector {
  readonly #layout: KernelLayout;
  readonly #kernel: KernelStructures;
  readonly #sizes: CountSizes;
  readonly #generations = new Generations();
  #programs: Programs = new Map();
  #mounts: KeptMounts = new Map();
  /** By namespace and what the kernel calls it, since its address may be used again. */
  #devices = new Map<number, { readonly cookie: number; readonly devices: readonly NetDevice[] }>();
  #open: readonly OpenNamespace[] = [];
  #slow: Slow | undefined;

  /** @throws LayoutMismatch when the layout lacks something that is read */
  constructor(layout: KernelLayout) {
    this.#layout = layout;
    this.#kernel = structuresOf(layout);
    const names = new Names(layout);
    this.#sizes = {
      state: names.elements("memcg_vmstats", "state", WORD),
      events: names.elements("memcg_vmstats", "events", WORD),
    };
  }

  /** Why this guest cannot be read, in a sentence; undefined when it can. */
  refusal(ram: Uint8Array): string | undefined {
    const found = readBuildId(new KernelMemory(ram, this.#kernel.base), this.#kernel);
    if (found === this.#layout.buildId) return undefined;
    return found === undefined
      ? "The X-ray does not know the kernel that runs in this machine."
      : "The X-ray has the layout of another kernel than the one that runs in this machine.";
  }

  /** Forgets what belongs to the time before: the guest was put into another state. */
  reset(): void {
    this.#programs = new Map();
    this.#mounts = new Map();
    this.#devices = new Map();
    this.#open = [];
    this.#slow = undefined;
  }

  /** One look. Whatever memory holds, it ends soon and does not throw; what could not be read is said in `missing`. */
  look({ ram, time, midKernel, slow: asked, emulator }: LookOptions): Observation {
    const slow = asked || this.#slow === undefined;
    const memory = new KernelMemory(ram, this.#kernel.base);
    const reading = new Reading(memory, this.#kernel, slow);
    const namespaces = new NamespaceTable(reading);
    const paths = new CgroupPaths(reading);
    const mounts = new MountTable(reading, namespaces, this.#mounts);
    const reader = new ProcessReader(reading, namespaces, paths, mounts, this.#programs);
    const processes = reader.read();
    const network = new NetworkReader(reading, namespaces);
    network.findNamespaces();
    this.#open = slow
      ? findOpenNamespaces(reading, namespaces, reader.tasks)
      : stillOpen(reading, namespaces, reader.tasks, this.#open);
    const pins = this.#pins(mounts, namespaces);
    const devices = this.#readDevices(reading, network, namespaces);
    const described = namespaces.describe(
      {
        mounts: (address) => mounts.of(address).mounts,
        devices: (address) => devices.get(address)?.devices ?? [],
        pins: (kind, inode) => pins.get(`${kind} ${inode}`) ?? [],
        pidOf: (task) => reader.pidOf(task),
      },
      paths,
      this.#generations,
    );
    const cgroups = readCgroups(reading, paths, this.#sizes);
    const before = slow ? undefined : this.#slow;
    const kernel = readKernel(reading, before?.log);
    const kept = before ?? { time, log: kernel.log, ramMap: readRamMap(reading, this.#layout) };
    this.#programs = reader.programs;
    this.#mounts = mounts.kept;
    this.#devices = devices;
    this.#slow = kept;
    if (memory.outside > 0) reading.trouble.note("memory that a pointer leads to is not there");
    return {
      source: "memory",
      time,
      midKernel,
      processes,
      namespaces: sorted(described),
      cgroups,
      kernel,
      machine: {
        ...emulator,
        ram: ram.length,
        interrupts: readInterrupts(reading),
        ramUse: kept.ramMap.use,
        ramMap: kept.ramMap.parts,
      },
      slowAge: Math.max(0, time - kept.time),
      missing: reading.trouble.missing,
      fallback: undefined,
    };
  }

  /** What holds each namespace, by kind and inode. */
  #pins(mounts: MountTable, namespaces: NamespaceTable): Map<string, Pin[]> {
    const pins = new Map<string, Pin[]>();
    const add = (kind: NamespaceKind, inode: NamespaceId, pin: Pin): void => {
      const key = `${kind} ${inode}`;
      const known = pins.get(key);
      if (known === undefined) pins.set(key, [pin]);
      else known.push(pin);
    };
    for (const address of namespaces.addresses("mnt")) {
      const mountNamespace = namespaces.inode("mnt", address) ?? 0;
      for (const { kind, inode, path } of mounts.of(address).files)
        add(kind, inode, { by: "mount", path, mountNamespace });
    }
    for (const { kind, inode, pid, fd } of this.#open) add(kind, inode, { by: "file", pid, fd });
    return pins;
  }

  #readDevices(
    reading: Reading,
    network: NetworkReader,
    namespaces: NamespaceTable,
  ): Map<number, { cookie: number; devices: readonly NetDevice[] }> {
    const all = new Map<number, { cookie: number; devices: readonly NetDevice[] }>();
    for (const address of namespaces.addresses("net")) {
      const cookie = reading.memory.u64(address + reading.kernel.net.net_cookie);
      const before = this.#devices.get(address);
      const known = before !== undefined && before.cookie === cookie && !reading.slow;
      all.set(address, known ? before : { cookie, devices: network.devices(address) });
    }
    return all;
  }
}

/** By kind and number, so that the order says nothing. */
function sorted(namespaces: readonly Namespace[]): Namespace[] {
  return namespaces.toSorted((a, b) => (a.kind === b.kind ? a.inode - b.inode : a.kind < b.kind ? -1 : 1));
}
