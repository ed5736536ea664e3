import type { Capabilities, ProcessDetails } from "../isolation/index.ts";
import type { Reading } from "./reading.ts";

/** NGROUPS_MAX of linux/limits.h is more; so many has no learner. */
const MOST_GROUPS = 1024;

export interface Credentials extends Pick<ProcessDetails, "uids" | "gids" | "groups" | "capabilities"> {
  /** Address of the user namespace. */
  readonly userNamespace: number;
}

/** Credentials by address: many processes share one. Each is read once in a reading. */
export class CredentialReader {
  readonly #reading: Reading;
  readonly #known = new Map<number, Credentials>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(address: number): Credentials {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const { memory, kernel } = this.#reading;
    const { cred } = kernel;
    const mask = (offset: number): Capabilities => {
      const [low, high] = [memory.u32(address + offset), memory.u32(address + offset + 4)];
      return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
    };
    const read: Credentials = {
      userNamespace: memory.u32(address + cred.user_ns),
      uids: {
        real: memory.u32(address + cred.uid),
        effective: memory.u32(address + cred.euid),
        saved: memory.u32(address + cred.suid),
        fs: memory.u32(address + cred.fsuid),
      },
      gids: {
        real: memory.u32(address + cred.gid),
        effective: memory.u32(address + cred.egid),
        saved: memory.u32(address + cred.sgid),
        fs: memory.u32(address + cred.fsgid),
      },
      groups: this.#groups(memory.u32(address + cred.group_info)),
      capabilities: {
        inheritable: mask(cred.cap_inheritable),
        permitted: mask(cred.cap_permitted),
        effective: mask(cred.cap_effective),
        bounding: mask(cred.cap_bset),
        ambient: mask(cred.cap_ambient),
      },
    };
    this.#known.set(address, read);
    return read;
  }

  #groups(info: number): number[] {
    if (info === 0) return [];
    const { memory, kernel } = this.#reading;
    const count = Math.min(memory.u32(info + kernel.groups.ngroups), MOST_GROUPS);
    if (!this.#reading.step(count)) return [];
    return Array.from({ length: count }, (_, i) => memory.u32(info + kernel.groups.gid + i * 4));
  }
}
