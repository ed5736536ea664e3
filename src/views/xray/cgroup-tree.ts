/** The tree of cgroups, and who lives in which. Pure. */
import {
  type Cgroup,
  type Observation,
  type Process,
  processKey,
  type ProcessNode,
} from "../../isolation/index.ts";

export interface CgroupNode {
  readonly cgroup: Cgroup;
  readonly children: readonly CgroupNode[];
}

function parentPath(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

/** One whose parent could not be read hangs on the next that could; without any it is a root. */
export function cgroupTree(cgroups: readonly Cgroup[]): CgroupNode[] {
  const nodes = new Map<string, { cgroup: Cgroup; children: CgroupNode[] }>();
  const roots: CgroupNode[] = [];
  for (const cgroup of [...cgroups].toSorted((a, b) => a.path.length - b.path.length)) {
    const node = { cgroup, children: [] };
    let above = parentPath(cgroup.path);
    while (above !== "/" && !nodes.has(above)) above = parentPath(above);
    const parent = cgroup.path === "/" ? undefined : nodes.get(above);
    (parent?.children ?? roots).push(node);
    nodes.set(cgroup.path, node);
  }
  return roots;
}

/** By path: the processes of each cgroup, flat, since parents may well live elsewhere. Kernel threads are left out. */
export function cgroupForests(observation: Observation): Map<string, ProcessNode[]> {
  const forests = new Map<string, ProcessNode[]>();
  const nodes = new Map<number, { node: ProcessNode; children: ProcessNode[]; cgroup: string | undefined }>();
  const live = observation.processes.filter(
    ({ kernelThread, cgroup }) => !kernelThread && cgroup !== undefined,
  );
  for (const process of live) {
    const children: ProcessNode[] = [];
    nodes.set(process.pid, {
      node: { key: processKey(process), process, children },
      children,
      cgroup: process.cgroup,
    });
  }
  for (const process of live) {
    const own = nodes.get(process.pid);
    const parent = nodes.get(process.ppid);
    if (own === undefined || process.cgroup === undefined) continue;
    if (parent !== undefined && parent.cgroup === process.cgroup && isOlder(parent.node.process, process)) {
      parent.children.push(own.node);
      continue;
    }
    const roots = forests.get(process.cgroup);
    if (roots === undefined) forests.set(process.cgroup, [own.node]);
    else roots.push(own.node);
  }
  return forests;
}

/** A parent is older than its child, by time or by number: so that what is torn cannot make a circle. */
function isOlder(parent: Process, child: Process): boolean {
  const a = parent.details?.startedAt ?? 0;
  const b = child.details?.startedAt ?? 0;
  return a < b || (a === b && parent.pid < child.pid);
}
