import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CodedError } from "../base/index.ts";
import {
  type ProfileManifest,
  ProfileManifestSchema,
  type Release,
  ReleaseSchema,
  type ReleaseProfile,
} from "../protocol/machine.ts";
import { isBuilt, manifestPath, PREBUILT, RELEASE } from "./places.ts";

/** The profiles whose artifacts are there. */
export async function profileNames(): Promise<string[]> {
  const files = await readdir(PREBUILT).catch(() => []);
  return files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
}

/** @throws CodedError `asset-missing`, `manifest-invalid` */
export async function readManifest(profile: string): Promise<ProfileManifest> {
  if (!isBuilt(profile)) {
    const known = (await profileNames()).join(", ");
    throw new CodedError(
      "asset-missing",
      `there is no profile "${profile}"; there is: ${known === "" ? "none" : known}`,
    );
  }
  const parsed = v.safeParse(
    ProfileManifestSchema,
    JSON.parse(await readFile(manifestPath(profile), "utf8")),
  );
  if (!parsed.success) {
    throw new CodedError(
      "manifest-invalid",
      `${manifestPath(profile)} is malformed: ${parsed.issues[0].message}`,
    );
  }
  return parsed.output;
}

export async function readRelease(): Promise<Release | undefined> {
  const text = await readFile(RELEASE, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = v.safeParse(ReleaseSchema, JSON.parse(text));
  return parsed.success ? parsed.output : undefined;
}

/**
 * The release in a folder that `vivarium assets` filled.
 * @throws CodedError `asset-missing`, `manifest-invalid`
 */
export async function readReleaseIn(folder: string): Promise<Release> {
  const path = join(folder, "release.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new CodedError("asset-missing", `${path} cannot be read`, { cause: error });
  });
  let parsed;
  try {
    parsed = v.safeParse(ReleaseSchema, JSON.parse(text));
  } catch (error) {
    throw new CodedError("manifest-invalid", `${path} is no JSON`, { cause: error });
  }
  if (parsed.success) return parsed.output;
  throw new CodedError("manifest-invalid", `${path} is malformed: ${parsed.issues[0].message}`);
}

/** A profile that boots from firmware only: it names no snapshot that exists. */
export function withoutSnapshot(manifest: ProfileManifest): ReleaseProfile {
  const none = "0".repeat(64);
  return {
    manifest,
    snapshot: { sha256: none, storedSha256: none, size: 0, stored: 0, memory: manifest.memory.default },
  };
}
