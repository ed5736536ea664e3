import type { Cgroup, ControllerName, Limit, PidsController } from "../isolation/index.ts";
import { type CpuTimes, cpuTimes, machineUsage, readCpu, usageOf } from "./cgroup-cpu.ts";
import { IoCounts } from "./cgroup-io.ts";
import { type CountSizes, MemoryCounts, readMemory } from "./cgroup-memory.ts";
import type { CgroupPaths } from "./cgroup-path.ts";
import { listOf } from "./lists.ts";
import { readPressure } from "./pressure.ts";
import type { Reading } from "./reading.ts";

const MOST_CGROUPS = 4096;
const INT_MAX = 0x7fff_ffff;
const WORD = 4;
const CONTROLLERS = ["cpu", "io", "memory", "pids"] as const satisfies readonly ControllerName[];

interface Node {
  readonly address: number;
  readonly children: Node[];
  readonly online: boolean;
  times: CpuTimes;
}

/** Cgroups with those below them; the ones that are being removed too, whose counts belong to their parents. */
function tree(reading: Reading): Node[] {
  const { memory, kernel } = reading;
  const root: Node = {
    address: kernel.symbols.cgroups + kernel.cgroupRoot.cgrp,
    children: [],
    online: true,
    times: { user: 0, system: 0, total: 0 },
  };
  const all = [root];
  for (let i = 0; i < all.length; i++) {
    const node = all[i] ?? root;
    const children = listOf(reading, node.address + kernel.cgroup.self + kernel.css.children, {
      link: kernel.css.sibling,
      what: "cgroups",
      most: MOST_CGROUPS,
    });
    for (const css of children) {
      if (all.length >= MOST_CGROUPS) {
        reading.trouble.note("more cgroups than are read");
        break;
      }
      const online = (memory.u32(css + kernel.css.flags) & kernel.cssOnline) !== 0;
      const child: Node = { ...root, address: css - kernel.cgroup.self, children: [], online };
      node.children.push(child);
      all.push(child);
    }
  }
  for (const node of all.toReversed()) node.times = cpuTimes(reading, node.address, node.children);
  return all;
}

function limit(value: number): Limit {
  return value === INT_MAX ? "max" : value;
}

function readPids({ memory, kernel }: Reading, pids: number): PidsController {
  const max = memory.u32(pids + kernel.pids.limit);
  return {
    current: Math.max(0, memory.i32(pids + kernel.pids.counter)),
    peak: memory.u32(pids + kernel.pids.watermark),
    max: max === kernel.unlimitedPids ? "max" : max,
    refused: memory.u32(pids + kernel.pids.events_limit),
  };
}

/** The tree of cgroups, parents before their children. */
export function readCgroups(reading: Reading, paths: CgroupPaths, sizes: CountSizes): Cgroup[] {
  const { memory, kernel } = reading;
  const nodes = tree(reading);
  /** The state that a controller keeps of a cgroup; 0 if it is not switched on there. */
  const state = (cgroup: number, name: ControllerName): number =>
    memory.u32(cgroup + kernel.cgroup.subsys + kernel.controllers[name] * WORD);
  const counts = new MemoryCounts(reading, sizes);
  const io = new IoCounts(
    reading,
    nodes.flatMap(({ address }) => {
      const css = state(address, "io");
      return css === 0 ? [] : [css - kernel.blkcg.css];
    }),
  );
  const one = ({ address, times }: Node, isRoot: boolean): Cgroup => {
    const { cgroup } = kernel;
    const [cpu, memoryCss, pids, blkcg] = (["cpu", "memory", "pids", "io"] as const).map((name) =>
      state(address, name),
    ) as [number, number, number, number];
    const node = memory.u32(address + cgroup.kn);
    const attributes = memory.u32(node + kernel.kernfs.iattr);
    const subtree = memory.u16(address + cgroup.subtree_control);
    const populated = [
      cgroup.nr_populated_csets,
      cgroup.nr_populated_domain_children,
      cgroup.nr_populated_threaded_children,
    ];
    const psi = memory.u32(address + cgroup.psi);
    const device = memory.u32(address + cgroup["bpf.effective"] + kernel.deviceProgram * WORD);
    return {
      path: paths.of(address),
      inode: memory.u32(node + kernel.kernfs.id),
      owner: {
        uid: attributes === 0 ? 0 : memory.u32(attributes + kernel.kernfsAttributes.ia_uid),
        gid: attributes === 0 ? 0 : memory.u32(attributes + kernel.kernfsAttributes.ia_gid),
      },
      controllers: CONTROLLERS.filter((name) => state(address, name) !== 0),
      subtreeControl: CONTROLLERS.filter((name) => (subtree & (1 << kernel.controllers[name])) !== 0),
      populated: populated.some((field) => memory.u32(address + field) > 0),
      freeze: memory.u8(address + cgroup["freezer.freeze"]) !== 0,
      frozen: (memory.u32(address + cgroup.flags) & kernel.frozen) !== 0,
      maxDepth: limit(memory.u32(address + cgroup.max_depth)),
      maxDescendants: limit(memory.u32(address + cgroup.max_descendants)),
      descendants: memory.u32(address + cgroup.nr_descendants),
      dyingDescendants: memory.u32(address + cgroup.nr_dying_descendants),
      usage: isRoot ? machineUsage(reading) : usageOf(times),
      cpu: cpu === 0 || isRoot ? undefined : readCpu(reading, cpu - kernel.taskGroup.css),
      memory:
        memoryCss === 0 || isRoot
          ? undefined
          : readMemory(reading, memoryCss - kernel.memoryGroup.css, counts),
      pids: pids === 0 || isRoot ? undefined : readPids(reading, pids - kernel.pids.css),
      io: blkcg === 0 || isRoot ? undefined : io.of(blkcg - kernel.blkcg.css),
      pressure:
        psi === 0 || isRoot
          ? undefined
          : {
              cpu: readPressure(reading, psi, "cpu"),
              io: readPressure(reading, psi, "io"),
              memory: readPressure(reading, psi, "memory"),
            },
      deviceFilter: device !== 0 && memory.u32(device + kernel.progArray.items + kernel.progItem.prog) !== 0,
    };
  };
  return nodes.filter(({ online }) => online).map((node, i) => one(node, i === 0));
}
