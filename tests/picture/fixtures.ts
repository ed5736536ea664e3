/** What the picture is looked at with: one situation for each thing that it must explain. */
import type { Observation, Process, Wanted } from "../../src/isolation/index.ts";
import type { BoxCost, TimelineEvent } from "../../src/views/index.ts";
import {
  aCgroup,
  aCpu,
  address,
  aDevice,
  aKernel,
  aMachine,
  aMemory,
  aMount,
  aNamespace,
  aPids,
  aProcess,
  BOOT_TIME,
  INIT,
  LO,
  MIB,
  PODMAN_CAPABILITIES,
  pressure,
  seen,
} from "./builders.ts";

/** Machines by name, each with what was seen of it, oldest first. */
export type Situation = Readonly<Record<string, readonly Observation[]>>;

function earlier(observation: Observation, ms: number, more: Partial<Observation> = {}): Observation {
  const { kernel } = observation;
  return {
    ...observation,
    time: observation.time - ms,
    kernel: kernel === undefined ? undefined : { ...kernel, uptime: kernel.uptime - ms },
    ...more,
  };
}

const idle = seen([]);

function pidLesson(hasOwnProc: boolean): Observation {
  const own = hasOwnProc ? { pid: 4026532101, mnt: 4026532100 } : { pid: 4026532101 };
  const procMount = hasOwnProc ? 4026532101 : INIT.pid;
  return seen(
    [
      aProcess(97, 52, "unshare", {
        own: hasOwnProc ? { mnt: 4026532100 } : {},
        forChildren: { pid: 4026532101, time: INIT.time },
      }),
      aProcess(98, 97, "bash", { pids: [98, 1], own, procMount }),
      aProcess(104, 98, "sleep", { pids: [104, 7], own, procMount }),
    ],
    {
      namespaces: [
        aNamespace("pid", 4026532101, { init: 98 }),
        ...(hasOwnProc
          ? [aNamespace("mnt", 4026532100, { mounts: [aMount("/", "overlay", "overlay")] })]
          : []),
      ],
    },
  );
}

/** A hand-made container with everything of its own, and another one made in it. */
function nested(): Observation {
  const outer = {
    user: 4026532110,
    mnt: 4026532111,
    uts: 4026532112,
    ipc: 4026532113,
    pid: 4026532114,
    net: 4026532115,
  };
  const inner = { ...outer, pid: 4026532121, mnt: 4026532122, uts: 4026532123 };
  const map = [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100_000, count: 65_536 },
  ];
  const common = { uid: 1000, cgroup: "/work" };
  return seen(
    [
      aProcess(60, 42, "bash", { uid: 1000 }),
      aProcess(110, 60, "unshare", { ...common, own: { user: outer.user } }),
      aProcess(111, 110, "sh", { ...common, own: outer, pids: [111, 1] }),
      aProcess(120, 111, "unshare", { ...common, own: outer, pids: [120, 6] }),
      aProcess(121, 120, "sh", { ...common, own: inner, pids: [121, 7, 1] }),
      aProcess(125, 121, "sleep", { ...common, own: inner, pids: [125, 11, 5] }),
    ],
    {
      slowAge: 420,
      cgroups: [aCgroup("/work", { memory: aMemory({ anon: 2 * MIB, file: 4 * MIB, max: 32 * MIB }) })],
      namespaces: [
        aNamespace("user", outer.user, { creator: 1000, uidMap: map, gidMap: map }),
        aNamespace("pid", outer.pid, { init: 111, owner: outer.user }),
        aNamespace("mnt", outer.mnt, {
          owner: outer.user,
          mounts: [aMount("/", "overlay", "overlay", { device: "0:41" })],
        }),
        aNamespace("uts", outer.uts, { owner: outer.user, hostName: "outer" }),
        aNamespace("ipc", outer.ipc, { owner: outer.user }),
        aNamespace("net", outer.net, { owner: outer.user, devices: [LO] }),
        aNamespace("pid", inner.pid, { init: 121, parent: outer.pid, level: 2, owner: outer.user }),
        aNamespace("mnt", inner.mnt, {
          owner: outer.user,
          mounts: [aMount("/", "tmpfs", "tmpfs", { device: "0:44" })],
        }),
        aNamespace("uts", inner.uts, { owner: outer.user, hostName: "inner" }),
        aNamespace("net", 4026532130, {
          pins: [{ by: "mount", path: "/run/netns/blue", mountNamespace: INIT.mnt }],
          devices: [aDevice(1, "lo", { up: false })],
        }),
      ],
    },
  );
}

function memoryLesson(): Observation[] {
  const at = (step: number): Observation => {
    const anon = [1, 4, 7.2, 9.1, 13.6, 2.2][step] ?? 1;
    const isOver = step >= 5;
    const hog = aProcess(131, 130, "hog", { cgroup: "/demo", state: step === 4 ? "R" : "S" });
    const now = seen(
      [
        aProcess(130, 52, "bash", { cgroup: "/demo" }),
        ...(isOver ? [] : [hog]),
        aProcess(140, 52, "stress", { cgroup: "/slow", state: "R" }),
        aProcess(150, 52, "cat", { cgroup: "/frozen", details: { frozen: true } }),
      ],
      {
        cgroups: [
          aCgroup("/demo", {
            pressure: pressure(step < 3 ? 0 : step * 412_000),
            memory: aMemory({
              anon: anon * MIB,
              file: 1.4 * MIB,
              kernel: 0.6 * MIB,
              high: 8 * MIB,
              max: 16 * MIB,
              peak: (isOver ? 16 : anon + 2) * MIB,
              events: { high: step < 3 ? 0 : step * 31, max: step < 4 ? 0 : 12, oomKill: isOver ? 1 : 0 },
            }),
            pids: aPids(isOver ? 1 : 2, { max: 20 }),
          }),
          aCgroup("/slow", {
            usage: { usage: step * 50_000, user: step * 50_000, system: 0 },
            cpu: aCpu({
              max: 20_000,
              periods: step * 10,
              throttledPeriods: step * 8,
              throttled: step * 400_000,
            }),
            memory: aMemory({ anon: 0.6 * MIB, file: 0.2 * MIB }),
            pids: aPids(1),
          }),
          aCgroup("/frozen", { freeze: true, frozen: true, pids: aPids(1) }),
          aCgroup("/left", {
            populated: false,
            memory: aMemory({ file: 5.5 * MIB, kernel: 0.1 * MIB, max: 16 * MIB }),
            pids: aPids(0),
          }),
        ],
        machine: aMachine({ halted: 0.31, instructionsPerSecond: 71_000_000 }),
      },
    );
    return earlier(now, (5 - step) * 250);
  };
  return [0, 1, 2, 3, 4, 5].map(at);
}

function bomb(): Observation {
  const sleeps: Process[] = [];
  for (let i = 0; i < 240; i++) sleeps.push(aProcess(300 + i, 52, "sleep", { cgroup: "/bomb" }));
  for (let i = 0; i < 60; i++)
    sleeps.push(aProcess(600 + i, i === 0 ? 52 : 600 + Math.floor((i - 1) / 2), "bash", { cgroup: "/bomb" }));
  return seen(sleeps, {
    cgroups: [aCgroup("/bomb", { pids: aPids(300, { max: 300, refused: 8123 }) })],
    kernel: aKernel({ load: [188.2, 61.3, 22], threads: 331, running: 64 }),
    machine: aMachine({ halted: 0, instructionsPerSecond: 84_000_000 }),
    midKernel: true,
  });
}

const APPS = [
  ["web", "nginx", "nginx"],
  ["api", "node", "node"],
  ["db", "postgres", "postgres"],
  ["cache", "redis-server", ""],
  ["queue", "beam.smp", "erl_child_setup"],
] as const;

/** Ten containers as Podman makes them: two pods of three, three alone, and one that lacks almost everything. */
function containers(): Observation {
  const processes: Process[] = [];
  const namespaces: ReturnType<typeof aNamespace>[] = [];
  const cgroups: ReturnType<typeof aCgroup>[] = [
    aCgroup("/libpod_parent", { pids: undefined, memory: undefined, cpu: undefined }),
  ];
  const devices: ReturnType<typeof aDevice>[] = [
    aDevice(3, "podman0", { kind: "bridge", addresses: [address("10.88.0.1", 16)] }),
  ];
  let inode = 4026532200;
  let pid = 200;
  let veth = 0;
  const network = (): number => {
    const net = inode++;
    veth++;
    devices.push(
      aDevice(3 + veth, `veth${veth}`, {
        kind: "veth",
        master: "podman0",
        link: { namespace: net, index: 2, name: "eth0" },
      }),
    );
    namespaces.push(
      aNamespace("net", net, {
        devices: [
          LO,
          aDevice(2, "eth0", {
            kind: "veth",
            addresses: [address(`10.88.0.${veth + 1}`, 16)],
            link: { namespace: INIT.net, index: 3 + veth, name: `veth${veth}` },
          }),
        ],
      }),
    );
    return net;
  };
  const container = (name: string, comm: string, child: string, shared: Record<string, number>): void => {
    const id = `libpod-${(pid * 7919).toString(16).padStart(8, "0")}`;
    const own = {
      pid: inode++,
      mnt: inode++,
      uts: inode++,
      ipc: inode++,
      cgroup: inode++,
      ...shared,
    };
    const cgroup = `/libpod_parent/${id}`;
    const details = {
      seccomp: "filter" as const,
      seccompFilters: 1,
      capabilities: {
        inheritable: "0000000000000000",
        permitted: PODMAN_CAPABILITIES,
        effective: PODMAN_CAPABILITIES,
        bounding: PODMAN_CAPABILITIES,
        ambient: "0000000000000000",
      },
    };
    processes.push(aProcess(pid, 1, "conmon", { cgroup: "/libpod_parent" }));
    processes.push(aProcess(pid + 1, pid, comm, { own, pids: [pid + 1, 1], cgroup, details }));
    if (child !== "")
      for (let i = 2; i < 4; i++)
        processes.push(
          aProcess(pid + i, pid + 1, child, { own, pids: [pid + i, i + 4], cgroup, details, uid: 33 }),
        );
    pid += 6;
    namespaces.push(
      aNamespace("pid", own.pid, { init: pid - 5 }),
      aNamespace("mnt", own.mnt, {
        mounts: [
          aMount("/", "overlay", "overlay", {
            device: `0:${pid}`,
            layers: { upper: `/var/lib/containers/${id}/diff`, lower: ["/var/lib/containers/base"] },
          }),
        ],
      }),
      aNamespace("cgroup", own.cgroup, { root: cgroup }),
    );
    if (shared["uts"] === undefined) namespaces.push(aNamespace("uts", own.uts, { hostName: name }));
    if (shared["ipc"] === undefined) namespaces.push(aNamespace("ipc", own.ipc));
    cgroups.push(
      aCgroup(cgroup, {
        memory: aMemory({ anon: 3 * MIB, file: 6 * MIB, max: name === "db" ? 16 * MIB : "max" }),
        pids: aPids(3, { max: 2048 }),
      }),
    );
  };
  for (let pod = 0; pod < 2; pod++) {
    const shared = { net: network(), uts: inode++, ipc: inode++ };
    namespaces.push(
      aNamespace("uts", shared.uts, { hostName: `pod${pod + 1}` }),
      aNamespace("ipc", shared.ipc),
    );
    container("infra", "catatonit", "", shared);
    for (const [name, comm, child] of APPS.slice(pod * 2, pod * 2 + 2)) container(name, comm, child, shared);
  }
  for (const [name, comm, child] of APPS.slice(2)) container(name, comm, child, { net: network() });
  const own = { pid: inode++, mnt: inode++ };
  processes.push(aProcess(pid, 52, "unshare", {}), aProcess(pid + 1, pid, "sh", { own, pids: [pid + 1, 1] }));
  namespaces.push(
    aNamespace("pid", own.pid, { init: pid + 1 }),
    aNamespace("mnt", own.mnt, { mounts: [aMount("/", "overlay", "overlay")] }),
  );
  return seen(processes, { namespaces, cgroups, devices });
}

function threeMachines(): Situation {
  const panicked = seen([], {
    kernel: aKernel({
      bootId: "c5d90a11-0000-4000-8000-000000000000",
      panic: "Kernel panic - not syncing: sysrq triggered crash",
    }),
    machine: aMachine({ halted: 0, instructionsPerSecond: 0 }),
  });
  const second = seen([aProcess(70, 52, "sleep")], {
    kernel: aKernel({ bootId: "91aa77f2-0000-4000-8000-000000000000", uptime: 51_000 }),
    fallback: undefined,
  });
  return { "machine-1": [pidLesson(true)], "machine-2": [second], "machine-3": [panicked] };
}

const toldByAgent: Observation = {
  ...pidLesson(false),
  source: "agent",
  namespaces: [],
  cgroups: [],
  kernel: undefined,
  machine: undefined,
  fallback: "the kernel is not one that this page knows",
  processes: pidLesson(false).processes.map((process) => ({ ...process, details: undefined })),
};

/** Half of what {@link GOALS} wants: a limit without its process, and a shell where it is not to be. */
function halfWay(): Observation {
  const own = { pid: 4026532301, mnt: 4026532302 };
  return seen(
    [
      aProcess(90, 52, "bash", { cgroup: "/small" }),
      aProcess(95, 52, "sleep"),
      aProcess(97, 52, "unshare", { own: { mnt: own.mnt }, forChildren: { pid: own.pid, time: INIT.time } }),
      aProcess(98, 97, "sh", { pids: [98, 1], own, procMount: own.pid }),
    ],
    {
      cgroups: [aCgroup("/small", { pids: aPids(1, { max: 5 }) })],
      namespaces: [
        aNamespace("pid", own.pid, { init: 98 }),
        aNamespace("mnt", own.mnt, { mounts: [aMount("/mnt", "tmpfs", "none")] }),
        aNamespace("uts", 4026532310, {
          hostName: "blue",
          pins: [{ by: "mount", path: "/run/blue", mountNamespace: INIT.mnt }],
        }),
      ],
    },
  );
}

/** By situation and machine what is wanted there. */
export const GOALS: Readonly<
  Record<string, Readonly<Record<string, { readonly words: string; readonly wanted: Wanted }>>>
> = {
  ghost: {
    "machine-1": {
      words: "A cgroup for five, a container of your own making, and the name blue.",
      wanted: {
        before: { query: { process: { comm: "sleep", state: "Z" } }, isMet: true },
        queries: [
          {
            all: [
              { cgroup: { path: "/small", "pids.max": { atMost: 5 }, "memory.max": "16M" } },
              { process: { comm: "sleep", cgroup: "/small" } },
              { none: { comm: "bash", cgroup: "/small" } },
              {
                process: {
                  comm: "sh",
                  namespace: { pid: "not-init", uts: "not-init", net: "init" },
                  innermostPid: 1,
                },
              },
              { namespace: { kind: "uts", hostName: "blue", pinned: "mount" } },
              { mount: { point: "/mnt", type: "tmpfs", namespace: "not-init" } },
              { any: [{ device: { name: "veth0", peer: "other" } }, { device: { kind: "bridge" } }] },
            ],
          },
        ],
        commands: 1,
      },
    },
  },
};

export const SITUATIONS: Readonly<Record<string, Situation>> = {
  idle: { "machine-1": [earlier(idle, 500), idle] },
  pid: { "machine-1": [earlier(idle, 500), pidLesson(false)] },
  "pid-proc": { "machine-1": [earlier(idle, 500), pidLesson(true)] },
  nested: { "machine-1": [nested()] },
  memory: { "machine-1": memoryLesson() },
  bomb: { "machine-1": [earlier(bomb(), 500), bomb()] },
  containers: { "machine-1": [containers()] },
  machines: threeMachines(),
  agent: { "machine-1": [toldByAgent] },
  ghost: { "machine-1": [earlier(idle, 500), halfWay()] },
};

/** By situation and machine the pid of who has the page's terminal; where there is none, nobody has it. */
export const TERMINALS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  idle: { "machine-1": 52 },
  pid: { "machine-1": 98 },
  "pid-proc": { "machine-1": 98 },
  nested: { "machine-1": 121 },
  memory: { "machine-1": 130 },
  bomb: { "machine-1": 52 },
  containers: { "machine-1": 255 },
  machines: { "machine-1": 98, "machine-2": 70 },
  agent: { "machine-1": 98 },
  ghost: { "machine-1": 90 },
};

export const EVENTS: Readonly<Record<string, readonly TimelineEvent[]>> = {
  pid: [
    {
      key: "1",
      machine: "machine-1",
      time: BOOT_TIME + 74_000,
      sentence: "`bash` (52) started `unshare` (97).",
    },
    {
      key: "2",
      machine: "machine-1",
      time: BOOT_TIME + 74_200,
      sentence: "`unshare` (97) made a PID namespace; `bash` is 98 outside and 1 inside.",
    },
  ],
  memory: [
    {
      key: "1",
      machine: "machine-1",
      time: BOOT_TIME + 73_200,
      sentence: "The cgroup `/demo` is above its `memory.high`: the kernel slows it down.",
    },
    {
      key: "2",
      machine: "machine-1",
      time: BOOT_TIME + 74_200,
      sentence: "`hog` (131) was killed: `/demo` had reached its `memory.max`, and `oom_kill` rose to 1.",
    },
  ],
};

export const COSTS: Readonly<Record<string, BoxCost>> = {
  "machine-1": { startMs: 840, diskBytes: 12 * MIB, processes: 0, kernels: 1 },
  "machine-2": { startMs: 860, diskBytes: 11 * MIB, processes: 0, kernels: 1 },
  "machine-3": { startMs: 910, diskBytes: 12 * MIB, processes: 0, kernels: 1 },
};
