/** Which manual pages a profile's guest has, from its list of files. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { ProfileManifest } from "../../protocol/machine.ts";
import { findInStore, isCheckout, LIBRARY } from "../places.ts";
import { readManifest, readReleaseIn } from "../profiles.ts";
import { decompress, startZstd } from "../zstd.ts";

/** `images/lib/store.mjs` writes it: the first field is the name, the last what is in a folder. */
type Entry = readonly unknown[];
const TreeSchema = v.object({ entries: v.array(v.custom<Entry>(Array.isArray)) });
const FOLDER = ["usr", "share", "man"];

function below(entries: readonly Entry[], path: readonly string[]): readonly Entry[] {
  const [name, ...rest] = path;
  if (name === undefined) return entries;
  const found = entries.find(([one]) => one === name)?.at(-1);
  return Array.isArray(found) ? below(found as readonly Entry[], rest) : [];
}

/** @param tree the profile's files as JSON @returns pages as `:man[…]` names them: "unshare(1)" */
export function pagesIn(tree: string): ReadonlySet<string> {
  const { entries } = v.parse(TreeSchema, JSON.parse(tree));
  const pages = new Set<string>();
  for (const section of below(entries, FOLDER)) {
    const folder = section.at(-1);
    if (!/^man\d/.test(String(section[0])) || !Array.isArray(folder)) continue;
    for (const [file] of folder as readonly Entry[]) {
      const [, page, number] = /^(.+)\.(\d[a-z]*)(?:\.gz)?$/.exec(String(file)) ?? [];
      if (page !== undefined && number !== undefined) pages.add(`${page}(${number})`);
    }
  }
  return pages;
}

async function manifestOf(profile: string): Promise<ProfileManifest | undefined> {
  if (isCheckout) return readManifest(profile);
  return (await readReleaseIn(LIBRARY)).profiles[profile]?.manifest;
}

/** @returns undefined when the guest's files are not here @throws CodedError `manifest-invalid` */
export async function manPages(profile: string): Promise<ReadonlySet<string> | undefined> {
  const manifest = await manifestOf(profile);
  const path = manifest === undefined ? undefined : findInStore(manifest.tree.sha256);
  if (path === undefined) return undefined;
  await startZstd();
  return pagesIn(new TextDecoder().decode(decompress(await readFile(path))));
}
