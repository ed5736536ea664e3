import type { NamespaceFile, NamespaceTable } from "./namespaces.ts";
import type { Task } from "./processes.ts";
import type { Reading } from "./reading.ts";

const MOST_FILES = 4096;
const LONGEST_NAME = 64;

/** A file of nsfs that a process holds open. */
export interface OpenNamespace extends NamespaceFile {
  readonly task: number;
  readonly pid: number;
  readonly fd: number;
  readonly file: number;
}

/** The file that a process has at a number; 0 if none. */
function fileAt({ memory, kernel }: Reading, task: number, fd: number): number {
  const files = memory.u32(task + kernel.task.files);
  if (files === 0) return 0;
  const table = memory.u32(files + kernel.files.fdt);
  return fd < memory.u32(table + kernel.fdtable.max_fds)
    ? memory.u32(memory.u32(table + kernel.fdtable.fd) + fd * 4)
    : 0;
}

/** Looks through the open files of all processes. Slow: {@link stillOpen} is not. */
export function findOpenNamespaces(
  reading: Reading,
  namespaces: NamespaceTable,
  tasks: readonly Task[],
): OpenNamespace[] {
  const { memory, kernel } = reading;
  // The one mount of nsfs that everyone has, and its file system.
  const nsfs = memory.u32(memory.u32(kernel.symbols.nsfs) + kernel.mount["mnt.mnt_sb"] - kernel.mount.mnt);
  const seen = new Set<number>();
  const found: OpenNamespace[] = [];
  for (const { address: task, pid, kernelThread } of tasks) {
    const files = memory.u32(task + kernel.task.files);
    if (kernelThread || files === 0 || seen.has(files)) continue;
    seen.add(files);
    const table = memory.u32(files + kernel.files.fdt);
    const count = Math.min(memory.u32(table + kernel.fdtable.max_fds), MOST_FILES);
    const first = memory.u32(table + kernel.fdtable.fd);
    for (let fd = 0; fd < count && reading.step(); fd++) {
      const file = memory.u32(first + fd * 4);
      if (file === 0) continue;
      const inode = memory.u32(file + kernel.file.f_inode);
      if (memory.u32(inode + kernel.inode.i_sb) !== nsfs) continue;
      const common = memory.u32(inode + kernel.inode.i_private);
      const operations = memory.u32(common + kernel.common.ops);
      const name = memory.text(memory.u32(operations + kernel.nsOperations.name), LONGEST_NAME);
      const namespace = namespaces.fromFile(name, common);
      if (namespace !== undefined) found.push({ ...namespace, task, pid, fd, file });
    }
  }
  return found;
}

/** Those of an earlier look that are open still. */
export function stillOpen(
  reading: Reading,
  namespaces: NamespaceTable,
  tasks: readonly Task[],
  before: readonly OpenNamespace[],
): OpenNamespace[] {
  const living = new Map(tasks.map(({ address, pid }) => [address, pid]));
  return before.filter(({ task, pid, fd, file, kind, address, inode }) => {
    const open = living.get(task) === pid && fileAt(reading, task, fd) === file;
    return open && namespaces.inode(kind, address) === inode;
  });
}
