import { readFile } from "node:fs/promises";
import { decompress, init } from "@bokuweb/zstd-wasm";
import * as v from "valibot";
import { expect, test } from "vitest";
import { readManifest, startMachine } from "../../src/cli/index.ts";
import { freePages, type KernelLayout, KernelLayoutSchema } from "../../src/introspect/index.ts";
import { decodeSnapshot } from "../../workers/machine/snapshot.ts";
import { GuestMemory } from "./layout/guest-memory.ts";
import { shared, text } from "../support/guest.ts";
import { KernelMemory, type KernelObject } from "./layout/kernel-objects.ts";
import {
  cgroupAt,
  readCgroup,
  readCpuStat,
  readDirectory,
  readIoStat,
  readMemoryStat,
  readPressure,
  saidCgroup,
  saidIoStat,
  saidPressure,
} from "./layout/cgroups.ts";
import { Facts } from "./layout/facts.ts";
import {
  countFreePages,
  readBuildId,
  readLoad,
  readLog,
  readUptime,
  readZone,
  saidZone,
} from "./layout/kernel.ts";
import { readLayers, readMounts, saidMounts } from "./layout/mounts.ts";
import { processOf, readNamespaces, saidNamespacesOf } from "./layout/namespaces.ts";
import { networks, readDevices, readPorts, saidDevices } from "./layout/network.ts";
import { inodeOf, readOpenNamespaces, readProcesses, saidProcesses } from "./layout/processes.ts";

const IMAGES = new URL("../../images/prebuilt/", import.meta.url);
const SCRIPTS = new URL("layout/", import.meta.url);

async function readLayout(): Promise<KernelLayout> {
  const { kernelInfo } = await readManifest("base");
  await init();
  const stored = await readFile(new URL(`store/${kernelInfo.layout.sha256}`, IMAGES));
  return v.parse(KernelLayoutSchema, JSON.parse(text(decompress(stored))));
}

/** One guest with one of everything: what it says of itself, and then its memory. */
const guest = shared(
  async () => {
    const machine = await startMachine();
    try {
      const run = async (script: string): Promise<string> => {
        const source = await readFile(new URL(script, SCRIPTS), "utf8");
        const { status, stdout, stderr } = await machine.exec({
          argv: ["bash", "-c", source],
          timeoutMs: 100_000,
        });
        expect({ status, stderr: text(stderr) }).toMatchObject({ status: { how: "exited", code: 0 } });
        return text(stdout);
      };
      await run("fixture.sh");
      const facts = new Facts(await run("facts.sh"));
      const ram = new GuestMemory(decodeSnapshot(new Uint8Array(await machine.snapshot())).memory);
      const kernel = new KernelMemory(ram, await readLayout());
      return { facts, kernel };
    } finally {
      machine.dispose();
    }
  },
  () => undefined,
);

const BOX = "sleep|100007";

function box(): KernelObject {
  return processOf(guest().kernel, guest().facts, BOX);
}

function init1(): KernelObject {
  return processOf(guest().kernel, guest().facts, "init");
}

test("the layout is that of the kernel in memory, which says its own build id, name and words", () => {
  const { facts, kernel } = guest();
  const { buildId } = kernel.layout as KernelLayout;
  expect(readBuildId(kernel)).toBe(buildId);
  expect(facts.text("notes").replaceAll(/\s/g, "")).toContain(buildId);
  expect(kernel.text(kernel.symbol("linux_banner")).trim()).toBe(facts.text("/proc/version"));
  expect(kernel.text(kernel.word(kernel.symbol("saved_command_line")))).toBe(facts.text("/proc/cmdline"));
});

test("processes, their credentials, memory, terminals and namespaces are those of /proc", () => {
  const { facts, kernel } = guest();
  const found = readProcesses(kernel, facts.ownPid);
  const said = saidProcesses(facts, Object.keys(found[1] ?? {}));
  expect(Object.keys(said).length).toBeGreaterThan(12);
  expect(Object.keys(found)).toEqual(Object.keys(said));
  expect(found).toMatchObject(said);
});

test("namespaces have the maps, offsets, parents, owners and host name that the guest says", () => {
  const { facts, kernel } = guest();
  for (const line of [BOX, "sleep|100006", "init"]) {
    const task = processOf(kernel, facts, line);
    const pid = task.number("pid");
    const inodes = saidProcesses(facts, ["namespaces"])[pid]?.["namespaces"] as Record<string, number>;
    expect(readNamespaces(task)).toEqual(saidNamespacesOf(facts, pid, inodes));
  }
  const uts = box().get("nsproxy", "nsproxy").get("uts_ns", "uts_namespace");
  expect(uts.text("name.nodename")).toBe("layout-box");
  const net = facts.links.get(`${box().number("pid")}/ns/net`);
  expect(readOpenNamespaces(processOf(kernel, facts, "sleep|100008"))).toEqual([`9 ${net}`]);
});

test.each(["layout", "layout/inner", "layout-oom", "layout-frozen"])(
  "cgroup %s has the limits and counters of its files",
  (path) => {
    const { facts, kernel } = guest();
    const cgroup = cgroupAt(kernel, path);
    const found = readCgroup(cgroup);
    expect(found).toEqual(saidCgroup(facts, path, Object.keys(found)));
    expect(readDirectory(cgroup)).toBe(facts.table("cgroups")[`/sys/fs/cgroup/${path}`]);
    const stat = (file: string): Record<string, string> => facts.table(`/sys/fs/cgroup/${path}/${file}`);
    expect(stat("cpu.stat")).toMatchObject(readCpuStat(cgroup));
    if (path.includes("/")) return;
    expect(stat("memory.stat")).toMatchObject(readMemoryStat(cgroup));
    expect(readIoStat(cgroup)).toEqual(saidIoStat(facts, `/sys/fs/cgroup/${path}/io.stat`));
  },
);

test("what the fixture did to its cgroups is in their counters", () => {
  const { facts, kernel } = guest();
  const [limited, killed] = ["layout", "layout-oom"].map((path) => cgroupAt(kernel, path)) as [
    KernelObject,
    KernelObject,
  ];
  expect(Number(readCpuStat(limited)["nr_throttled"])).toBeGreaterThan(3);
  expect(Number(readCpuStat(limited)["throttled_usec"])).toBeGreaterThan(300_000);
  expect(readIoStat(limited)["1:0"]).toMatch(/^rbytes=20480 wbytes=0 rios=5 /);
  expect(readCgroup(killed)["memory.events"]).toMatch(/ oom_kill 1 /);
  for (const [file, resource] of [
    ["cpu", "CPU"],
    ["io", "IO"],
    ["memory", "MEM"],
  ] as const) {
    expect(readPressure(killed, resource)).toEqual(
      saidPressure(facts, `/sys/fs/cgroup/layout-oom/${file}.pressure`),
    );
  }
  expect(Number(readPressure(killed, "MEM")["some"])).toBeGreaterThan(0);
  expect(readMemoryStat(killed)["shmem"]).toBe("4096");
});

test("mounts of two namespaces are those of mountinfo, and an overlay's layers those it was made of", () => {
  const { facts } = guest();
  for (const task of [init1(), box()])
    expect(readMounts(task)).toEqual(saidMounts(facts, task.number("pid")));
  expect(readLayers(init1(), "/tmp/layout-mounts/merged")).toEqual({
    layers: 3,
    upper: "/layout-upper",
    lower: ["/tmp/layout-mounts/lower1", "/tmp/layout-mounts/lower2"],
  });
});

test("network namespaces hold the devices, addresses, pairs and ports that ip shows", () => {
  const { facts, kernel } = guest();
  const [first, second] = [init1(), box()].map((task) => task.get("nsproxy", "nsproxy").get("net_ns", "net"));
  expect(readDevices(first as KernelObject)).toEqual(saidDevices(facts, "net"));
  expect(readDevices(second as KernelObject)).toEqual(saidDevices(facts, "box-net"));
  const bridge = (first as KernelObject)
    .list("dev_base_head", "net_device", "dev_list")
    .find((one) => one.text("name") === "layoutbr");
  expect(readPorts(bridge as KernelObject)).toEqual(["layout0 1"]);
  expect(networks(kernel).map(inodeOf)).toEqual([first, second].map((net) => inodeOf(net as KernelObject)));
});

test("the log, clock, load, boot id and RAM are the kernel's own", () => {
  const { facts, kernel } = guest();
  expect(readLog(kernel)).toBe(facts.text("dmesg"));
  const uptime = Number(facts.text("/proc/uptime").split(" ")[0]);
  expect(readUptime(kernel)).toBeGreaterThanOrEqual(uptime - 0.02);
  expect(readUptime(kernel)).toBeLessThan(uptime + 30);
  const bootId = Buffer.from(kernel.bytes(kernel.symbol("sysctl_bootid"), 16).buffer).toString("hex");
  expect(bootId).toBe(facts.text("/proc/sys/kernel/random/boot_id").replaceAll("-", ""));
  facts
    .text("/proc/loadavg")
    .split(" ")
    .slice(0, 3)
    .forEach((said, i) => expect(Math.abs((readLoad(kernel)[i] ?? 99) - Number(said))).toBeLessThan(0.3));
  expect(saidZone(facts)).toMatchObject(readZone(kernel));
  const listed = countFreePages(kernel);
  const ram = new Uint8Array(kernel.ram.read(0, kernel.ram.size).buffer);
  const free = freePages(ram, kernel.layout as KernelLayout);
  expect(free.reduce((sum, one) => sum + one)).toBe(listed);
  // What a checkpoint builds on: it leaves out what is free.
  const words = new Uint32Array(ram.buffer);
  const dirty = [...free.keys()].filter(
    (page) => free[page] === 1 && words.subarray(page * 1024, (page + 1) * 1024).some((word) => word !== 0),
  );
  expect(dirty).toEqual([]);
  const said = Number.parseInt(facts.table("/proc/meminfo")["MemFree"] ?? "", 10) / 4;
  expect(Math.abs(listed - said)).toBeLessThan(said / 10);
  expect(`${kernel.word(kernel.symbol("_totalram_pages")) * 4} kB`).toBe(
    facts.table("/proc/meminfo")["MemTotal"],
  );
});
