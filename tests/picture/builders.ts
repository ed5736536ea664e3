/** Observations for the picture, with numbers as a real machine has them. */
import type {
  Cgroup,
  CpuController,
  KernelFacts,
  MachineFacts,
  MemoryController,
  MemoryEvents,
  Mount,
  Namespace,
  NamespaceKind,
  NetDevice,
  Observation,
  PidsController,
  Process,
  ProcessDetails,
} from "../../src/isolation/index.ts";

export const MIB = 1024 * 1024;
const EVERY_CAPABILITY = "000001ffffffffff";
/** Podman's usual eleven. */
export const PODMAN_CAPABILITIES = "00000000800405fb";
const NONE = "0000000000000000";

/** Inodes of the initial namespaces: `include/linux/proc_ns.h`, and of the two that are numbered at boot. */
export const INIT: Readonly<Record<NamespaceKind, number>> = {
  time: 4026531834,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  uts: 4026531838,
  ipc: 4026531839,
  net: 4026531840,
  mnt: 4026531841,
};

export const BOOT_TIME = Date.UTC(2026, 10, 25, 12);

export interface ProcessMore extends Partial<Omit<Process, "details" | "namespaces">> {
  readonly own?: Partial<Record<NamespaceKind, number>>;
  readonly details?: Partial<ProcessDetails>;
}

export function aProcess(pid: number, ppid: number, comm: string, more: ProcessMore = {}): Process {
  const { own = {}, details = {}, ...rest } = more;
  const uid = rest.uid ?? 0;
  const ids = { real: uid, effective: uid, saved: uid, fs: uid };
  const namespaces = { ...INIT, ...own };
  const powers = uid === 0 || own.user !== undefined ? EVERY_CAPABILITY : NONE;
  return {
    pid,
    ppid,
    state: "S",
    uid,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces,
    forChildren: { pid: namespaces.pid, time: namespaces.time },
    procMount: namespaces.pid,
    ...rest,
    details: {
      startedAt: 400 + pid * 37,
      commandLine: [comm],
      threads: [],
      uids: ids,
      gids: ids,
      groups: [],
      capabilities: {
        inheritable: NONE,
        permitted: powers,
        effective: powers,
        bounding: EVERY_CAPABILITY,
        ambient: NONE,
      },
      noNewPrivileges: false,
      seccomp: "off",
      seccompFilters: 0,
      root: "/",
      cwd: uid === 0 ? "/root" : "/home/learner",
      group: pid,
      session: pid,
      terminal: undefined,
      tracer: undefined,
      memory: { virtual: 6 * MIB, anonymous: 700 * 1024, file: 2.4 * MIB, shared: 0, swapped: 0 },
      cpuTime: 24_000,
      oomScoreAdjust: 0,
      frozen: false,
      exitStatus: undefined,
      ...details,
    },
  };
}

const THREADS = [
  "kthreadd", "rcu_gp", "rcu_par_gp", "slub_flushwq", "netns", "kworker/0:0", "kworker/0:0H", "kworker/u2:0",
  "mm_percpu_wq", "rcu_tasks_kthread", "ksoftirqd/0", "rcu_preempt", "migration/0", "cpuhp/0", "kdevtmpfs", "inet_frag_wq",
  "oom_reaper", "writeback", "kcompactd0", "kblockd", "kswapd0", "kthrotld", "hwrng",
]; // prettier-ignore

function kernelThreads(): Process[] {
  return THREADS.map((comm, i) => ({
    ...aProcess(2 + i, i === 0 ? 0 : 2, comm, {
      state: "I",
      details: { memory: undefined, commandLine: undefined },
    }),
    kernelThread: true,
  }));
}

/** Init, agent, and a shell: what a machine has when nobody has done anything. */
function usual(): Process[] {
  return [
    aProcess(1, 0, "init", { details: { startedAt: 380, commandLine: ["/sbin/init"] } }),
    ...kernelThreads(),
    aProcess(41, 1, "vivarium-guard", { cgroup: "/vivarium" }),
    aProcess(42, 41, "vivarium-agent", { cgroup: "/vivarium" }),
    aProcess(43, 42, "vivarium-files", { cgroup: "/vivarium" }),
    aProcess(45, 1, "getty"),
    aProcess(52, 42, "bash", { details: { terminal: { name: "pts/0", foreground: 52 } } }),
  ];
}

const BASE = { generation: 0, initial: false, owner: INIT.user, creator: 0, pins: [] } as const;
type OfKind<Kind extends NamespaceKind> = Extract<Namespace, { kind: Kind }>;

const ZERO = { seconds: 0, nanoseconds: 0 };
const DEFAULTS: {
  readonly [Kind in NamespaceKind]: Omit<OfKind<Kind>, keyof typeof BASE | "kind" | "inode">;
} = {
  user: { parent: INIT.user, level: 1, uidMap: [], gidMap: [], setgroups: "allow" },
  pid: { parent: INIT.pid, level: 1, init: undefined, dead: false },
  mnt: { mounts: [] },
  net: { devices: [] },
  uts: { hostName: "vivarium", domainName: "(none)" },
  time: { monotonic: ZERO, boottime: ZERO },
  ipc: { semaphores: 0, messageQueues: 0, sharedMemory: 0 },
  cgroup: { root: "/" },
};

export function aNamespace<Kind extends NamespaceKind>(
  kind: Kind,
  inode: number,
  more: Partial<Omit<OfKind<Kind>, "kind" | "inode">> = {},
): OfKind<Kind> {
  return { ...BASE, kind, inode, ...DEFAULTS[kind], ...more } as unknown as OfKind<Kind>;
}

let mounts = 20;

export function aMount(point: string, type: string, source: string, more: Partial<Mount> = {}): Mount {
  return {
    id: mounts++,
    parent: 1,
    device: type === "overlay" ? "0:22" : "0:5",
    root: "/",
    point,
    options: ["rw", "relatime"],
    propagation: { shared: 1, master: undefined, unbindable: false },
    type,
    source,
    superOptions: ["rw"],
    layers: undefined,
    ...more,
  };
}

const QUIET = { packets: 0, bytes: 0 };

export function aDevice(index: number, name: string, more: Partial<NetDevice> = {}): NetDevice {
  return {
    index,
    name,
    kind: "",
    up: true,
    state: "UP",
    loopback: name === "lo",
    mtu: name === "lo" ? 65536 : 1500,
    mac: name === "lo" ? "" : `02:00:0a:0a:01:${String(index).padStart(2, "0")}`,
    addresses: [],
    link: undefined,
    master: undefined,
    received: QUIET,
    sent: QUIET,
    ...more,
  };
}

export const LO = aDevice(1, "lo", {
  addresses: [{ family: "inet", local: "127.0.0.1", prefixLength: 8, scope: "host" }],
});

export function address(local: string, prefixLength: number): NetDevice["addresses"][number] {
  return { family: "inet", local, prefixLength, scope: "global" };
}

function machineMounts(): Mount[] {
  return [
    aMount("/", "overlay", "overlay", { layers: { upper: "/upper", lower: ["/"] } }),
    aMount("/proc", "proc", "proc"),
    aMount("/sys", "sysfs", "sysfs"),
    aMount("/sys/fs/cgroup", "cgroup2", "cgroup2"),
    aMount("/dev", "devtmpfs", "devtmpfs"),
    aMount("/run", "tmpfs", "tmpfs"),
    aMount("/tmp", "tmpfs", "tmpfs"),
  ];
}

function initialNamespaces(devices: readonly NetDevice[] = []): Namespace[] {
  const first = { initial: true, creator: undefined };
  const all = { inside: 0, outside: 0, count: 4294967295 };
  return [
    aNamespace("time", INIT.time, first),
    aNamespace("cgroup", INIT.cgroup, first),
    aNamespace("pid", INIT.pid, { ...first, parent: undefined, level: 0, init: 1 }),
    aNamespace("user", INIT.user, {
      ...first,
      owner: undefined,
      parent: undefined,
      level: 0,
      uidMap: [all],
      gidMap: [all],
    }),
    aNamespace("uts", INIT.uts, first),
    aNamespace("ipc", INIT.ipc, first),
    aNamespace("net", INIT.net, {
      ...first,
      devices: [LO, aDevice(2, "eth0", { addresses: [address("10.10.1.1", 24)] }), ...devices],
    }),
    aNamespace("mnt", INIT.mnt, { ...first, mounts: machineMounts() }),
  ];
}

const NO_EVENTS: MemoryEvents = { low: 0, high: 0, max: 0, oom: 0, oomKill: 0, oomGroupKill: 0 };

export interface MemoryMore extends Partial<Omit<MemoryController, "stat" | "events" | "localEvents">> {
  readonly anon?: number;
  readonly file?: number;
  readonly kernel?: number;
  readonly events?: Partial<MemoryEvents>;
}

export function aMemory({
  anon = 0,
  file = 0,
  kernel = 0.3 * MIB,
  events,
  ...more
}: MemoryMore = {}): MemoryController {
  const all = { ...NO_EVENTS, ...events };
  const current = anon + file + kernel;
  return {
    current,
    peak: current,
    min: 0,
    low: 0,
    high: "max",
    max: "max",
    oomGroup: false,
    events: all,
    localEvents: all,
    stat: {
      anon,
      file,
      kernel,
      kernelStack: 48 * 1024,
      pageTables: 80 * 1024,
      sock: 0,
      shmem: 0,
      fileMapped: file / 2,
      fileDirty: 0,
      inactiveAnon: anon,
      activeAnon: 0,
      inactiveFile: file,
      activeFile: 0,
      slabReclaimable: kernel / 3,
      slabUnreclaimable: kernel / 3,
      pageFaults: 1200,
      majorFaults: 3,
    },
    swap: { current: 0, high: "max", max: "max", events: { high: 0, max: 0, fail: 0 } },
    ...more,
  };
}

export function aPids(current: number, more: Partial<PidsController> = {}): PidsController {
  return { current, peak: current, max: "max", refused: 0, ...more };
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

export function aCgroup(path: string, more: Partial<Cgroup> = {}): Cgroup {
  let inode = 1;
  for (const char of path) inode = (inode * 31 + char.charCodeAt(0)) % 65536;
  return {
    path,
    inode,
    owner: { uid: 0, gid: 0 },
    controllers: ["cpu", "io", "memory", "pids"],
    subtreeControl: ["cpu", "io", "memory", "pids"],
    populated: true,
    freeze: false,
    frozen: false,
    maxDepth: "max",
    maxDescendants: "max",
    descendants: 0,
    dyingDescendants: 0,
    usage: { usage: 0, user: 0, system: 0 },
    cpu: path === "/" ? undefined : aCpu(),
    memory: path === "/" ? undefined : aMemory({ anon: 1.2 * MIB, file: 3 * MIB }),
    pids: path === "/" ? undefined : aPids(3),
    io: undefined,
    pressure: undefined,
    deviceFilter: false,
    ...more,
  };
}

function stall(total: number): { total: number; averages: [number, number, number] } {
  return { total, averages: [12.4, 3.1, 0.7] };
}

/** `total` in microseconds, of memory. */
export function pressure(total: number): NonNullable<Cgroup["pressure"]> {
  const one = (
    some: number,
  ): { some: ReturnType<typeof stall>; full: ReturnType<typeof stall>; averagesAge: number } => ({
    some: stall(some),
    full: stall(some / 2),
    averagesAge: 900,
  });
  return { cpu: one(0), io: one(0), memory: one(total) };
}

export function aKernel(more: Partial<KernelFacts> = {}): KernelFacts {
  return {
    version: "6.1.158",
    bootId: "44e2b1c0-5a0b-4f0e-9b7e-6f0f6ad3a1c9",
    uptime: 74_200,
    load: [0.08, 0.03, 0.01],
    threads: 31,
    running: 1,
    contextSwitches: 51_223,
    cpu: { user: 1200, system: 2100, idle: 70_000, waiting: 30 },
    memory: {
      total: 122 * MIB,
      free: 84 * MIB,
      file: 19 * MIB,
      anonymous: 4 * MIB,
      shared: 1 * MIB,
      slab: 7 * MIB,
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

export function aMachine(more: Partial<MachineFacts> = {}): MachineFacts {
  return {
    ram: 128 * MIB,
    instructionsPerSecond: 2_400_000,
    halted: 0.97,
    interrupts: { timer: 18_233, console: 812, disk: 2210, network: 44 },
    ramUse: {
      kernel: 3400,
      slab: 1800,
      pageTables: 160,
      anonymous: 1020,
      file: 4900,
      other: 400,
      free: 21_088,
    },
    ramMap: [],
    chunksInFlight: 0,
    frames: { sent: 14, received: 11, waiting: 0 },
    ...more,
  };
}

export interface SeenMore extends Partial<Omit<Observation, "processes" | "namespaces" | "cgroups">> {
  readonly namespaces?: readonly Namespace[];
  readonly cgroups?: readonly Cgroup[];
  readonly devices?: readonly NetDevice[];
}

export function seen(processes: readonly Process[], more: SeenMore = {}): Observation {
  const { namespaces = [], cgroups = [], devices = [], ...rest } = more;
  return {
    source: "memory",
    time: BOOT_TIME + 74_200,
    midKernel: false,
    kernel: aKernel(),
    machine: aMachine(),
    slowAge: 0,
    missing: [],
    fallback: undefined,
    ...rest,
    processes: [...usual(), ...processes],
    namespaces: [...initialNamespaces(devices), ...namespaces],
    cgroups: [aCgroup("/"), aCgroup("/vivarium"), ...cgroups],
  };
}
