import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Cgroup, Namespace, NamespaceKind, Observation, Process } from "../../src/isolation/index.ts";
import { shared, sh } from "../support/guest.ts";
import { Facts } from "./xray/facts.ts";
import { saidCgroup, saidIoStat, saidMemoryStat, saidStalls, saidUsage } from "./xray/said-cgroups.ts";
import { saidMounts } from "./xray/said-mounts.ts";
import { saidNamespaces, saidOfOwn } from "./xray/said-namespaces.ts";
import { saidDevices } from "./xray/said-network.ts";
import { saidProcesses, saidStarts, tickOf } from "./xray/said-processes.ts";

const SCRIPTS = new URL("xray/", import.meta.url);
const TICK_US = 10_000;

/** One guest with one of everything: what is seen from outside, and then what it says of itself. */
const guest = shared(
  async () => {
    const machine = await startMachine();
    try {
      const script = async (name: string): Promise<string> =>
        sh(machine, await readFile(new URL(name, SCRIPTS), "utf8"), { timeoutMs: 100_000 });
      await script("fixture.sh");
      const observation = await machine.observe();
      const facts = new Facts(await script("facts.sh"));
      return { observation, facts };
    } finally {
      machine.dispose();
    }
  },
  () => undefined,
);

function seen(): Observation {
  return guest().observation;
}

/** The process of the fixture with these words. */
function processOf(...words: readonly string[]): Process {
  const found = seen().processes.find(({ details }) => details?.commandLine?.join(" ") === words.join(" "));
  if (found === undefined) throw new Error(`nobody is ${words.join(" ")}`);
  return found;
}

function namespaceOf<Kind extends NamespaceKind>(
  process: Process,
  kind: Kind,
): Namespace & { readonly kind: Kind } {
  const found = seen().namespaces.find((one) => one.kind === kind && one.inode === process.namespaces[kind]);
  if (found === undefined) throw new Error(`no ${kind} namespace of ${process.comm}`);
  return found as Namespace & { readonly kind: Kind };
}

function cgroupAt(path: string): Cgroup {
  const found = seen().cgroups.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no cgroup ${path}`);
  return found;
}

/** Whoever reads the same files moves their pages: what is asked does so, too. */
function lasting(stat: Readonly<Record<string, number>> | undefined): object | undefined {
  if (stat === undefined) return undefined;
  const { activeFile = 0, inactiveFile = 0, fileMapped, ...rest } = stat;
  return { ...rest, cached: activeFile + inactiveFile, mapped: fileMapped === undefined };
}

const box = (): Process => processOf("sleep", "100007");
const init = (): Process => processOf("init");

test("memory is read whole, in the middle of nothing that matters", () => {
  expect(seen()).toMatchObject({ source: "memory", missing: [], fallback: undefined, slowAge: 0 });
});

test("processes, their credentials, memory, terminals and namespaces are those of /proc", () => {
  const { facts } = guest();
  const said = saidProcesses(facts);
  const starts = saidStarts(facts);
  expect(said.size).toBeGreaterThan(40);
  const found = seen().processes.filter(({ pid }) => said.has(pid));
  expect(found.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual([...said.keys()]);
  for (const process of found) {
    expect(process).toMatchObject(said.get(process.pid) ?? {});
    const start = starts.get(process.pid);
    expect(tickOf(process.details?.startedAt ?? -1)).toBe(start?.tick);
    expect(process.details?.threads).toHaveLength((start?.threads ?? 0) - 1);
  }
});

test("a process in three PID namespaces has three numbers, and the innermost is 1", () => {
  const { pids, pid } = processOf("sleep", "100009");
  expect(pids).toEqual([pid, 2, 1]);
  const inner = namespaceOf(processOf("sleep", "100009"), "pid");
  expect(inner).toMatchObject({ level: 2, init: pid, initial: false });
});

test("one that has unshared without a fork has a place for its children that nobody lives in", () => {
  const { namespaces, forChildren } = processOf("sleep", "100010");
  expect(namespaces.pid).toBe(init().namespaces.pid);
  expect(forChildren.pid).not.toBe(namespaces.pid);
});

test("whose /proc a process sees is that of its mounts", () => {
  expect(box().procMount).toBe(box().namespaces.pid);
  expect(processOf("sleep", "100009").procMount).toBe(init().namespaces.pid);
});

test("namespaces have the owners, parents, maps, offsets and host names that the guest says", () => {
  const { facts } = guest();
  const said = saidNamespaces(facts);
  const found = new Map(seen().namespaces.map((one) => [`${one.kind} ${one.inode}`, one]));
  const living = new Set(
    seen().processes.flatMap(({ namespaces }) => Object.entries(namespaces).map((one) => one.join(" "))),
  );
  // What the script itself made is not there yet.
  const comparable = [...said].filter(([key]) => living.has(key));
  expect(comparable.length).toBeGreaterThanOrEqual(20);
  for (const [key, of] of comparable) expect(found.get(key)).toMatchObject(of);
  for (const process of [init(), box(), processOf("sleep", "100006")]) {
    const own = saidOfOwn(facts, process);
    expect(namespaceOf(process, "user")).toMatchObject(own.user ?? {});
    expect(namespaceOf(process, "time")).toMatchObject(own.time ?? {});
  }
  expect(namespaceOf(box(), "uts").hostName).toBe("xray-box");
  expect(namespaceOf(box(), "user")).toMatchObject({ level: 1, creator: 0, initial: false });
  expect(namespaceOf(box(), "cgroup").root).toBe("/xray/inner");
  expect(namespaceOf(init(), "ipc")).toMatchObject({ messageQueues: 1, sharedMemory: 2, semaphores: 1 });
  expect(namespaceOf(box(), "ipc")).toMatchObject({ messageQueues: 0, sharedMemory: 0, semaphores: 0 });
  expect(namespaceOf(init(), "user")).toMatchObject({ level: 0, creator: undefined, initial: true });
});

test("what holds a namespace is found: a mount of its file, and an open file", () => {
  const outer = init().namespaces.mnt;
  expect(namespaceOf(box(), "uts").pins).toEqual([
    { by: "mount", path: "/tmp/xray-mounts/nosuid/uts", mountNamespace: outer },
    { by: "mount", path: "/tmp/xray-mounts/nosuid/uts", mountNamespace: box().namespaces.mnt },
  ]);
  expect(namespaceOf(box(), "net").pins).toEqual([
    { by: "file", pid: processOf("sleep", "100008").pid, fd: 9 },
  ]);
});

test.each(["/xray", "/xray/inner", "/xray-oom", "/xray-frozen"])(
  "cgroup %s has the limits and counters of its files, and what is added up when they are read",
  (path) => {
    const { facts } = guest();
    const cgroup = cgroupAt(path);
    expect(cgroup).toMatchObject(saidCgroup(facts, path));
    expect(lasting(cgroup.memory && { ...cgroup.memory.stat })).toEqual(lasting(saidMemoryStat(facts, path)));
    const said = saidUsage(facts, path);
    for (const part of ["usage", "user", "system"] as const) {
      expect(Math.abs(cgroup.usage[part] - said[part])).toBeLessThanOrEqual(TICK_US);
    }
    const io = Object.fromEntries((cgroup.io ?? []).map(({ device, stat }) => [device, stat]));
    expect(io).toMatchObject(saidIoStat(facts, path));
    for (const resource of ["cpu", "io", "memory"] as const) {
      const stalls = saidStalls(facts, path, resource);
      expect(Math.abs((cgroup.pressure?.[resource].some.total ?? -1) - stalls.some)).toBeLessThanOrEqual(
        TICK_US,
      );
      expect(Math.abs((cgroup.pressure?.[resource].full.total ?? -1) - stalls.full)).toBeLessThanOrEqual(
        TICK_US,
      );
    }
  },
);

test("what the fixture did to its cgroups is in their counters", () => {
  const limited = cgroupAt("/xray");
  expect(limited.cpu?.throttledPeriods).toBeGreaterThan(3);
  expect(limited.cpu?.throttled).toBeGreaterThan(300_000);
  expect(limited.io).toMatchObject([
    {
      device: "1:0",
      name: "ram0",
      max: { rbps: 1_234_567, wbps: 2_345_678, riops: 89, wiops: 98 },
      stat: { readBytes: 20_480, reads: 5, writes: 0 },
    },
  ]);
  const killed = cgroupAt("/xray-oom");
  expect(killed.memory?.events).toMatchObject({ oomKill: 1 });
  expect(killed.memory?.stat.shmem).toBe(4096);
  expect(killed.pressure?.memory.some.total).toBeGreaterThan(0);
  expect(cgroupAt("/xray-frozen")).toMatchObject({ frozen: true, freeze: true });
  const frozen = seen().processes.filter(({ cgroup }) => cgroup === "/xray-frozen");
  expect(frozen.map(({ details }) => details?.frozen)).toEqual([true]);
});

test("mounts of two namespaces are those of mountinfo, and an overlay's layers those it was made of", () => {
  const { facts } = guest();
  for (const process of [init(), box()]) {
    const said = saidMounts(facts, process.pid);
    const found = namespaceOf(process, "mnt").mounts;
    expect(found.map(({ layers, ...rest }) => (layers === undefined ? rest : rest))).toEqual(said);
  }
  const merged = namespaceOf(init(), "mnt").mounts.find(({ point }) => point === "/tmp/xray-mounts/merged");
  expect(merged?.layers).toEqual({
    upper: "/xray-upper",
    lower: ["/tmp/xray-mounts/lower1", "/tmp/xray-mounts/lower2"],
  });
});

test("network namespaces hold the devices, addresses, pairs and ports that ip shows", () => {
  const { facts } = guest();
  const outer = namespaceOf(init(), "net");
  const inner = namespaceOf(box(), "net");
  expect(outer.devices).toMatchObject(saidDevices(facts, "net"));
  expect(inner.devices).toMatchObject(saidDevices(facts, "box-net"));
  const device = (of: typeof outer, name: string) => of.devices.find((one) => one.name === name);
  expect(device(outer, "xray0")?.link).toMatchObject({ namespace: inner.inode, name: "xray1" });
  expect(device(inner, "xray1")?.link).toMatchObject({ namespace: outer.inode, name: "xray0" });
  expect(device(outer, "xraymac")?.link).toMatchObject({ namespace: outer.inode, name: "xraydummy" });
});

test("the log, clock, load, boot id and RAM are the kernel's own", () => {
  const { facts } = guest();
  const { kernel, machine } = seen();
  // Lines that go on are set under the first: how far, each says in its own way.
  const log = facts.lines("dmesg").map((line) => line.replace(/^<\d+>/, "").trim());
  const shown = kernel?.log.flatMap((line) => line.split("\n").map((part) => part.trim())) ?? [];
  expect(shown.length).toBeGreaterThan(100);
  expect(log.slice(-shown.length)).toEqual(shown);
  const uptime = Number(facts.text("/proc/uptime").split(" ")[0]) * 1000;
  expect(kernel?.uptime).toBeLessThanOrEqual(uptime + 20);
  expect(kernel?.uptime).toBeGreaterThan(uptime - 60_000);
  expect(kernel?.bootId).toBe(facts.text("/proc/sys/kernel/random/boot_id"));
  expect(facts.text("/proc/version")).toContain(`Linux version ${kernel?.version} `);
  facts
    .text("/proc/loadavg")
    .split(" ")
    .slice(0, 3)
    .forEach((said, i) => expect(Math.abs((kernel?.load[i] ?? 99) - Number(said))).toBeLessThan(1));
  const meminfo = facts.table("/proc/meminfo");
  const bytes = (row: string): number => Number.parseInt(meminfo[row] ?? "", 10) * 1024;
  expect(kernel?.memory.total).toBe(bytes("MemTotal"));
  for (const [ours, theirs] of [
    ["free", "MemFree"],
    ["shared", "Shmem"],
    ["slab", "Slab"],
  ] as const) {
    expect(Math.abs((kernel?.memory[ours] ?? 0) - bytes(theirs))).toBeLessThan(4 * 1024 * 1024);
  }
  const use = machine?.ramUse;
  expect(Object.values(use ?? {}).reduce((sum, one) => sum + one)).toBe((machine?.ram ?? 0) / 4096);
  expect(Math.abs((use?.free ?? 0) * 4096 - (kernel?.memory.free ?? 0))).toBeLessThan(1024 * 1024);
  expect(Math.abs((use?.slab ?? 0) * 4096 - (kernel?.memory.slab ?? 0))).toBeLessThan(256 * 1024);
  expect(machine?.interrupts).toMatchObject({ "0 timer": expect.any(Number) });
  const lines = new Map(
    facts.lines("/proc/interrupts").map((line) => {
      const [, number, count] = /^\s*(\d+):\s+(\d+)/.exec(line) ?? [];
      return [number, Number(count)] as const;
    }),
  );
  const wrong = Object.entries(machine?.interrupts ?? {}).filter(([name, count]) => {
    // Seen first, then read inside.
    const later = (lines.get(name.split(" ")[0]) ?? Number.NaN) - count;
    return !(later >= 0 && later < 2000);
  });
  expect(wrong).toEqual([]);
  expect(kernel?.panic).toBeUndefined();
});
