/** `vivarium report`: what the artifacts and the snapshots are made of, and what each part costs. */
import { ensureSnapshots } from "../make-snapshot.ts";
import { startZstd } from "../zstd.ts";
import { readManifest } from "../profiles.ts";
import type { Part } from "./parts.ts";
import { reportSnapshot, type SnapshotReport } from "./snapshot-report.ts";
import { kernelSections, reportStore, type StoreReport } from "./store-report.ts";

interface ProfileReport {
  readonly profile: string;
  readonly store: StoreReport;
  readonly snapshot: SnapshotReport;
}

const columns = (part: Part): string =>
  [part.stored, part.bytes, part.count ?? ""]
    .map((value) => value.toLocaleString("en").padStart(12))
    .join("");

function table(title: string, unit: string, parts: readonly Part[]): string {
  const head = ["stored", "bytes", unit].map((word) => word.padStart(12)).join("");
  return [`\n${head}  ${title}`, ...parts.map((part) => `${columns(part)}  ${part.name}`)].join("\n");
}

function print({ profile, store, snapshot }: ProfileReport): string {
  return [
    `\n=== ${profile}: the store`,
    table("", "files", [store.total, store.kernel, store.firmware, store.tree, store.layout]),
    table("by package; what two files share counts once", "files", store.packages),
    table(
      "the largest files",
      "",
      store.largest.map((part) => ({ ...part, name: `${part.name} (${part.package})` })),
    ),
    table("the kernel by section, each compressed by itself", "", store.kernelSections),
    `\n=== ${profile}: the snapshot (${snapshot.zeroPages.toLocaleString("en")} pages of zeros are left out)`,
    table("", "pages", [snapshot.total, snapshot.rest]),
    table("memory by kind, each compressed by itself", "pages", snapshot.kinds),
    table("page cache by file", "pages", snapshot.files),
    table("anonymous memory by process", "pages", snapshot.processes),
    "",
  ].join("\n");
}

/**
 * @param only The one profile to report of; all that are built if not given.
 * @param tell Told while a snapshot that is not there yet is made.
 * @throws CodedError `asset-missing` for an unknown profile
 */
export async function report(
  only: string | undefined,
  json: boolean,
  tell: (line: string) => void,
): Promise<string> {
  if (only !== undefined) await readManifest(only);
  const { profiles } = await ensureSnapshots(tell);
  await startZstd();
  const reports: ProfileReport[] = [];
  for (const [profile, { manifest, snapshot }] of Object.entries(profiles)) {
    if (only !== undefined && profile !== only) continue;
    tell(`${profile}: weighing`);
    const sections = await kernelSections(manifest);
    reports.push({
      profile,
      store: await reportStore(manifest, sections),
      snapshot: await reportSnapshot(profile, snapshot, sections),
    });
  }
  return json ? `${JSON.stringify(reports)}\n` : `${reports.map(print).join("\n")}\n`;
}
