import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { ROOT } from "../../tools/build.mjs";

const SNAPSHOTS = join(ROOT, ".cache/snapshots");
const SNAPSHOT_STORE = join(SNAPSHOTS, "store");
const STORES = [join(ROOT, "images/prebuilt/store"), SNAPSHOT_STORE];

/** What a machine of the usual profile is made of; all else in the store are its root's files, piece by piece. */
export async function startFiles(): Promise<ReadonlySet<string>> {
  const manifest = await readFile(join(ROOT, "images/prebuilt/base.json"), "utf8");
  const named = manifest.matchAll(/"sha256": "(\w+)"/g);
  return new Set([...[...named].map(([, name]) => name ?? ""), ...(await readdir(SNAPSHOT_STORE))]);
}

/**
 * Starts a machine that waits for files as it does behind a link that is down.
 *
 * @param isHeld Which files of the store do not come until they are released.
 */
export async function withHeldFiles(
  isHeld: (name: string) => boolean,
  body: (machine: Machine, release: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const assets = await mkdtemp(join(tmpdir(), "vivarium-held-"));
  const here = join(assets, "store");
  const held: string[] = [];
  try {
    await copyFile(join(SNAPSHOTS, "release.json"), join(assets, "release.json"));
    await mkdir(here);
    for (const store of STORES) {
      for (const name of await readdir(store)) {
        if (isHeld(name)) held.push(join(store, name));
        else await symlink(join(store, name), join(here, name));
      }
    }
    const machine = await startMachine({ assets });
    try {
      await body(machine, async () => {
        for (const file of held) await symlink(file, join(here, basename(file)));
        machine.retryFiles();
      });
    } finally {
      machine.dispose();
    }
  } finally {
    await rm(assets, { recursive: true });
  }
}
