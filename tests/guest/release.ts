import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { type Release, ReleaseSchema } from "../../src/protocol/machine.ts";
import { ROOT } from "../../tools/build.mjs";

/** What the tests' machines are made of: `release.json`, and what was made here of the store. */
export const SNAPSHOTS = join(ROOT, ".cache/snapshots");

export async function readRelease(): Promise<Release> {
  return v.parse(ReleaseSchema, JSON.parse(await readFile(join(SNAPSHOTS, "release.json"), "utf8")));
}
