import type { Reading } from "./reading.ts";

const DEEPEST = 128;
const LONGEST_NAME = 255;

/** Names by dentry, from the top of a file system at `top` down to it. */
function inside(reading: Reading, dentry: number, top: number): string {
  const { memory, kernel } = reading;
  const { d_parent: parentAt, "d_name.name": nameAt, "d_name.len": lengthAt } = kernel.dentry;
  let path = "";
  let at = dentry;
  for (let depth = 0; at !== top && depth < DEEPEST && reading.step(); depth++) {
    const parent = memory.u32(at + parentAt);
    if (parent === at || parent === 0) break;
    const length = Math.min(memory.u32(at + lengthAt), LONGEST_NAME);
    if (!reading.step(length >> 3)) break;
    path = `/${memory.text(memory.u32(at + nameAt), length)}${path}`;
    at = parent;
  }
  return path;
}

/** Where a dentry is in its own file system; `/` for its top. */
export function pathInFileSystem(reading: Reading, dentry: number): string {
  const { memory, kernel } = reading;
  const block = memory.u32(dentry + kernel.dentry.d_sb);
  return inside(reading, dentry, memory.u32(block + kernel.superBlock.s_root)) || "/";
}

/** A directory in a mount, as `struct path` holds it; both are addresses, `mount` that of the `struct mount`. */
export interface Place {
  readonly mount: number;
  readonly dentry: number;
}

/** A `struct path`. */
export function placeAt({ memory, kernel }: Reading, address: number): Place {
  return {
    mount: memory.u32(address + kernel.path.mnt) - kernel.mount.mnt,
    dentry: memory.u32(address + kernel.path.dentry),
  };
}

/**
 * A place over all mounts between it and `root`.
 *
 * @param root Where to stop; without one the way goes to the very top.
 * @returns undefined when the way does not lead past `root`
 */
export function pathFrom(reading: Reading, place: Place, root?: Place): string | undefined {
  const { memory, kernel } = reading;
  let { mount, dentry } = place;
  let path = "";
  for (let depth = 0; depth < DEEPEST && reading.step(); depth++) {
    if (mount === root?.mount) return `${inside(reading, dentry, root.dentry)}${path}` || "/";
    path = `${inside(reading, dentry, memory.u32(mount + kernel.mount["mnt.mnt_root"]))}${path}`;
    const parent = memory.u32(mount + kernel.mount.mnt_parent);
    if (parent === mount) return root === undefined ? path || "/" : undefined;
    dentry = memory.u32(mount + kernel.mount.mnt_mountpoint);
    mount = parent;
  }
  return undefined;
}
