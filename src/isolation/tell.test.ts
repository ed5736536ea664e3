import { expect, it } from "vitest";
import { diff, explain, type Observation, tell, toldByAgent } from "./index.ts";
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

function sentences(before: Observation, after: Observation): string[] {
  return tell(diff(before, after), before, after).map(({ sentence }) => sentence);
}

const UNSHARE = aProcess(97, "unshare", {
  ppid: 30,
  ...inOwn({ mnt: 90 }),
  forChildren: { pid: 91, time: 6 },
});
const INNER = aProcess(98, "bash", { ppid: 97, pids: [98, 1], ...inOwn({ mnt: 90, pid: 91 }) });
const OWN = [aNamespace("mnt", 90), aNamespace("pid", 91, { init: 98 })];

it("tells an unshare of several kinds as one", () => {
  const before = seen();
  const after = seen([UNSHARE, INNER], { namespaces: OWN, time: 5 });
  expect(tell(diff(before, after), before, after)).toEqual([
    {
      time: 5,
      sentence: "`unshare` (97) made mount and PID namespaces; `bash` is 98 outside and 1 inside.",
      about: {
        pids: [30, 97, 98],
        namespaces: [
          { kind: "mnt", inode: 90, generation: 0 },
          { kind: "pid", inode: 91, generation: 0 },
        ],
        cgroups: [],
      },
    },
  ]);
});

it("tells what is missing without --fork, and the first child when it comes", () => {
  const bash = aProcess(97, "bash", { ppid: 30, forChildren: { pid: 91, time: 6 } });
  const unborn = seen([bash], { namespaces: [aNamespace("pid", 91)] });
  expect(sentences(seen([aProcess(97, "unshare", { ppid: 30 })]), unborn)).toEqual([
    "`unshare` (97) made a PID namespace and became `bash`; its next child will be PID 1 in it.",
  ]);
  const ls = aProcess(98, "ls", { ppid: 97, pids: [98, 1], ...inOwn({ pid: 91 }) });
  const born = seen([bash, ls], { namespaces: [aNamespace("pid", 91, { init: 98 })] });
  expect(sentences(unborn, born)).toEqual([
    "`bash` (97) started `ls` (98) in another PID namespace: it is 98 outside and 1 inside.",
  ]);
});

it("tells who users are outside", () => {
  const root = aProcess(97, "bash", { ppid: 30, uid: 1000, ...inOwn({ user: 70 }) });
  const unmapped = seen([root], { namespaces: [aNamespace("user", 70)] });
  const mapped = seen([root], {
    namespaces: [aNamespace("user", 70, { uidMap: aMap(0, 1000), gidMap: aMap(0, 100_000, 65_536) })],
  });
  expect(sentences(seen(), unmapped)).toEqual([
    "`bash` (97) made a user namespace; its `uid_map` is empty, so every user is 65534 inside.",
  ]);
  expect(sentences(seen(), mapped)).toEqual(["`bash` (97) made a user namespace; user 0 is 1000 outside."]);
  expect(sentences(unmapped, mapped)).toEqual([
    "In the user namespace of `bash` (97), user 0 is 1000 outside (`uid_map`).",
    "In the user namespace of `bash` (97), groups 0–65535 are 100000–165535 outside (`gid_map`).",
  ]);
});

it("tells a container's start as one", () => {
  const crun = aProcess(120, "crun", { ppid: 30 });
  const own = { cgroup: 81, ipc: 82, mnt: 83, net: 84, pid: 85, uts: 86 };
  const sleep = aProcess(121, "sleep", {
    ppid: 120,
    pids: [121, 1],
    cgroup: "/libpod/blue",
    ...inOwn(own),
  });
  const after = seen([crun, sleep], {
    namespaces: [
      aNamespace("cgroup", 81),
      aNamespace("ipc", 82),
      aNamespace("mnt", 83, { mounts: [aMount("/")] }),
      aNamespace("net", 84, { devices: [LOOPBACK] }),
      aNamespace("pid", 85, { init: 121 }),
      aNamespace("uts", 86, { hostName: "blue" }),
    ],
    cgroups: [aCgroup("/"), aCgroup("/libpod"), aCgroup("/libpod/blue", { pids: aPids({ max: 20 }) })],
  });
  expect(sentences(seen([aProcess(120, "crun", { ppid: 30 })]), after)).toEqual([
    "`sleep` (121), a child of `crun` (120), was born in new cgroup, IPC, mount, network, PID and UTS namespaces; `sleep` is 121 outside and 1 inside; its cgroup is `/libpod/blue`.",
    "`pids.max` of `/libpod/blue` is 20 now: more processes and threads it cannot have.",
  ]);
});

it("tells that all die with PID 1", () => {
  const child = aProcess(99, "sleep", { ppid: 98, pids: [99, 2], ...inOwn({ mnt: 90, pid: 91 }) });
  const full = seen([UNSHARE, INNER, child], { namespaces: OWN });
  expect(sentences(full, seen())).toEqual([
    "`bash` (98), PID 1 of its PID namespace, died, so the kernel killed all in it: `sleep` (99); its mount and PID namespaces are gone.",
  ]);
  const pin = { by: "mount" as const, path: "/run/pid", mountNamespace: 3 };
  const held = seen([UNSHARE], {
    namespaces: [aNamespace("mnt", 90), aNamespace("pid", 91, { pins: [pin] })],
  });
  const holding = seen([UNSHARE, INNER], {
    namespaces: [aNamespace("mnt", 90), aNamespace("pid", 91, { init: 98, pins: [pin] })],
  });
  expect(sentences(holding, held)).toEqual([
    "`bash` (98), PID 1 of its PID namespace, died; its PID namespace is still held, but nobody can be born in it.",
  ]);
});

it("tells that namespaces go with the last one in them", () => {
  const bash = aProcess(97, "bash", { ppid: 30, ...inOwn({ uts: 80, ipc: 81 }) });
  const before = seen([bash], { namespaces: [aNamespace("uts", 80), aNamespace("ipc", 81)] });
  expect(sentences(before, seen())).toEqual(["`bash` (97) ended; its UTS and IPC namespaces are gone."]);
});

it("does not say that a namespace went with one of two, of which the other left it", () => {
  const [one, two] = [aProcess(97, "sh", inOwn({ uts: 80 })), aProcess(98, "cat", inOwn({ uts: 80 }))];
  const before = seen([one, two], { namespaces: [aNamespace("uts", 80)] });
  expect(sentences(before, seen([aProcess(98, "cat")]))).toEqual([
    "The UTS namespace of `sh` (97) is gone.",
    "`cat` (98) went back to init's UTS namespace.",
    "`sh` (97) ended.",
  ]);
  const first = aProcess(97, "sh", { pids: [97, 1], ...inOwn({ pid: 91, uts: 80 }) });
  const own = seen([first, two], {
    namespaces: [aNamespace("uts", 80), aNamespace("pid", 91, { init: 97 })],
  });
  expect(sentences(own, seen([aProcess(98, "cat")]))).toEqual([
    "The UTS namespace of `sh` (97) is gone.",
    "`sh` (97), PID 1 of its PID namespace, died; its PID namespace is gone.",
    "`cat` (98) went back to init's UTS namespace.",
  ]);
});

it("tells what happens to kept namespaces", () => {
  const pin = { by: "mount" as const, path: "/run/netns/blue", mountNamespace: 3 };
  const kept = seen([], { namespaces: [aNamespace("net", 60, { pins: [pin] })] });
  expect(sentences(seen(), kept)).toEqual([
    "A network namespace was made; the mount of its file at `/run/netns/blue` keeps it though nobody lives in it.",
  ]);
  const sleep = aProcess(40, "sleep", { ppid: 30, ...inOwn({ net: 60 }) });
  const lived = seen([sleep], { namespaces: [aNamespace("net", 60)] });
  expect(sentences(lived, seen([sleep], { namespaces: kept.namespaces.slice(-1) }))).toEqual([
    "The network namespace of `sleep` (40) is kept by a mount of its file at `/run/netns/blue`, even when nobody lives in it.",
  ]);
  expect(sentences(kept, seen())).toEqual(["The network namespace at `/run/netns/blue` is gone."]);
});

it("tells who enters whose namespace, and who comes back", () => {
  const sleep = aProcess(40, "sleep", { ppid: 30, ...inOwn({ net: 60 }) });
  const more = { namespaces: [aNamespace("net", 60)] };
  const [outside, inside] = [aProcess(44, "bash"), aProcess(44, "bash", inOwn({ net: 60 }))];
  expect(sentences(seen([sleep, outside], more), seen([sleep, inside], more))).toEqual([
    "`bash` (44) entered the network namespace of `sleep` (40).",
  ]);
  expect(sentences(seen([sleep, inside], more), seen([sleep, outside], more))).toEqual([
    "`bash` (44) went back to init's network namespace.",
  ]);
});

it("tells what the OOM killer did, and why", () => {
  const tail = aProcess(130, "tail", { ppid: 30, cgroup: "/demo" });
  const other = aProcess(131, "sleep", { ppid: 30, cgroup: "/demo" });
  const demo = (events: Parameters<typeof aMemory>[0]): Observation["cgroups"] => [
    aCgroup("/"),
    aCgroup("/demo", { inode: 9, memory: aMemory({ max: 16_777_216, ...events }) }),
  ];
  const before = seen([tail, other], { cgroups: demo({}) });
  const killed = demo({ events: { max: 9, oom: 1, oomKill: 1 } });
  expect(sentences(before, seen([other], { cgroups: killed }))).toEqual([
    "The OOM killer killed `tail` (130) with SIGKILL: `memory.max` of `/demo` was full.",
  ]);
  // Who ended by itself at that time was not killed.
  const zombie = aProcess(130, "tail", {
    ppid: 30,
    cgroup: "/demo",
    state: "Z",
    details: { exitStatus: 0 },
  });
  expect(sentences(before, seen([zombie, other], { cgroups: killed })).slice(1)).toEqual([
    "The OOM killer killed a process of `/demo` with SIGKILL: `memory.max` of `/demo` was full.",
    "`tail` (130) ended, and is a zombie until `bash` (30) waits for it.",
  ]);
  expect(sentences(seen([], { cgroups: demo({}) }), seen([], { cgroups: killed }))).toEqual([
    "`/demo` ran into `memory.max` (16 MiB) 9 times: it gets no more before memory is taken back from it.",
    "The OOM killer killed a process of `/demo` with SIGKILL: `memory.max` of `/demo` was full.",
  ]);
});

it("tells what else limits do", () => {
  const demo = (more: Partial<ReturnType<typeof aCgroup>>): Observation =>
    seen([], { cgroups: [aCgroup("/"), aCgroup("/demo", { inode: 9, ...more })] });
  const before = demo({ cpu: aCpu(), memory: aMemory({ high: 8_388_608 }), pids: aPids({ max: 20 }) });
  const after = demo({
    cpu: aCpu({ max: 50_000, throttledPeriods: 3, throttled: 250_400 }),
    memory: aMemory({ high: 8_388_608, max: 16_777_216, events: { high: 2 } }),
    pids: aPids({ max: 20, current: 20, refused: 12 }),
    subtreeControl: ["memory", "pids"],
    owner: { uid: 1000, gid: 1000 },
  });
  expect(sentences(before, after)).toEqual([
    "`cpu.max` of `/demo` is `50000 100000` now, not `max 100000`: 50% of a CPU.",
    "`memory.max` of `/demo` is 16 MiB now, not `max`.",
    "`cgroup.subtree_control` of `/demo` has `memory` and `pids`, for the cgroups below it.",
    "The cgroup `/demo` belongs to user 1000 now, not to 0.",
    "`/demo` was throttled 3 times: it had used up its `cpu.max` and waited 250 ms.",
    "`/demo` went over `memory.high` (8 MiB) twice: the kernel slows it down and takes memory back.",
    "A fork in `/demo` was refused 12 times: `pids.max` of `/demo`, 20, is reached.",
  ]);
});

it("tells a freeze with all that it stops", () => {
  const at = (frozen: boolean): Observation =>
    seen(
      [
        aProcess(40, "sleep", { cgroup: "/demo", details: { frozen } }),
        aProcess(41, "cat", { cgroup: "/demo/inner", details: { frozen } }),
      ],
      {
        cgroups: [
          aCgroup("/"),
          aCgroup("/demo", { inode: 9, frozen }),
          aCgroup("/demo/inner", { inode: 10, frozen }),
        ],
      },
    );
  expect(sentences(at(false), at(true))).toEqual([
    "`/demo` is frozen: `sleep` (40) and `cat` (41) stand still.",
  ]);
  expect(sentences(at(true), at(false))).toEqual(["`/demo` is thawed: `sleep` (40) and `cat` (41) go on."]);
});

it("tells mounts: one, many, and one that propagates", () => {
  const root = aMount("/");
  const initial = (...points: string[]): ReturnType<typeof aNamespace<"mnt">> =>
    aNamespace("mnt", 3, {
      initial: true,
      mounts: [
        root,
        ...points.map((point, i) => aMount(point, { id: 30 + i, type: "tmpfs", source: "none" })),
      ],
    });
  const own = (...points: string[]): ReturnType<typeof aNamespace<"mnt">> => ({
    ...initial(...points),
    inode: 90,
    initial: false,
  });
  const sleep = aProcess(40, "sleep", inOwn({ mnt: 90 }));
  const before = seen([sleep], { namespaces: [initial(), own()] });
  const at = (...namespaces: ReturnType<typeof own>[]): Observation => seen([sleep], { namespaces });
  expect(sentences(before, at(initial(), own("/mnt")))).toEqual([
    "`tmpfs` was mounted on `/mnt` in the mount namespace of `sleep` (40).",
  ]);
  expect(sentences(before, at(initial("/mnt"), own("/mnt")))).toEqual([
    "`tmpfs` was mounted on `/mnt` in init's mount namespace, and so in 1 other: mount propagation.",
  ]);
  expect(sentences(before, at(initial("/a", "/b", "/c", "/d", "/e"), own()))).toEqual([
    "5 mounts were made in init's mount namespace: `/a`, `/b`, `/c` and 2 more.",
  ]);
});

it("tells how a veth pair comes to lie in two namespaces", () => {
  const sleep = aProcess(40, "sleep", inOwn({ net: 60 }));
  const end = (name: string, index: number, namespace: number, peer: string): ReturnType<typeof aDevice> =>
    aDevice(index, name, { kind: "veth", link: { namespace, index: 9, name: peer } });
  const net = (
    inode: number,
    ...devices: ReturnType<typeof aDevice>[]
  ): ReturnType<typeof aNamespace<"net">> =>
    aNamespace("net", inode, { initial: inode === 4, devices: [LOOPBACK, ...devices] });
  const at = (...namespaces: ReturnType<typeof net>[]): Observation => seen([sleep], { namespaces });
  const without = at(net(4), net(60));
  const pair = at(net(4, end("veth0", 3, 4, "veth1"), end("veth1", 4, 4, "veth0")), net(60));
  const apart = at(net(4, end("veth0", 3, 60, "veth1")), net(60, end("veth1", 4, 4, "veth0")));
  expect(sentences(without, pair)).toEqual([
    "The veth device `veth0` is new in init's network namespace.",
    "The veth device `veth1` is new in init's network namespace.",
  ]);
  expect(sentences(pair, apart)).toEqual([
    "The veth device `veth1` moved from init's network namespace to the network namespace of `sleep` (40); its other end `veth0` is in init's network namespace.",
  ]);
});

it("tells of processes: together what is alike", () => {
  const many = [40, 41, 42, 43, 44, 45].map((pid) => aProcess(pid, "cat", { ppid: 30 }));
  expect(sentences(seen(), seen(many))).toEqual([
    "`bash` (30) started `cat` (40), `cat` (41), `cat` (42) and 3 more.",
  ]);
  expect(sentences(seen(many), seen(many.slice(2)))).toEqual(["`cat` (40) and `cat` (41) ended."]);
  const [one = aProcess(40, "cat")] = many;
  const zombie = aProcess(40, "cat", { ppid: 30, state: "Z", details: { exitStatus: 9 } });
  expect(sentences(seen([one]), seen([zombie]))).toEqual([
    "`cat` (40) was killed by SIGKILL, and is a zombie until `bash` (30) waits for it.",
  ]);
  expect(sentences(seen([zombie]), seen())).toEqual([
    "`bash` (30) has asked how `cat` (40) ended: the zombie is gone.",
  ]);
  const moved = many.map((process) => ({ ...process, cgroup: "/demo" }));
  expect(sentences(seen(many.slice(0, 2)), seen(moved.slice(0, 2)))).toEqual([
    "`cat` (40) and `cat` (41) moved from cgroup `/` to `/demo`.",
  ]);
});

it("tells of privileges", () => {
  const capabilities = aProcess(40, "cat").details?.capabilities;
  const none = { ...capabilities, effective: "0000000000000000" } as NonNullable<typeof capabilities>;
  const before = aProcess(40, "cat", { uid: 1000, ...inOwn({ user: 70 }), details: { capabilities: none } });
  const after = aProcess(40, "cat", {
    uid: 2000,
    ...inOwn({ user: 70 }),
    details: { noNewPrivileges: true, seccomp: "filter", seccompFilters: 1, root: "/jail" },
  });
  const more = { namespaces: [aNamespace("user", 70, { uidMap: aMap(0, 1000, 2000) })] };
  expect(sentences(seen([before], more), seen([after], more))).toEqual([
    "`cat` (40) runs as user 2000 now, not as 1000, which it calls 1000 itself.",
    "`cat` (40) gained all capabilities, over what its own user namespace rules only.",
    "`cat` (40) set `no_new_privs`: nothing that it runs can gain privileges, whatever the file's set-user-ID bit says.",
    "`cat` (40) is under a seccomp filter now: the filter decides about each of its system calls.",
    "The root directory of `cat` (40) is `/jail` now, not `/`.",
  ]);
});

it("tells of the kernel's end and of another one", () => {
  const panic = seen([], { kernel: aKernel({ panic: "sysrq triggered crash\nmore" }) });
  expect(sentences(seen(), panic)).toEqual([
    "The kernel panicked: `sysrq triggered crash`. Everything in this machine has stopped, whatever isolated it.",
  ]);
  expect(sentences(seen(), seen([], { kernel: aKernel({ bootId: "other" }) }))).toEqual([
    "The machine was started again: this is another kernel.",
  ]);
});

it("tells what little the agent knows", () => {
  const init = toldProcess(1, "init");
  const before = toldByAgent([init, toldProcess(30, "bash")]);
  const after = toldByAgent([
    init,
    toldProcess(30, "bash", inOwn({ ipc: 80 })),
    toldProcess(98, "sh", { ppid: 30, pids: [98, 7, 1], ...inOwn({ pid: 91 }) }),
  ]);
  expect(sentences(before, after)).toEqual([
    "`bash` (30) started `sh` (98) in another PID namespace: it is 98 outside, 7 in between and 1 inside.",
    "`bash` (30) moved into an IPC namespace of its own.",
  ]);
});

it("explains one event", () => {
  const before = seen();
  const after = seen([], { namespaces: [aNamespace("uts", 8, { initial: true, hostName: "blue" })] });
  expect(diff(before, after).map((event) => explain(event, before, after))).toEqual([
    "The machine's host name is `blue` now, not `vivarium`.",
  ]);
});
