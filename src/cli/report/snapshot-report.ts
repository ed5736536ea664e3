/** What a profile's snapshot is made of. */
import { compress, ZSTD_LEVEL } from "../zstd.ts";
import { concatBytes } from "../../base/index.ts";
import type { SnapshotRef } from "../../protocol/machine.ts";
import { PAGE, pagesOf } from "../../../workers/machine/memory-image.ts";
import { decodeSnapshot } from "../../../workers/machine/snapshot.ts";
import { SNAPSHOT_STORE } from "../places.ts";
import { startMachine } from "../start-machine.ts";
import { type GuestPages, readGuestPages } from "./guest-pages.ts";
import type { Section } from "./kernel-image.ts";
import { kernelRanges, kindOf } from "./page-kinds.ts";
import { heaviestFirst, type Part } from "./parts.ts";
import { readBlob } from "./store-report.ts";

const UNMAPPED = "(no process maps it)";

export interface SnapshotReport {
  readonly total: Part;
  /** Each compressed by itself: together they are somewhat more than the whole. */
  readonly kinds: readonly Part[];
  /** Of the page cache and of anonymous memory. */
  readonly files: readonly Part[];
  readonly processes: readonly Part[];
  /** Devices, the tree of the root file system as the emulator keeps it, and our own header. */
  readonly rest: Part;
  /** Pages of the machine that are all zero, and left out. */
  readonly zeroPages: number;
}

/** Groups pages by a name and weighs each group. */
function weigh(saved: ReadonlyMap<number, Uint8Array>, nameOf: (page: number) => string | undefined): Part[] {
  const groups = new Map<string, Uint8Array[]>();
  for (const [page, bytes] of saved) {
    const name = nameOf(page);
    if (name === undefined) continue;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(bytes);
  }
  const parts = [...groups].map(([name, pages]) => ({
    name,
    count: pages.length,
    bytes: pages.length * PAGE,
    stored: compress(concatBytes(pages), ZSTD_LEVEL).length,
  }));
  return heaviestFirst(parts);
}

async function readGuest(profile: string): Promise<GuestPages> {
  const machine = await startMachine({ profile });
  try {
    return await readGuestPages(machine);
  } finally {
    machine.dispose();
  }
}

/**
 * The pages are those of the snapshot; what they are for is asked of a machine that was just started from it. What that
 * machine has done meanwhile it did mostly in pages that were zero, and so are not in the snapshot.
 */
export async function reportSnapshot(
  profile: string,
  snapshot: SnapshotRef,
  sections: readonly Section[],
): Promise<SnapshotReport> {
  const { memory, devices } = decodeSnapshot(new Uint8Array(await readBlob(snapshot, SNAPSHOT_STORE)));
  const saved = new Map(pagesOf(memory));
  const guest = await readGuest(profile);
  const kernel = kernelRanges(sections);
  const kind = (page: number): string => kindOf(page, guest.flags[page], kernel);
  return {
    total: { name: "all", count: saved.size, bytes: snapshot.size, stored: snapshot.stored },
    kinds: weigh(saved, kind),
    files: weigh(saved, (page) =>
      kind(page) === "page cache" ? (guest.files.get(page) ?? UNMAPPED) : undefined,
    ),
    processes: weigh(saved, (page) =>
      kind(page) === "anonymous" ? (guest.processes.get(page) ?? UNMAPPED) : undefined,
    ),
    rest: {
      name: "not memory: devices, file tree",
      bytes: snapshot.size - saved.size * PAGE,
      stored: compress(devices, ZSTD_LEVEL).length,
    },
    zeroPages: memory.total - saved.size,
  };
}
