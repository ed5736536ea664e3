import { join } from "node:path";
import { CodedError } from "../base/index.ts";
import { type MachineOptions, profileOf, startsFrom, USUAL_PROFILE } from "../machine/index.ts";
import { ensureSnapshots, type OnProgress } from "./make-snapshot.ts";
import { isCheckout, LIBRARY, STORE } from "./places.ts";
import { readManifest, readReleaseIn, withoutSnapshot } from "./profiles.ts";

/** What a machine in Node is made from, as it is asked for. */
export interface ProfileToStart extends Pick<MachineOptions, "from" | "saved" | "memory"> {
  /** `base` if not given. */
  readonly profile?: string;
  /** A folder that `vivarium assets` filled; the package's own artifacts if not given. */
  readonly assets?: string;
  /** Told while a snapshot that is not there yet is made. */
  readonly onProgress?: OnProgress;
}

type Found = Required<Pick<MachineOptions, "profile" | "from" | "store">>;

/** @throws CodedError `asset-missing` or `profile-unknown` for an unknown profile */
export async function profileToStart(options: ProfileToStart): Promise<Found> {
  const { assets = isCheckout ? undefined : LIBRARY } = options;
  return assets === undefined ? fromArtifacts(options) : fromFolder(options, assets);
}

async function fromFolder(options: ProfileToStart, assets: string): Promise<Found> {
  const { profile: name = USUAL_PROFILE } = options;
  const profile = profileOf(await readReleaseIn(assets), name);
  return { profile, from: startsFrom(profile.snapshot.memory, options), store: join(assets, "store") };
}

async function fromArtifacts(options: ProfileToStart): Promise<Found> {
  const { profile: name = USUAL_PROFILE, saved, onProgress } = options;
  const manifest = await readManifest(name);
  // A saved machine wants no snapshot.
  const from = saved === undefined ? startsFrom(manifest.memory.default, options) : "firmware";
  if (from === "firmware") return { from, profile: withoutSnapshot(manifest), store: STORE };
  const profile = (await ensureSnapshots(onProgress ?? (() => undefined))).profiles[name];
  if (profile === undefined) throw new CodedError("asset-missing", `the profile "${name}" has no snapshot`);
  return { from, profile, store: STORE };
}
