import * as v from "valibot";
import { CodedError } from "../base/index.ts";
import { type ReleaseProfile, ReleaseSchema } from "../protocol/machine.ts";
import type { MachineOptions } from "./types.ts";

export const USUAL_PROFILE = "base";

/**
 * The profile of that name in a release.
 * @throws CodedError `manifest-invalid`, `profile-unknown`
 */
export function profileOf(release: unknown, name: string): ReleaseProfile {
  const parsed = v.safeParse(ReleaseSchema, release);
  if (!parsed.success) {
    throw new CodedError("manifest-invalid", `the release is malformed: ${parsed.issues[0].message}`);
  }
  const { profiles } = parsed.output;
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(", ");
    throw new CodedError("profile-unknown", `there is no profile "${name}"; there is: ${known}`);
  }
  return profile;
}

/**
 * A snapshot holds a machine of one size; another size has to boot.
 * @param size MiB of the machine in the snapshot.
 */
export function startsFrom(
  size: number,
  { from = "snapshot", memory = size }: Pick<MachineOptions, "from" | "memory">,
): "firmware" | "snapshot" {
  return memory === size ? from : "firmware";
}
