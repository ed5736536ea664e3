/** What the store holds of a profile. */
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { compress, decompress, ZSTD_LEVEL } from "../zstd.ts";
import * as v from "valibot";
import type { BlobRef, ProfileManifest } from "../../protocol/machine.ts";
import { IMAGES, PREBUILT } from "../places.ts";
import { readSections, type Section } from "./kernel-image.ts";
import { packagesOf, parseLists, type TreeFile } from "./packages.ts";
import { heaviestFirst, type Part, Tally } from "./parts.ts";

const LARGEST = 25;
const MADE_HERE = "(made here: agent, early-init, stand-ins, own files)";
const MERGED = /^\/(bin|sbin|lib)(?=\/|$)/;

/** `images/lib/store.mjs` writes it. */
type Entry = readonly [
  name: string,
  size: number,
  mtime: number,
  mode: number,
  uid: number,
  gid: number,
  last: string | readonly Entry[],
];
const TreeSchema = v.object({
  entries: v.custom<readonly Entry[]>(Array.isArray),
  chunks: v.record(v.string(), v.array(v.tuple([v.string(), v.number()]))),
  stored: v.record(v.string(), v.number()),
});
const LINK = 0o120000;
const TYPE = 0o170000;

export interface StoreReport {
  readonly total: Part;
  readonly packages: readonly Part[];
  /** With their packages. */
  readonly largest: readonly (Part & { readonly package: string })[];
  readonly kernel: Part;
  /** Stored: each by itself. */
  readonly kernelSections: readonly Part[];
  readonly firmware: Part;
  readonly tree: Part;
  readonly layout: Part;
}

export async function readBlob({ sha256 }: BlobRef, store = join(PREBUILT, "store")): Promise<Uint8Array> {
  return decompress(await readFile(join(store, sha256)));
}

const partOf = (name: string, { size, stored }: BlobRef): Part => ({ name, bytes: size, stored });

interface File extends TreeFile {
  readonly bytes: number;
  readonly sha256: string;
}

function listFiles(entries: readonly Entry[], dir = "/"): File[] {
  return entries.flatMap(([name, bytes, , mode, , , last]) => {
    const path = posix.join(dir, name);
    if (typeof last !== "string") return listFiles(last, path);
    if ((mode & TYPE) !== LINK) return [{ path, bytes, sha256: last }];
    return [{ path, bytes: 0, sha256: "", target: posix.resolve(dir, last).replace(MERGED, "/usr/$1") }];
  });
}

/** The lists of all profiles: a profile may stand on others. */
async function readLists(): Promise<string[]> {
  const folders = await readdir(IMAGES, { withFileTypes: true });
  const lists = folders
    .filter((folder) => folder.isDirectory())
    .map((folder) => readFile(join(IMAGES, folder.name, "files"), "utf8").catch(() => ""));
  return Promise.all(lists);
}

function weighSections(sections: readonly Section[]): Part[] {
  return sections.map(({ name, size, bytes }) => ({
    name,
    bytes: size,
    stored: bytes.length === 0 ? 0 : compress(bytes, ZSTD_LEVEL).length,
  }));
}

export async function reportStore(
  manifest: ProfileManifest,
  sections: readonly Section[],
): Promise<StoreReport> {
  const text = new TextDecoder().decode(await readBlob(manifest.tree));
  const { entries, chunks, stored } = v.parse(TreeSchema, JSON.parse(text));
  const files = listFiles(entries);
  const owners = packagesOf(files, parseLists(await readLists()));
  const packages = new Tally();
  const weighed: (Part & { readonly package: string })[] = [];
  const seen = new Set<string>();
  const once = (hash: string, bytes: number): number => (seen.has(hash) ? 0 : (seen.add(hash), bytes));
  for (const { path, bytes, sha256, target } of files) {
    if (target !== undefined) continue;
    const parts = chunks[sha256] ?? [[sha256, stored[sha256] ?? 0] as const];
    // What two files share is stored once, and counts for the first.
    const kept = parts.reduce((sum, [hash, size]) => sum + once(hash, size), 0);
    const owner = owners.get(path) ?? MADE_HERE;
    packages.add(owner, bytes, kept);
    weighed.push({ name: path, bytes, stored: kept, package: owner });
  }
  const { files: count, bytes, stored: all } = manifest.totals;
  return {
    total: { name: "all", count, bytes, stored: all },
    packages: packages.parts(),
    largest: heaviestFirst(weighed).slice(0, LARGEST),
    kernel: partOf("kernel", manifest.kernel),
    kernelSections: weighSections(sections),
    firmware: partOf("firmware", manifest.firmware),
    tree: partOf("tree of the file system", manifest.tree),
    layout: partOf("layout of the kernel's structures", manifest.kernelInfo.layout),
  };
}

export async function kernelSections(manifest: ProfileManifest): Promise<Section[]> {
  return readSections(await readBlob(manifest.kernel));
}
