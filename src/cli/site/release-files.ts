/** The release of a built site: one list that names each of its files by hash, and its service worker. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OfflineSite } from "../../protocol/offline.ts";
import { RELEASE_META } from "../../protocol/offline.ts";
import type { Release } from "../../protocol/machine.ts";
import type { SiteRelease } from "../../state/index.ts";
import type { StoredFiles } from "../assets.ts";

/** The service worker's code, as it comes with the page; and the address at which a site has its own. */
export const SERVICE_WORKER_CODE = "service-worker.js";
export const SERVICE_WORKER = "sw.js";
const RELEASE_FILE = "release.json";
const ID_LENGTH = 16;

/** As Subresource Integrity writes a hash. */
function integrityOf(content: string | Uint8Array): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

function withRelease(html: string, id: string): string {
  return html.replace("</title>", () => `</title>\n    <meta name="${RELEASE_META}" content="${id}" />`);
}

export interface SiteParts {
  readonly folder: string;
  /** What lies in the folder already and belongs to the page, by its path. */
  readonly files: readonly string[];
  /** The pages themselves, by their names. */
  readonly pages: ReadonlyMap<string, string>;
  readonly profiles: Release["profiles"];
  readonly store: StoredFiles;
  /** The service worker's code. */
  readonly code: string;
}

/**
 * Names the release by what is in it, and gives what makes it known, in the order in which it is to be written: whoever
 * sees the last has all the others.
 */
export function releaseFiles(parts: SiteParts): ReadonlyMap<string, string> {
  const { folder, pages, profiles, store } = parts;
  const listed = (content: string | Uint8Array): readonly [string, number] => [
    integrityOf(content),
    Buffer.byteLength(content),
  ];
  const others = parts.files
    .toSorted()
    .map((path) => [path, ...listed(readFileSync(join(folder, path)))] as const);
  const stores = Object.fromEntries(store);
  const content = JSON.stringify([others, [...pages], profiles, stores, parts.code]);
  const id = createHash("sha256").update(content).digest("hex").slice(0, ID_LENGTH);

  const named = [...pages].map(([path, html]) => [path, withRelease(html, id)] as const);
  const files = [...others, ...named.map(([path, html]) => [path, ...listed(html)] as const)];
  const release: SiteRelease & Release = { format: 1, id, profiles, files, stores };
  const manifest = JSON.stringify(release);
  const site: OfflineSite = {
    id,
    files: [
      ...files.map(([path, integrity]) => [path, integrity] as const),
      [RELEASE_FILE, integrityOf(manifest)],
    ],
  };
  return new Map([
    ...named,
    [RELEASE_FILE, manifest],
    [SERVICE_WORKER, `self.vivariumSite = ${JSON.stringify(site)};\n${parts.code}`],
  ]);
}
