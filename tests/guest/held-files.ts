import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { ROOT } from "../../tools/build.mjs";
import { readRelease, SNAPSHOTS } from "./release.ts";

const STORES = [join(ROOT, "images/prebuilt/store"), join(SNAPSHOTS, "store")];

/** What a machine of the usual profile starts with; all else in the store are its root's files, piece by piece. */
export async function startFiles(): Promise<ReadonlySet<string>> {
  const base = (await readRelease()).profiles["base"];
  if (base === undefined) throw new Error("the release has no base");
  const { tree, kernelInfo } = base.manifest;
  return new Set([tree, kernelInfo.layout, base.snapshot].map(({ sha256 }) => sha256));
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
