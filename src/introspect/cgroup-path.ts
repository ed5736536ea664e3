import type { Reading } from "./reading.ts";

const DEEPEST = 128;
const LONGEST_NAME = 255;

/** Paths of cgroups by their addresses, each worked out once in a reading. */
export class CgroupPaths {
  readonly #reading: Reading;
  readonly #known = new Map<number, string>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** From the root of the tree: `/demo/inner`; `/` for the root. */
  of(cgroup: number): string {
    const known = this.#known.get(cgroup);
    if (known !== undefined) return known;
    const { memory, kernel } = this.#reading;
    let path = "";
    let node = memory.u32(cgroup + kernel.cgroup.kn);
    for (let depth = 0; depth < DEEPEST && this.#reading.step(); depth++) {
      const parent = memory.u32(node + kernel.kernfs.parent);
      if (parent === 0) break;
      path = `/${memory.text(memory.u32(node + kernel.kernfs.name), LONGEST_NAME)}${path}`;
      node = parent;
    }
    this.#known.set(cgroup, path || "/");
    return path || "/";
  }
}
