/** `vivarium assets`: what a page that starts machines has to serve, in one folder. */
import { constants, statSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CodedError } from "../base/index.ts";
import { profileOf } from "../machine/index.ts";
import { PrefetchListSchema, type Release, type ReleaseProfile } from "../protocol/machine.ts";
import { findInStore } from "./places.ts";
import { decompress, startZstd } from "./zstd.ts";

/** What is needed of the tree that `images/lib/store.mjs` writes. */
const TreeSchema = v.object({
  chunks: v.record(v.string(), v.array(v.tuple([v.string(), v.number()]))),
  stored: v.record(v.string(), v.number()),
});

async function readStored(name: string): Promise<Uint8Array> {
  const path = findInStore(name);
  if (path === undefined) throw new CodedError("asset-missing", `the store has no ${name}`);
  return readFile(path);
}

/** The names of all files in the store that a profile's machines may ask for. */
async function namesOf({ manifest, snapshot, prefetch }: ReleaseProfile): Promise<string[]> {
  const { kernel, firmware, tree, kernelInfo } = manifest;
  const single = [kernel, firmware, tree, kernelInfo.layout, snapshot, ...(prefetch ? [prefetch] : [])];
  await startZstd();
  const text = new TextDecoder().decode(decompress(await readStored(tree.sha256)));
  const { chunks, stored } = v.parse(TreeSchema, JSON.parse(text));
  const whole = Object.keys(stored).filter((name) => !Object.hasOwn(chunks, name));
  const parts = Object.values(chunks).flatMap((list) => list.map(([name]) => name));
  return [...single.map(({ sha256 }) => sha256), ...whole, ...parts];
}

/** Files of the store for each profile whose machines may ask for them; `ahead` if one fetches it at any start. */
export type StoredFiles = ReadonlyMap<
  string,
  readonly (readonly [name: string, bytes: number, ahead: boolean])[]
>;

/** What a machine of the profile fetches without being asked, when it starts from its snapshot and afterwards. */
async function fetchedAhead({ manifest, snapshot, prefetch }: ReleaseProfile): Promise<Set<string>> {
  const first = [manifest.tree, manifest.kernelInfo.layout, snapshot];
  if (prefetch === undefined) return new Set(first.map(({ sha256 }) => sha256));
  await startZstd();
  const text = new TextDecoder().decode(decompress(await readStored(prefetch.sha256)));
  const { lesson } = v.parse(PrefetchListSchema, JSON.parse(text));
  return new Set([...first, prefetch].map(({ sha256 }) => sha256).concat(lesson.map(([name]) => name)));
}

function find(name: string): { readonly path: string; readonly bytes: number } {
  const path = findInStore(name);
  if (path === undefined) throw new CodedError("asset-missing", `the store has no ${name}`);
  return { path, bytes: statSync(path).size };
}

/**
 * Puts `release.json` and `store/` into a folder; files of the store that are there already stay as they are.
 * @param only The profiles to put there; all if none is named.
 * @throws CodedError `profile-unknown`, `asset-missing`
 */
export async function putAssets(
  release: Release,
  only: readonly string[],
  folder: string,
): Promise<StoredFiles> {
  const names = only.length > 0 ? only : Object.keys(release.profiles);
  const profiles = Object.fromEntries(names.map((name) => [name, profileOf(release, name)]));
  const store = join(folder, "store");
  await mkdir(store, { recursive: true });
  const stored = new Map<string, readonly (readonly [string, number, boolean])[]>();
  for (const [name, profile] of Object.entries(profiles)) {
    const wanted = [...new Set(await namesOf(profile))];
    const ahead = await fetchedAhead(profile);
    stored.set(
      name,
      wanted.map((file) => [file, find(file).bytes, ahead.has(file)]),
    );
  }
  const sizes = new Map([...stored.values()].flat().map(([name, size]) => [name, size]));
  for (const [name, size] of sizes) {
    const to = join(store, name);
    // One that another run had no time to finish is shorter.
    if (statSync(to, { throwIfNoEntry: false })?.size !== size)
      await copyFile(find(name).path, to, constants.COPYFILE_FICLONE);
  }
  await writeFile(join(folder, "release.json"), JSON.stringify({ format: 1, profiles } satisfies Release));
  return stored;
}
