/** Observations for tests, with everything in them that a test does not care about. */
import type { Cgroup, CpuController, MemoryController, MemoryEvents, PidsController } from "./cgroup.ts";
import type { KernelFacts } from "./kernel-facts.ts";
import type { Mount } from "./mount.ts";
import type { Namespace, NamespaceKind, UserNamespace } from "./namespace.ts";
import type { NetDevice } from "./network.ts";
import type { Observation } from "./observation.ts";
import type { Process, ProcessDetails } from "./process.ts";

/** The numbers of the initial namespaces. */
export const INIT = { cgroup: 1, ipc: 2, mnt: 3, net: 4, pid: 5, time: 6, user: 7, uts: 8 } as const;
export const EVERY_CAPABILITY = "000001ffffffffff";
const NO_CAPABILITY = "0000000000000000";
const ALL_IDS = { inside: 0, outside: 0, count: 4_294_967_295 };

function aDetails(more: Partial<ProcessDetails> = {}): ProcessDetails {
  const ids = { real: 0, effective: 0, saved: 0, fs: 0 };
  return {
    startedAt: 0,
    commandLine: undefined,
    threads: [],
    uids: ids,
    gids: ids,
    groups: [],
    capabilities: {
      inheritable: NO_CAPABILITY,
      permitted: EVERY_CAPABILITY,
      effective: EVERY_CAPABILITY,
      bounding: EVERY_CAPABILITY,
      ambient: NO_CAPABILITY,
    },
    noNewPrivileges: false,
    seccomp: "off",
    seccompFilters: 0,
    root: "/",
    cwd: "/root",
    group: 1,
    session: 1,
    terminal: undefined,
    tracer: undefined,
    memory: undefined,
    cpuTime: 0,
    oomScoreAdjust: 0,
    frozen: false,
    exitStatus: undefined,
    ...more,
  };
}

interface ProcessMore extends Partial<Omit<Process, "details">> {
  readonly details?: Partial<ProcessDetails>;
}

/** A process as memory shows it, started `pid` ms after boot. */
export function aProcess(pid: number, comm: string, { details, ...more }: ProcessMore = {}): Process {
  return {
    pid,
    ppid: pid === 1 ? 0 : 1,
    state: "S",
    uid: 0,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces: INIT,
    forChildren: { pid: more.namespaces?.pid ?? INIT.pid, time: more.namespaces?.time ?? INIT.time },
    procMount: INIT.pid,
    details: aDetails({ startedAt: pid, ...details }),
    ...more,
  };
}

/** The same, as the agent tells of it. */
export function toldProcess(pid: number, comm: string, more: ProcessMore = {}): Process {
  return { ...aProcess(pid, comm, more), details: undefined };
}

/** A process in namespaces of its own: `own` says which, the others are the machine's. */
export function inOwn(own: Partial<Record<NamespaceKind, number>>): Pick<Process, "namespaces"> {
  return { namespaces: { ...INIT, ...own } };
}

const BASE = {
  generation: 0,
  initial: false,
  owner: INIT.user,
  creator: 0,
  pins: [],
};

type KindOf<Kind extends NamespaceKind> = Extract<Namespace, { kind: Kind }>;
type More<Kind extends NamespaceKind> = Partial<Omit<KindOf<Kind>, "kind" | "inode">>;

const OWN: { readonly [Kind in NamespaceKind]: Omit<KindOf<Kind>, keyof typeof BASE | "kind" | "inode"> } = {
  user: { parent: INIT.user, level: 1, uidMap: [], gidMap: [], setgroups: "allow" },
  pid: { parent: INIT.pid, level: 1, init: undefined, dead: false },
  mnt: { mounts: [] },
  net: { devices: [] },
  uts: { hostName: "vivarium", domainName: "(none)" },
  time: {
    monotonic: { seconds: 0, nanoseconds: 0 },
    boottime: { seconds: 0, nanoseconds: 0 },
  },
  ipc: { semaphores: 0, messageQueues: 0, sharedMemory: 0 },
  cgroup: { root: "/" },
};

export function aNamespace<Kind extends NamespaceKind>(
  kind: Kind,
  inode: number,
  more: More<Kind> = {},
): KindOf<Kind> {
  return { ...BASE, kind, inode, ...OWN[kind], ...more } as unknown as KindOf<Kind>;
}

/** `id` and `count` as in `newuidmap`: which of the machine's ids are those from `inside` on. */
export function aMap(inside: number, outside: number, count = 1): UserNamespace["uidMap"] {
  return [{ inside, outside, count }];
}

export function aMount(point: string, more: Partial<Mount> = {}): Mount {
  return {
    id: 20,
    parent: 1,
    device: "8:1",
    root: "/",
    point,
    options: ["rw"],
    propagation: { shared: undefined, master: undefined, unbindable: false },
    type: "ext4",
    source: "/dev/sda1",
    superOptions: ["rw"],
    layers: undefined,
    ...more,
  };
}

const NO_TRAFFIC = { packets: 0, bytes: 0 };

export function aDevice(index: number, name: string, more: Partial<NetDevice> = {}): NetDevice {
  return {
    index,
    name,
    kind: "",
    up: true,
    state: "UP",
    loopback: false,
    mtu: 1500,
    mac: `02:00:00:00:00:${String(index).padStart(2, "0")}`,
    addresses: [],
    link: undefined,
    master: undefined,
    received: NO_TRAFFIC,
    sent: NO_TRAFFIC,
    ...more,
  };
}

export const LOOPBACK = aDevice(1, "lo", { loopback: true, mac: "" });

const NO_EVENTS: MemoryEvents = { low: 0, high: 0, max: 0, oom: 0, oomKill: 0, oomGroupKill: 0 };

/** `events` happened in this cgroup itself. */
export function aMemory(
  more: Partial<Omit<MemoryController, "events">> & { readonly events?: Partial<MemoryEvents> } = {},
): MemoryController {
  const events = { ...NO_EVENTS, ...more.events };
  return {
    current: 0,
    peak: 0,
    min: 0,
    low: 0,
    high: "max",
    max: "max",
    oomGroup: false,
    localEvents: events,
    stat: {
      anon: 0,
      file: 0,
      kernel: 0,
      kernelStack: 0,
      pageTables: 0,
      sock: 0,
      shmem: 0,
      fileMapped: 0,
      fileDirty: 0,
      inactiveAnon: 0,
      activeAnon: 0,
      inactiveFile: 0,
      activeFile: 0,
      slabReclaimable: 0,
      slabUnreclaimable: 0,
      pageFaults: 0,
      majorFaults: 0,
    },
    swap: { current: 0, high: "max", max: "max", events: { high: 0, max: 0, fail: 0 } },
    ...more,
    events,
  };
}

export function aPids(more: Partial<PidsController> = {}): PidsController {
  return { current: 0, peak: 0, max: "max", refused: 0, ...more };
}

export function aCpu(more: Partial<CpuController> = {}): CpuController {
  return {
    weight: 100,
    idle: false,
    max: "max",
    period: 100_000,
    burst: 0,
    periods: 0,
    throttledPeriods: 0,
    throttled: 0,
    bursts: 0,
    burstTime: 0,
    throttledNow: false,
    ...more,
  };
}

let inodes = 100;

/** A new cgroup each time, with another inode. */
export function aCgroup(path: string, more: Partial<Cgroup> = {}): Cgroup {
  return {
    path,
    inode: path === "/" ? 1 : inodes++,
    owner: { uid: 0, gid: 0 },
    controllers: ["cpu", "io", "memory", "pids"],
    subtreeControl: [],
    populated: false,
    freeze: false,
    frozen: false,
    maxDepth: "max",
    maxDescendants: "max",
    descendants: 0,
    dyingDescendants: 0,
    usage: { usage: 0, user: 0, system: 0 },
    cpu: undefined,
    memory: undefined,
    pids: undefined,
    io: undefined,
    pressure: undefined,
    deviceFilter: false,
    ...more,
  };
}

export function aKernel(more: Partial<KernelFacts> = {}): KernelFacts {
  return {
    version: "6.1.0",
    bootId: "44e2",
    uptime: 1000,
    load: [0, 0, 0],
    threads: 30,
    running: 1,
    contextSwitches: 0,
    cpu: { user: 0, system: 0, idle: 0, waiting: 0 },
    memory: {
      total: 0,
      free: 0,
      file: 0,
      anonymous: 0,
      shared: 0,
      slab: 0,
      swapTotal: 0,
      swapFree: 0,
    },
    pressure: { cpu: 0, io: 0, memory: 0 },
    panic: undefined,
    tainted: 0,
    log: [],
    ...more,
  };
}

/** The eight that the machine starts with; `more` takes the place of those of the same kind and number. */
function namespaces(...more: readonly Namespace[]): Namespace[] {
  const first = { initial: true, creator: undefined };
  const initial: Namespace[] = [
    aNamespace("cgroup", INIT.cgroup, first),
    aNamespace("ipc", INIT.ipc, first),
    aNamespace("mnt", INIT.mnt, { ...first, mounts: [aMount("/")] }),
    aNamespace("net", INIT.net, { ...first, devices: [LOOPBACK] }),
    aNamespace("pid", INIT.pid, { ...first, parent: undefined, level: 0, init: 1 }),
    aNamespace("time", INIT.time, first),
    aNamespace("user", INIT.user, {
      ...first,
      owner: undefined,
      parent: undefined,
      level: 0,
      uidMap: [ALL_IDS],
      gidMap: [ALL_IDS],
    }),
    aNamespace("uts", INIT.uts, first),
  ];
  const replaced = (one: Namespace): boolean =>
    more.some((other) => other.kind === one.kind && other.inode === one.inode);
  return [...initial.filter((one) => !replaced(one)), ...more];
}

/** `init` (1) and `bash` (30), which every observation here has. */
const EVERYWHERE = [aProcess(1, "init"), aProcess(30, "bash")];

interface SeenMore extends Partial<Omit<Observation, "processes" | "namespaces">> {
  readonly namespaces?: readonly Namespace[];
}

/** What memory shows: init, `bash` and these. */
export function seen(processes: readonly Process[] = [], more: SeenMore = {}): Observation {
  const own = (pid: number): boolean => processes.some((one) => one.pid === pid);
  return {
    source: "memory",
    time: 0,
    midKernel: false,
    cgroups: [aCgroup("/")],
    kernel: aKernel(),
    machine: undefined,
    slowAge: 0,
    missing: [],
    fallback: undefined,
    ...more,
    processes: [...EVERYWHERE.filter(({ pid }) => !own(pid)), ...processes],
    namespaces: namespaces(...(more.namespaces ?? [])),
  };
}
