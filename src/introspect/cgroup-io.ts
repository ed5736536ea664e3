import type { IoDevice, Limit } from "../isolation/index.ts";
import { hlistOf } from "./lists.ts";
import type { Reading } from "./reading.ts";

const MOST_DISKS = 256;
const LONGEST_NAME = 32;
const UNLIMITED = 0xffff_ffff;
/** Reading, writing, discarding: bytes, then operations, 8 bytes each. */
const KINDS = 3;

/** What the block layer keeps of one cgroup for one disk. */
interface Group {
  readonly address: number;
  readonly parent: number;
  /** Bytes and operations by kind, with all that has not been added up yet. */
  readonly counts: number[];
}

/**
 * I/O of all cgroups. What was done is added up when somebody reads `io.stat`, from the bottom to the top but not into the
 * root (`blkcg_rstat_flush` of block/blk-cgroup.c); what has not been is added here.
 */
export class IoCounts {
  readonly #reading: Reading;
  readonly #byCgroup = new Map<number, Group[]>();

  /** @param controls Addresses of the `blkcg` of every cgroup, parents first. */
  constructor(reading: Reading, controls: readonly number[]) {
    this.#reading = reading;
    const { memory, kernel } = reading;
    const all = new Map<number, Group>();
    for (const control of controls) {
      const groups = hlistOf(reading, control + kernel.blkcg.blkg_list, {
        link: kernel.blkg.blkcg_node,
        what: "disks",
        most: MOST_DISKS,
      }).map((address) => this.#group(address));
      this.#byCgroup.set(control, groups);
      for (const group of groups) all.set(group.address, group);
    }
    // From the bottom up: parents stand before their children.
    for (const group of [...all.values()].toReversed()) {
      const parent = all.get(group.parent);
      if (parent === undefined || memory.u32(parent.address + kernel.blkg.parent) === 0) continue;
      const told = group.address + kernel.blkg.iostat + kernel.iostatSet.last;
      this.#read(told).forEach((count, i) => {
        parent.counts[i] = (parent.counts[i] ?? 0) + (group.counts[i] ?? 0) - count;
      });
    }
  }

  #read(address: number): number[] {
    const { memory, kernel } = this.#reading;
    const array = (offset: number): number[] =>
      Array.from({ length: KINDS }, (_, kind) => memory.u64(address + offset + kind * 8));
    return [...array(kernel.iostat.bytes), ...array(kernel.iostat.ios)];
  }

  #group(address: number): Group {
    const { memory, kernel } = this.#reading;
    const counts = this.#read(address + kernel.blkg.iostat + kernel.iostatSet.cur);
    const own = memory.u32(address + kernel.blkg.iostat_cpu);
    if (own !== 0) {
      const last = this.#read(own + kernel.iostatSet.last);
      this.#read(own + kernel.iostatSet.cur).forEach((count, i) => {
        counts[i] = (counts[i] ?? 0) + count - (last[i] ?? 0);
      });
    }
    return { address, parent: memory.u32(address + kernel.blkg.parent), counts };
  }

  /** The disks that a cgroup has used or has a limit for. */
  of(control: number): IoDevice[] {
    const groups = this.#byCgroup.get(control) ?? [];
    return groups
      .map((group) => this.#device(group))
      .filter(
        ({ stat, max }) =>
          Object.values(stat).some(Boolean) || Object.values(max).some((one) => one !== "max"),
      );
  }

  #device({ address, counts }: Group): IoDevice {
    const { memory, kernel } = this.#reading;
    const { ioKind, throttle, disk: diskAt } = kernel;
    const disk = memory.u32(memory.u32(address + kernel.blkg.q) + kernel.queue.disk);
    const policy = memory.u32(kernel.symbols.throttling + kernel.blkPolicy.plid) & 7;
    const data = memory.u32(address + kernel.blkg.pd + policy * 4);
    const group = data === 0 ? 0 : data - throttle.pd;
    const count = (kind: number): number => Math.max(0, counts[kind] ?? 0);
    return {
      device: `${memory.u32(disk + diskAt.major)}:${memory.u32(disk + diskAt.first_minor)}`,
      name: memory.text(disk + diskAt.disk_name, LONGEST_NAME),
      max: {
        rbps: this.#bytesLimit(group, 0),
        wbps: this.#bytesLimit(group, 1),
        riops: this.#operationsLimit(group, 0),
        wiops: this.#operationsLimit(group, 1),
      },
      stat: {
        readBytes: count(ioKind.read),
        writtenBytes: count(ioKind.write),
        discardedBytes: count(ioKind.discard),
        reads: count(KINDS + ioKind.read),
        writes: count(KINDS + ioKind.write),
        discards: count(KINDS + ioKind.discard),
      },
      waiting:
        group === 0
          ? 0
          : memory.u32(group + throttle["service_queue.nr_queued"]) +
            memory.u32(group + throttle["service_queue.nr_queued"] + 4),
    };
  }

  #bytesLimit(group: number, direction: number): Limit {
    if (group === 0) return "max";
    const { memory, kernel } = this.#reading;
    const at = group + kernel.throttle.bps_conf + (direction * kernel.limitKinds + kernel.limitMax) * 8;
    const unlimited = memory.u32(at) === UNLIMITED && memory.u32(at + 4) === UNLIMITED;
    return unlimited ? "max" : memory.u64(at);
  }

  #operationsLimit(group: number, direction: number): Limit {
    if (group === 0) return "max";
    const { memory, kernel } = this.#reading;
    const value = memory.u32(
      group + kernel.throttle.iops_conf + (direction * kernel.limitKinds + kernel.limitMax) * 4,
    );
    return value === UNLIMITED ? "max" : value;
  }
}
