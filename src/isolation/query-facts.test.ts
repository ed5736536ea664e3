import { describe, expect, it, test } from "vitest";
import * as v from "valibot";
import { holds, type Observation, type Query, QuerySchema, toldByAgent, whyNot } from "./index.ts";
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
  EVERY_CAPABILITY,
  inOwn,
  LOOPBACK,
  seen,
  toldProcess,
} from "./observation-builder.ts";

const NO_CAPABILITY = "0000000000000000";

/** A machine with one of each: a container by hand, a limited cgroup, a veth pair, a kept namespace. */
const MACHINE: Observation = seen(
  [
    aProcess(54, "sleep", {
      uid: 1000,
      pids: [54, 1],
      cgroup: "/demo/inner",
      ...inOwn({ pid: 50, mnt: 90, net: 60, user: 70, uts: 80 }),
      details: {
        commandLine: ["sleep", "1000"],
        capabilities: {
          inheritable: NO_CAPABILITY,
          permitted: NO_CAPABILITY,
          effective: "0000000000000001",
          bounding: EVERY_CAPABILITY,
          ambient: NO_CAPABILITY,
        },
        noNewPrivileges: true,
        seccomp: "filter",
        root: "/jail",
        cwd: "/tmp",
        frozen: true,
      },
    }),
    aProcess(55, "cat", { ppid: 54, ...inOwn({ pid: 50, net: 60 }) }),
    // `unshare --pid` without `--fork`.
    aProcess(97, "unshare", { forChildren: { pid: 51, time: 6 } }),
  ],
  {
    namespaces: [
      aNamespace("pid", 50, { init: 54 }),
      aNamespace("pid", 51, { dead: true }),
      aNamespace("mnt", 90, {
        mounts: [
          aMount("/", { propagation: { shared: undefined, master: undefined, unbindable: false } }),
          aMount("/mnt", {
            type: "tmpfs",
            source: "none",
            options: ["ro", "nosuid"],
            propagation: { shared: 3, master: 2, unbindable: false },
          }),
        ],
      }),
      aNamespace("net", 60, {
        devices: [
          { ...LOOPBACK, up: false },
          aDevice(2, "veth1", {
            kind: "veth",
            link: { namespace: 4, index: 3, name: "veth0" },
            addresses: [{ family: "inet", local: "10.0.0.2", prefixLength: 24, scope: "global" }],
          }),
        ],
      }),
      aNamespace("net", 61, {
        pins: [{ by: "mount", path: "/run/netns/blue", mountNamespace: 3 }],
        devices: [LOOPBACK],
      }),
      aNamespace("user", 70, { uidMap: aMap(0, 1000), setgroups: "deny" }),
      aNamespace("uts", 80, { hostName: "blue", owner: 70 }),
      aNamespace("time", 65, { boottime: { seconds: 86_400, nanoseconds: 0 } }),
      aNamespace("cgroup", 66, { root: "/demo" }),
    ],
    cgroups: [
      aCgroup("/"),
      aCgroup("/demo", {
        populated: true,
        subtreeControl: ["memory", "pids"],
        cpu: aCpu({ max: 25_000, period: 50_000, throttledPeriods: 4, throttledNow: true }),
        memory: aMemory({ max: 16_777_216, current: 1_048_576, events: { oomKill: 1 } }),
        pids: aPids({ max: 20, current: 20, refused: 3 }),
      }),
      aCgroup("/demo/inner", { owner: { uid: 1000, gid: 1000 }, freeze: true, frozen: true }),
    ],
    kernel: aKernel({ log: ["[  1.0] Out of memory: Killed process 40 (tail)"] }),
  },
);

describe("holds of a machine with one of each, but not of an empty one", () => {
  it.each<Query>([
    { process: { comm: "sleep", namespace: { pid: "not-init" }, innermostPid: 1 } },
    { process: { commandLine: "1000" } },
    { process: { commandLine: ["1000", "sleep"] } },
    { process: { uid: 1000, uidInside: 0 } },
    { process: { comm: "sleep", cgroup: "/demo/inner" } },
    { process: { cgroup: "/demo/*" } },
    { process: { cgroup: "/demo/**" } },
    { process: { root: "/jail", cwd: "/tmp" } },
    { process: { capabilities: { has: "cap_chown", lacks: ["cap_sys_admin", "cap_kill"] } } },
    { process: { capabilities: { has: "cap_sys_admin", set: "bounding" }, noNewPrivileges: true } },
    { process: { seccomp: "filter" } },
    { process: { frozen: true } },
    { process: { comm: "cat", sharesWith: { process: { comm: "sleep" }, kinds: ["pid", "net"] } } },
    { process: { comm: "cat", differsFrom: { process: { comm: "sleep" }, kinds: ["mnt", "user"] } } },
    { process: { comm: "unshare", forChildren: { pid: "dead" } } },
    { process: { namespace: { pid: "not-init" } }, count: 2 },
    { process: { namespace: { pid: "not-init" } }, count: { atLeast: 1, atMost: 2 } },
    { namespace: { kind: "user", uid_map: true, gid_map: false, setgroups: "deny" } },
    { namespace: { kind: "user", uid_map: { inside: 0, outside: 1000 } } },
    { namespace: { kind: "net", pinned: "mount", empty: true } },
    { namespace: { kind: ["net", "ipc"], initial: false, members: { atLeast: 2 } } },
    { namespace: { kind: "uts", hostName: "blue", owner: "not-init" } },
    { namespace: { kind: "pid", init: "dead" } },
    { namespace: { kind: "pid", init: "alive", level: 1, member: { comm: "cat" } } },
    { namespace: { boottime: { atLeast: 3600 } } },
    { namespace: { root: "/demo", initial: false } },
    { cgroup: { path: "/demo", "pids.max": { atMost: 20 }, "pids.events.max": { atLeast: 1 } } },
    { cgroup: { "memory.max": "16M", "memory.current": { atLeast: "1M", atMost: 2_000_000 } } },
    { cgroup: { "memory.high": "max", "memory.events.oom_kill": 1 } },
    { cgroup: { "memory.high": { atLeast: "1G" } } },
    { cgroup: { "cpu.max": 50_000, "cpu.stat.nr_throttled": { atLeast: 1 }, throttled: true } },
    { cgroup: { path: "/demo/*", owner: 1000, "cgroup.freeze": 1, "cgroup.events.frozen": 1 } },
    { cgroup: { "cgroup.events.populated": 1, "cgroup.subtree_control": ["pids", "memory"] } },
    { mount: { point: "/mnt", type: "tmpfs", namespace: "not-init", readonly: true, option: "nosuid" } },
    { mount: { point: "/mnt", propagation: "slave", of: { comm: "sleep" } } },
    { mount: { point: "/mnt", propagation: "shared" } },
    { mount: { point: "/*", type: ["tmpfs", "overlay"], source: "none", root: "/" } },
    { device: { name: "veth*", kind: "veth", peer: "other", up: true, namespace: "not-init" } },
    { device: { address: "10.0.0.2", of: { comm: "sleep" } } },
    { device: { address: "10.0.0.2/24" } },
    { device: { loopback: true, up: false } },
    { kernel: { log: "Out of memory" } },
    { not: { not: { cgroup: { path: "/demo" } } } },
  ])("%j", (query) => {
    expect(v.parse(QuerySchema, query)).toEqual(query);
    expect(whyNot(query, MACHINE)).toBe("");
    expect(holds(query, MACHINE)).toBe(true);
    expect(holds(query, seen())).toBe(false);
    expect(whyNot(query, seen())).toMatch(/^[A-Z0-9`].*\.$/);
    // What is not seen is not so, and not not so.
    const told = toldByAgent([toldProcess(1, "init")]);
    expect(holds(query, told)).toBe(false);
    expect(whyNot(query, told)).toMatch(/^[A-Z0-9`].*\.$/);
  });
});

describe("why not", () => {
  it.each<[Query, string]>([
    [
      { process: { comm: "unshare", namespace: { pid: "not-init" } } },
      "There is `unshare` (97), but it shares init's PID namespace (only its children will not: was `--fork` left out?).",
    ],
    [
      { process: { comm: "cat", commandLine: "x" } },
      "There is `cat` (55), but its command line could not be read.",
    ],
    [
      { process: { comm: "sleep", commandLine: ["9", "1000"] } },
      "There is `sleep` (54), but its command line `sleep 1000` lacks `9`.",
    ],
    [{ process: { comm: "sleep", uidInside: 5 } }, "There is `sleep` (54), but its user is 0 inside, not 5."],
    [
      { process: { comm: "sleep", cgroup: "/demo" } },
      "There is `sleep` (54), but its cgroup is `/demo/inner`, not `/demo`.",
    ],
    [
      { process: { comm: "sleep", capabilities: { has: "cap_sys_admin" }, noNewPrivileges: false } },
      "There is `sleep` (54), but it does not have `cap_sys_admin` (effective) and it has set `no_new_privs`.",
    ],
    [
      { process: { comm: "sleep", capabilities: { lacks: ["cap_chown", "cap_kill"] } } },
      "There is `sleep` (54), but it still has `cap_chown` (effective).",
    ],
    [
      { process: { comm: "sleep", sharesWith: { process: { comm: "bash" }, kinds: ["net", "uts"] } } },
      "There is `sleep` (54), but it shares its network and UTS namespaces with no `bash`.",
    ],
    [
      { process: { comm: "sleep", sharesWith: { process: { comm: "sleep" }, kinds: ["net"] } } },
      "There is `sleep` (54), but it shares its network namespace with no `sleep`.",
    ],
    [
      { process: { comm: "cat", differsFrom: { process: { comm: "sleep" }, kinds: ["net"] } } },
      "There is `cat` (55), but no `sleep` has another network namespace.",
    ],
    [{ process: { comm: "sleep" }, count: 0 }, "There is 1 process like that, not 0: `sleep` (54)."],
    [{ cgroup: { path: "/other" } }, "There is no cgroup `/other`."],
    [{ cgroup: { path: "/demo", "pids.max": { atMost: 10 } } }, "`/demo` has `pids.max` 20, not 10 or less."],
    [
      { cgroup: { path: "/demo", "pids.max": 5, "memory.max": { atMost: "8M" } } },
      "`/demo` has `pids.max` 20, not 5 and has `memory.max` 16 MiB, not 8 MiB or less.",
    ],
    [{ cgroup: { path: "/demo", "memory.max": "max" } }, "`/demo` has `memory.max` 16 MiB, not `max`."],
    [{ cgroup: { path: "/demo", "memory.high": "8M" } }, "`/demo` has `memory.high` `max`, not 8 MiB."],
    [
      { cgroup: { path: "/demo/inner", "pids.max": 20 } },
      "`/demo/inner` has no `pids.max`, since the controller `pids` is off there.",
    ],
    [
      { cgroup: { path: "/demo", "cgroup.subtree_control": ["cpu", "memory"] } },
      "`/demo` lacks `cpu` in `cgroup.subtree_control`.",
    ],
    [
      { namespace: { kind: "user", initial: false, uid_map: { outside: 0 } } },
      "There is the user namespace of `sleep` (54), but its `uid_map` says that user 0 is 1000 outside, which is another line than asked for.",
    ],
    [
      { namespace: { kind: "net", initial: false, pinned: "file" } },
      "There is the network namespace at `/run/netns/blue`, but nobody holds it open.",
    ],
    [
      { namespace: { kind: "uts", hostName: "red" } },
      "There is the UTS namespace of `sleep` (54), but its host name is `blue`, not `red`.",
    ],
    [
      { namespace: { kind: "ipc", member: { comm: "dog" } } },
      "There is no IPC namespace like the one that is asked for.",
    ],
    [{ mount: { point: "/srv" } }, "Nothing is mounted on `/srv`."],
    [
      { mount: { point: "/mnt", readonly: false, propagation: "private" } },
      "There is `tmpfs` on `/mnt` in the mount namespace of `sleep` (54), but it is shared and slave, not private and it is read-only.",
    ],
    [{ device: { name: "br0" } }, "There is no network device `br0`."],
    [
      { device: { name: "veth1", address: "10.0.0.3", peer: "own" } },
      "There is `veth1` in the network namespace of `sleep` (54), but its address is `10.0.0.2/24`, not `10.0.0.3` and its other end is in another network namespace.",
    ],
    [{ kernel: { panicked: true } }, "The kernel has not panicked."],
    [{ not: { kernel: { panicked: false } } }, "The kernel has not panicked."],
    [{ not: { cgroup: { path: "/demo/**" } } }, "Still there: `/demo` and `/demo/inner`."],
    [
      { not: { any: [{ cgroup: { path: "/other" } }, { process: { comm: "cat" } }] } },
      "Still there: `cat` (55).",
    ],
  ])("%j", (query, sentence) => {
    expect(v.parse(QuerySchema, query)).toEqual(query);
    expect(whyNot(query, MACHINE)).toBe(sentence);
  });
});

describe("what the agent cannot tell", () => {
  const told = toldByAgent(
    [toldProcess(1, "init"), toldProcess(54, "sleep")],
    0,
    "No layout fits this kernel",
  );

  it.each<[Query, string]>([
    [{ cgroup: { path: "/demo" } }, "Cgroups"],
    [{ not: { cgroup: { path: "/demo" } } }, "Cgroups"],
    [{ cgroup: { path: "/demo" }, count: 0 }, "Cgroups"],
    [{ not: { any: [{ process: { comm: "cat" } }, { mount: { point: "/mnt" } }] } }, "Mounts"],
    [{ namespace: { kind: "net" } }, "Namespaces"],
    [{ device: { name: "lo" } }, "Network devices"],
    [{ kernel: { panicked: false } }, "What the kernel does"],
    [{ process: { comm: "sleep", noNewPrivileges: false } }, "`no_new_privs`"],
    [{ none: { capabilities: { has: "cap_sys_admin" } } }, "Capabilities"],
    [{ none: { parent: { frozen: true } } }, "Frozen processes"],
  ])("%j", (query, what) => {
    expect(holds(query, told)).toBe(false);
    expect(whyNot(query, told)).toBe(
      `${what} cannot be seen now, since the machine's memory is not read. No layout fits this kernel.`,
    );
  });

  it("does not hinder what it can", () => {
    expect(holds({ process: { comm: "sleep", cgroup: "/", namespace: { net: "init" } } }, told)).toBe(true);
    expect(holds({ not: { process: { comm: "cat" } } }, told)).toBe(true);
    expect(holds({ any: [{ cgroup: { path: "/demo" } }, { process: { comm: "sleep" } }] }, told)).toBe(true);
  });

  it("is said of a part of memory that could not be read as well", () => {
    const torn = seen([], {
      cgroups: [],
      missing: [{ what: "a tree of cgroups that does not end", count: 1 }],
    });
    expect(whyNot({ cgroup: { path: "/demo" } }, torn)).toBe(
      "Cgroups could not be read now: a tree of cgroups that does not end.",
    );
  });
});

describe("the schema", () => {
  it.each([
    { cgroup: { "pids.maximum": 20 } },
    { cgroup: { "pids.max": -1 } },
    { cgroup: { "pids.max": {} } },
    { cgroup: { "pids.max": { is: 1, atLeast: 1 } } },
    { cgroup: { "memory.max": "16 MB" } },
    { cgroup: { "memory.max": { atMost: "max" } } },
    { cgroup: { path: ["/a"] } },
    { namespace: { kind: "network" } },
    { namespace: { kind: [] } },
    { namespace: { uid_map: { from: 0 } } },
    { mount: { propagation: "rshared" } },
    { device: { peer: 4 } },
    { kernel: { panic: true } },
    { kernel: {}, count: 1 },
    { process: { capabilities: { has: "CAP_CHOWN" } } },
    { process: { sharesWith: { process: { comm: "sleep" } } } },
    { process: { sharesWith: { process: {}, kinds: [] } } },
    { process: {}, count: -1 },
    { process: {}, cgroup: {} },
    { not: [] },
    { not: {} },
    JSON.parse('{"process": {"__proto__": {"comm": "sleep"}}}') as unknown,
  ])("refuses %j", (data) => {
    expect(v.safeParse(QuerySchema, data).success).toBe(false);
  });
});

test("a star stands for anything within a name, two at the end for all below", () => {
  const fits = (pattern: string, path: string): boolean =>
    holds({ cgroup: { path: pattern } }, seen([], { cgroups: [aCgroup(path)] }));
  const paths = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/xaybz"];
  expect(paths.filter((path) => fits("/*", path))).toEqual(["/", "/a", "/ab", "/xaybz"]);
  expect(paths.filter((path) => fits("/a*", path))).toEqual(["/a", "/ab"]);
  expect(paths.filter((path) => fits("/*a*b*", path))).toEqual(["/ab", "/xaybz"]);
  expect(paths.filter((path) => fits("/a/**", path))).toEqual(["/a", "/a/b", "/a/b/c"]);
  expect(paths.filter((path) => fits("/*/b", path))).toEqual(["/a/b"]);
  expect(paths.filter((path) => fits("/**", path))).toEqual(paths);
  // Nothing that takes long, however many stars meet however long a name.
  expect(fits(`/${"*a".repeat(60)}b`, `/${"a".repeat(5000)}`)).toBe(false);
});
