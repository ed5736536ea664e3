import { CodedError } from "../base/index.ts";
import { createMachine, type Machine, type MachineOptions } from "../machine/index.ts";
import { ensureSnapshots, type OnProgress } from "./make-snapshot.ts";
import { STORE } from "./places.ts";
import { readManifest, withoutSnapshot } from "./profiles.ts";
import { startThread } from "./thread.ts";

/** What may be said about a machine in Node; the rest follows from where the package lies. */
export interface NodeMachineOptions extends Pick<
  MachineOptions,
  "from" | "saved" | "memory" | "hostName" | "onEvent" | "signal"
> {
  /** `base` if not given. */
  readonly profile?: string;
  /** Told while a snapshot that is not there yet is made. */
  readonly onProgress?: OnProgress;
}

/**
 * A machine in a thread of this process, from the profile's snapshot unless told otherwise.
 * @throws CodedError as `createMachine`; `asset-missing` for an unknown profile
 */
export async function startMachine(options: NodeMachineOptions = {}): Promise<Machine> {
  const { profile: name = "base", onProgress, ...rest } = options;
  const manifest = await readManifest(name);
  // A snapshot holds a machine of one size; another size has to boot.
  const otherSize = rest.memory !== undefined && rest.memory !== manifest.memory.default;
  const from = otherSize || rest.saved !== undefined ? "firmware" : (rest.from ?? "snapshot");
  const profile =
    from === "firmware"
      ? withoutSnapshot(manifest)
      : (await ensureSnapshots(onProgress ?? (() => undefined))).profiles[name];
  if (profile === undefined) throw new CodedError("asset-missing", `the profile "${name}" has no snapshot`);
  return createMachine({ ...rest, profile, from, store: STORE }, startThread);
}
