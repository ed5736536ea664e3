import { describe, expect, it } from "vitest";
import { diff, type Namespace, type Observation, type Process, toldByAgent } from "./index.ts";
import {
  aCgroup,
  aCpu,
  aDevice,
  aKernel,
  aMap,
  aMemory,
  aMount,
  aNamespace,
  aPids,
  aProcess,
  inOwn,
  LOOPBACK,
  seen,
  toldProcess,
} from "./observation-builder.ts";

const SLEEP = aProcess(40, "sleep", { ppid: 30 });
const SLEEP_REF = { pid: 40, comm: "sleep", startedAt: 40 };
const BASH_REF = { pid: 30, comm: "bash", startedAt: 30 };

/** What happens when only this process changes. */
function change(from: Process, to: Process): unknown[] {
  return diff(seen([from]), seen([to]));
}

describe("processes", () => {
  it("are born", () => {
    expect(diff(seen(), seen([SLEEP]))).toEqual([
      { kind: "process-born", process: SLEEP_REF, pids: [40], parent: BASH_REF },
    ]);
  });

  it("end, with their status where they were zombies", () => {
    const zombie = aProcess(40, "sleep", { state: "Z", details: { exitStatus: 9 } });
    expect(diff(seen([SLEEP]), seen())).toEqual([
      { kind: "process-ended", process: SLEEP_REF, exitStatus: undefined },
    ]);
    expect(change(SLEEP, zombie)).toEqual([{ kind: "process-zombie", process: SLEEP_REF, exitStatus: 9 }]);
    expect(diff(seen([zombie]), seen())).toEqual([
      { kind: "process-ended", process: SLEEP_REF, exitStatus: 9 },
    ]);
  });

  it("take the pid of one that has ended", () => {
    const other = aProcess(40, "cat", { ppid: 30, details: { startedAt: 41 } });
    expect(change(SLEEP, other)).toEqual([
      {
        kind: "process-born",
        process: { pid: 40, comm: "cat", startedAt: 41 },
        pids: [40],
        parent: BASH_REF,
      },
      { kind: "process-ended", process: SLEEP_REF, exitStatus: undefined },
    ]);
  });

  it("become, stop, go on and freeze", () => {
    const cat = aProcess(40, "cat", { ppid: 30 });
    const stopped = aProcess(40, "sleep", { ppid: 30, state: "T" });
    const frozen = aProcess(40, "sleep", { ppid: 30, details: { frozen: true } });
    expect(change(SLEEP, cat)).toEqual([
      { kind: "process-became", process: { ...SLEEP_REF, comm: "cat" }, was: "sleep" },
    ]);
    expect(change(SLEEP, stopped)).toEqual([{ kind: "process-stopped", process: SLEEP_REF }]);
    expect(change(stopped, SLEEP)).toEqual([{ kind: "process-continued", process: SLEEP_REF }]);
    expect(change(SLEEP, frozen)).toEqual([{ kind: "process-frozen", process: SLEEP_REF }]);
    expect(change(frozen, SLEEP)).toEqual([{ kind: "process-thawed", process: SLEEP_REF }]);
  });

  it("change cgroup, user, privileges and root", () => {
    const changed = aProcess(40, "sleep", {
      ppid: 30,
      cgroup: "/demo",
      uid: 1000,
      details: {
        capabilities: { ...noCapabilities, effective: "0000000000000001" },
        noNewPrivileges: true,
        seccomp: "filter",
        seccompFilters: 1,
        root: "/jail",
      },
    });
    const powerless = aProcess(40, "sleep", { ppid: 30, details: { capabilities: noCapabilities } });
    expect(change(powerless, changed)).toEqual([
      { kind: "process-moved", process: SLEEP_REF, from: "/", to: "/demo" },
      { kind: "process-user", process: SLEEP_REF, from: 0, to: 1000 },
      { kind: "process-capabilities", process: SLEEP_REF, gained: ["cap_chown"], lost: [] },
      { kind: "process-no-new-privileges", process: SLEEP_REF },
      { kind: "process-seccomp", process: SLEEP_REF, to: "filter", filters: 1 },
      { kind: "process-root", process: SLEEP_REF, from: "/", to: "/jail" },
    ]);
  });

  it("enter namespaces, and say where their children go", () => {
    const entered = aProcess(40, "sleep", {
      ppid: 30,
      ...inOwn({ net: 60 }),
      forChildren: { pid: 50, time: 6 },
    });
    const more = { namespaces: [aNamespace("net", 60), aNamespace("pid", 50)] };
    expect(diff(seen([SLEEP], more), seen([entered], more))).toEqual([
      {
        kind: "process-entered",
        process: SLEEP_REF,
        from: { kind: "net", inode: 4, generation: 0 },
        to: { kind: "net", inode: 60, generation: 0 },
      },
      {
        kind: "process-children",
        process: SLEEP_REF,
        to: { kind: "pid", inode: 50, generation: 0 },
      },
    ]);
  });

  it("are not told of when they are the kernel's threads", () => {
    expect(diff(seen(), seen([aProcess(41, "kworker/0:1", { kernelThread: true })]))).toEqual([]);
  });
});

const noCapabilities = {
  inheritable: "0000000000000000",
  permitted: "0000000000000000",
  effective: "0000000000000000",
  bounding: "0000000000000000",
  ambient: "0000000000000000",
};

/** What happens when only namespaces change. */
function between(before: readonly Namespace[], after: readonly Namespace[]): unknown[] {
  return diff(seen([], { namespaces: before }), seen([], { namespaces: after }));
}

describe("namespaces", () => {
  const net = { kind: "net", inode: 60, generation: 0 };
  const user = { kind: "user", inode: 70, generation: 0 };

  it("are made by whoever lets its children be born there, or lives there, or is the parent of its PID 1", () => {
    const unshare = aProcess(97, "unshare", {
      ppid: 30,
      ...inOwn({ mnt: 90 }),
      forChildren: { pid: 91, time: 6 },
    });
    const inner = aProcess(98, "bash", { ppid: 97, pids: [98, 1], ...inOwn({ mnt: 90, pid: 91 }) });
    const after = seen([unshare, inner], {
      namespaces: [aNamespace("mnt", 90), aNamespace("pid", 91, { init: 98 })],
    });
    const by = { pid: 97, comm: "unshare", startedAt: 97 };
    expect(diff(seen(), after).filter(({ kind }) => kind === "namespace-made")).toEqual([
      { kind: "namespace-made", namespace: { kind: "mnt", inode: 90, generation: 0 }, by },
      { kind: "namespace-made", namespace: { kind: "pid", inode: 91, generation: 0 }, by },
    ]);

    // clone(2) with the flags: the child is born in all of them, and its parent in none.
    const crun = aProcess(97, "crun", { ppid: 30 });
    const cloned = seen([crun, inner], {
      namespaces: [aNamespace("mnt", 90), aNamespace("pid", 91, { init: 98 })],
    });
    expect(
      diff(seen([crun]), cloned).flatMap((one) => (one.kind === "namespace-made" ? [one.by?.comm] : [])),
    ).toEqual(["crun", "crun"]);
  });

  it("are kept and let go", () => {
    const pin = { by: "mount" as const, path: "/run/netns/blue", mountNamespace: 3 };
    const pinned = [aNamespace("net", 60, { pins: [pin] })];
    expect(between([], pinned)).toEqual([
      { kind: "namespace-made", namespace: net, by: undefined },
      { kind: "namespace-pinned", namespace: net, pin },
    ]);
    expect(between([aNamespace("net", 60)], pinned)).toEqual([
      { kind: "namespace-pinned", namespace: net, pin },
    ]);
    expect(between(pinned, [aNamespace("net", 60)])).toEqual([
      { kind: "namespace-unpinned", namespace: net, pin },
    ]);
    expect(between(pinned, [])).toEqual([{ kind: "namespace-gone", namespace: net }]);
  });

  it("say nothing of an open file where somebody lives", () => {
    const pins = [{ by: "file" as const, pid: 30, fd: 3 }];
    const sleep = aProcess(40, "sleep", inOwn({ net: 60 }));
    const [idle, open] = [aNamespace("net", 60), aNamespace("net", 60, { pins })];
    expect(diff(seen([sleep], { namespaces: [idle] }), seen([sleep], { namespaces: [open] }))).toEqual([]);
    expect(between([idle], [open])).toEqual([{ kind: "namespace-pinned", namespace: net, pin: pins[0] }]);
  });

  it("are another when the number was given out again", () => {
    expect(between([aNamespace("net", 60)], [aNamespace("net", 60, { generation: 1 })])).toEqual([
      { kind: "namespace-made", namespace: { ...net, generation: 1 }, by: undefined },
      { kind: "namespace-gone", namespace: net },
    ]);
  });

  it("get their maps, their host name, and lose their PID 1", () => {
    const ranges = aMap(0, 1000);
    expect(
      between(
        [aNamespace("user", 70), aNamespace("uts", 80), aNamespace("pid", 50, { init: 98 })],
        [
          aNamespace("user", 70, { uidMap: ranges, gidMap: ranges, setgroups: "deny" }),
          aNamespace("uts", 80, { hostName: "blue" }),
          aNamespace("pid", 50),
        ],
      ),
    ).toEqual([
      { kind: "namespace-mapped", namespace: user, map: "uid_map", ranges },
      { kind: "namespace-setgroups", namespace: user, to: "deny" },
      { kind: "namespace-mapped", namespace: user, map: "gid_map", ranges },
      {
        kind: "host-name-changed",
        namespace: { kind: "uts", inode: 80, generation: 0 },
        from: "vivarium",
        to: "blue",
      },
      { kind: "namespace-init-died", namespace: { kind: "pid", inode: 50, generation: 0 }, init: 98 },
    ]);
  });

  it("get and lose mounts, once their mounts have been read", () => {
    const root = aMount("/");
    const proc = aMount("/proc", { id: 21, type: "proc", source: "proc" });
    const event = {
      namespace: { kind: "mnt", inode: 90, generation: 0 },
      mount: { id: 21, point: "/proc", type: "proc", source: "proc", root: "/" },
    };
    const [one, two] = [
      aNamespace("mnt", 90, { mounts: [root] }),
      aNamespace("mnt", 90, { mounts: [root, proc] }),
    ];
    expect(between([one], [two])).toEqual([{ kind: "mount-added", ...event }]);
    expect(between([two], [one])).toEqual([{ kind: "mount-removed", ...event }]);
    expect(between([aNamespace("mnt", 90)], [two])).toEqual([]);
  });

  it("get and lose devices and addresses", () => {
    const veth = aDevice(3, "veth0", { kind: "veth", up: false });
    const address = {
      family: "inet" as const,
      local: "10.0.0.2",
      prefixLength: 24,
      scope: "global" as const,
    };
    const device = { index: 3, name: "veth0", kind: "veth" };
    const [without, withIt, up] = [
      aNamespace("net", 60, { devices: [LOOPBACK] }),
      aNamespace("net", 60, { devices: [LOOPBACK, veth] }),
      aNamespace("net", 60, { devices: [LOOPBACK, { ...veth, up: true, addresses: [address] }] }),
    ];
    expect(between([without], [withIt])).toEqual([{ kind: "device-added", namespace: net, device }]);
    expect(between([withIt], [without])).toEqual([{ kind: "device-removed", namespace: net, device }]);
    expect(between([withIt], [up])).toEqual([
      { kind: "device-up", namespace: net, device },
      { kind: "address-added", namespace: net, device, address },
    ]);
    expect(between([up], [withIt])).toEqual([
      { kind: "device-down", namespace: net, device },
      { kind: "address-removed", namespace: net, device, address },
    ]);
    // A new one has `lo` already, which is no news; what was not read yet is none either.
    expect(between([], [without])).toEqual([{ kind: "namespace-made", namespace: net, by: undefined }]);
    expect(between([aNamespace("net", 60)], [withIt])).toEqual([]);
  });

  it("hand devices on, also when these are called otherwise there", () => {
    const veth = aDevice(4, "veth1", { kind: "veth" });
    const initial = (devices: readonly ReturnType<typeof aDevice>[]): Namespace =>
      aNamespace("net", 4, { initial: true, creator: undefined, devices: [LOOPBACK, ...devices] });
    const own = (devices: readonly ReturnType<typeof aDevice>[]): Namespace =>
      aNamespace("net", 60, { devices: [LOOPBACK, ...devices] });
    expect(
      between([initial([veth]), own([])], [initial([]), own([{ ...veth, index: 2, name: "eth0" }])]),
    ).toEqual([
      {
        kind: "device-moved",
        device: { index: 2, name: "eth0", kind: "veth" },
        from: { kind: "net", inode: 4, generation: 0 },
        to: net,
      },
    ]);
  });
});

describe("devices that only look alike", () => {
  it("come and go", () => {
    const gone = aDevice(4, "veth1", { kind: "veth", mac: "02:00:00:00:00:0a" });
    const come = aDevice(4, "veth1", { kind: "veth", mac: "02:00:00:00:00:0b" });
    const net = (inode: number, ...devices: ReturnType<typeof aDevice>[]): Namespace =>
      aNamespace("net", inode, { devices: [LOOPBACK, ...devices] });
    expect(
      diff(
        seen([], { namespaces: [net(60, gone), net(61)] }),
        seen([], { namespaces: [net(60), net(61, come)] }),
      ).map(({ kind }) => kind),
    ).toEqual(["device-added", "device-removed"]);
  });
});

describe("cgroups", () => {
  const ref = { path: "/demo", inode: 9 };
  const demo = (more: Partial<ReturnType<typeof aCgroup>> = {}): ReturnType<typeof aCgroup> =>
    aCgroup("/demo", { inode: 9, ...more });
  const cgroups = (...some: ReturnType<typeof aCgroup>[]): Observation =>
    seen([], { cgroups: [aCgroup("/"), ...some] });

  it("are made with limits, and removed", () => {
    const limited = demo({ pids: aPids({ max: 20 }), cpu: aCpu() });
    expect(diff(cgroups(), cgroups(limited))).toEqual([
      { kind: "cgroup-made", cgroup: ref },
      { kind: "cgroup-limit", cgroup: ref, file: "pids.max", from: undefined, to: "20" },
    ]);
    expect(diff(cgroups(limited), cgroups())).toEqual([{ kind: "cgroup-removed", cgroup: ref }]);
    expect(diff(cgroups(limited), cgroups({ ...limited, inode: 10 }))).toEqual([
      { kind: "cgroup-made", cgroup: { path: "/demo", inode: 10 } },
      {
        kind: "cgroup-limit",
        cgroup: { path: "/demo", inode: 10 },
        file: "pids.max",
        from: undefined,
        to: "20",
      },
      { kind: "cgroup-removed", cgroup: ref },
    ]);
  });

  it("get limits, controllers and owners", () => {
    expect(
      diff(
        cgroups(demo({ cpu: aCpu(), memory: aMemory() })),
        cgroups(
          demo({
            cpu: aCpu({ max: 50_000 }),
            memory: aMemory({ max: 16_777_216 }),
            subtreeControl: ["pids"],
            owner: { uid: 1000, gid: 1000 },
          }),
        ),
      ),
    ).toEqual([
      { kind: "cgroup-limit", cgroup: ref, file: "cpu.max", from: "max 100000", to: "50000 100000" },
      { kind: "cgroup-limit", cgroup: ref, file: "memory.max", from: "max", to: "16777216" },
      { kind: "cgroup-controllers", cgroup: ref, added: ["pids"], removed: [] },
      { kind: "cgroup-owner", cgroup: ref, from: 0, to: 1000 },
    ]);
  });

  it("run into their limits", () => {
    expect(
      diff(
        cgroups(demo({ cpu: aCpu(), memory: aMemory({ high: 8 }), pids: aPids() })),
        cgroups(
          demo({
            cpu: aCpu({ throttledPeriods: 3, throttled: 250_000 }),
            memory: aMemory({ high: 8, events: { high: 2, max: 5, oom: 1, oomKill: 1 } }),
            pids: aPids({ refused: 7, current: 20, max: 20 }),
          }),
        ),
      ),
    ).toEqual([
      { kind: "cgroup-limit", cgroup: ref, file: "pids.max", from: "max", to: "20" },
      { kind: "cgroup-throttled", cgroup: ref, periods: 3, microseconds: 250_000 },
      { kind: "cgroup-memory", cgroup: ref, file: "memory.high", times: 2, limit: 8 },
      { kind: "cgroup-memory", cgroup: ref, file: "memory.max", times: 5, limit: "max" },
      { kind: "cgroup-oom-kill", cgroup: ref, kills: 1, full: ref },
      { kind: "cgroup-fork-refused", cgroup: ref, times: 7, full: { path: "/demo", max: 20 } },
    ]);
  });

  it("lose a process for the limit of one above", () => {
    const inner = { path: "/demo/inner", inode: 11 };
    const below = (oomKill: number): ReturnType<typeof aCgroup> =>
      aCgroup("/demo/inner", { inode: 11, memory: aMemory({ events: { oomKill } }) });
    expect(
      diff(
        cgroups(demo({ memory: aMemory() }), below(0)),
        cgroups(demo({ memory: aMemory({ events: { oom: 1 } }) }), below(1)),
      ),
    ).toEqual([{ kind: "cgroup-oom-kill", cgroup: inner, kills: 1, full: ref }]);
  });

  it("freeze and thaw", () => {
    const frozen = cgroups(demo({ frozen: true }));
    expect(diff(cgroups(demo()), frozen)).toEqual([{ kind: "cgroup-frozen", cgroup: ref }]);
    expect(diff(frozen, cgroups(demo()))).toEqual([{ kind: "cgroup-thawed", cgroup: ref }]);
  });
});

describe("the kernel", () => {
  const kernel = (more: Parameters<typeof aKernel>[0]): Observation => seen([], { kernel: aKernel(more) });

  it("panics", () => {
    expect(diff(kernel({}), kernel({ panic: "sysrq triggered crash" }))).toEqual([
      { kind: "kernel-panicked", text: "sysrq triggered crash" },
    ]);
  });

  it("is another, or younger, and then nothing else is compared", () => {
    const other = seen([SLEEP], { kernel: aKernel({ bootId: "99aa" }) });
    expect(diff(seen(), other)).toEqual([{ kind: "kernel-restarted" }]);
    const earlier = seen([SLEEP], { kernel: aKernel({ uptime: 10 }) });
    expect(diff(seen(), earlier)).toEqual([{ kind: "kernel-rewound" }]);
  });
});

describe("what is not known", () => {
  const missing = [{ what: "a list of processes that does not end", count: 1 }];

  it("is neither born nor ended", () => {
    expect(diff(seen([SLEEP]), seen([], { missing }))).toEqual([]);
    expect(diff(seen([], { missing }), seen([SLEEP]))).toEqual([]);
    expect(diff(seen([SLEEP], { missing }), seen())).toEqual([]);
    // Seen, and not there in a full reading before.
    expect(diff(seen(), seen([SLEEP], { missing }))).toHaveLength(1);
  });

  it("does not go away when somebody else looks", () => {
    const inside = seen([SLEEP], { namespaces: [aNamespace("net", 60)], cgroups: [aCgroup("/demo")] });
    const told = toldByAgent([toldProcess(1, "init"), toldProcess(40, "cat", { ppid: 30 })]);
    expect(diff(inside, told)).toEqual([
      { kind: "process-became", process: { pid: 40, comm: "cat", startedAt: undefined }, was: "sleep" },
    ]);
    expect(diff(told, inside).map(({ kind }) => kind)).toEqual(["process-became"]);
  });

  it("leaves what the agent tells", () => {
    const init = toldProcess(1, "init");
    const before = toldByAgent([init, toldProcess(30, "bash"), toldProcess(40, "sleep")]);
    const after = toldByAgent([
      init,
      toldProcess(30, "bash", inOwn({ uts: 80 })),
      toldProcess(41, "ls", { ppid: 30 }),
    ]);
    const bash = { ...BASH_REF, startedAt: undefined };
    expect(diff(before, after)).toEqual([
      {
        kind: "process-born",
        process: { pid: 41, comm: "ls", startedAt: undefined },
        pids: [41],
        parent: bash,
      },
      {
        kind: "process-entered",
        process: bash,
        from: { kind: "uts", inode: 8, generation: 0 },
        to: { kind: "uts", inode: 80, generation: 0 },
      },
      {
        kind: "process-ended",
        process: { pid: 40, comm: "sleep", startedAt: undefined },
        exitStatus: undefined,
      },
    ]);
  });
});
