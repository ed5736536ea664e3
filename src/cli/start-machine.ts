import { join } from "node:path";
import { CodedError } from "../base/index.ts";
import {
  createMachine,
  type Machine,
  type MachineOptions,
  profileOf,
  USUAL_PROFILE,
} from "../machine/index.ts";
import { ensureSnapshots, type OnProgress } from "./make-snapshot.ts";
import { isCheckout, LIBRARY, STORE } from "./places.ts";
import { readManifest, readReleaseIn, withoutSnapshot } from "./profiles.ts";
import { startThread } from "./thread.ts";

/** What may be said about a machine in Node; the rest follows from where the package lies. */
export interface NodeMachineOptions extends Pick<
  MachineOptions,
  "from" | "saved" | "memory" | "hostName" | "onEvent" | "signal"
> {
  /** `base` if not given. */
  readonly profile?: string;
  /** A folder that `vivarium assets` filled; the package's own artifacts if not given. */
  readonly assets?: string;
  /** Told while a snapshot that is not there yet is made. */
  readonly onProgress?: OnProgress;
}

/**
 * A machine in a thread of this process, from the profile's snapshot unless told otherwise.
 * @throws CodedError as `createMachine`; `asset-missing` or `profile-unknown` for an unknown profile
 */
export async function startMachine(options: NodeMachineOptions = {}): Promise<Machine> {
  const { assets = isCheckout ? undefined : LIBRARY } = options;
  return assets === undefined ? startFromArtifacts(options) : startFromFolder(options, assets);
}

async function startFromFolder(options: NodeMachineOptions, assets: string): Promise<Machine> {
  const { profile: name = USUAL_PROFILE, memory, from = "snapshot" } = options;
  const profile = profileOf(await readReleaseIn(assets), name);
  // A snapshot holds a machine of one size; another size has to boot.
  const otherSize = memory !== undefined && memory !== profile.snapshot.memory;
  return createMachine(
    { ...options, profile, from: otherSize ? "firmware" : from, store: join(assets, "store") },
    startThread,
  );
}

async function startFromArtifacts(options: NodeMachineOptions): Promise<Machine> {
  const { profile: name = USUAL_PROFILE, onProgress, ...rest } = options;
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
