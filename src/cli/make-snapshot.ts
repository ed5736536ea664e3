import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMachine, type Machine } from "../machine/index.ts";
import {
  type BlobRef,
  type PrefetchList,
  type ProfileManifest,
  type Release,
  type ReleaseProfile,
  SNAPSHOT_MAC,
  type SnapshotRef,
} from "../protocol/machine.ts";
import { manifestPath, RELEASE, SNAPSHOT_STORE, SNAPSHOTS, STORE, V86_WASM, WORKER } from "./places.ts";
import { profileNames, readManifest, readRelease, withoutSnapshot } from "./profiles.ts";
import { readScript, runScript, SCRIPTS } from "./guest-script.ts";
import { emptyPageCache, readNoAhead } from "./lean-memory.ts";
import { startThread } from "./thread.ts";
import { WaitingShell } from "./waiting-shell.ts";
import { compress, startZstd, ZSTD_LEVEL } from "./zstd.ts";

/** Bumped when this file makes another snapshot from the same inputs. */
const RECIPE = 7;
const SCRIPT_MS = 300_000;

export type OnProgress = (line: string) => void;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Everything that a snapshot depends on: profile, emulator, the worker that wrote it, its scripts, this recipe. */
async function keyOf(profile: string): Promise<string> {
  const hash = createHash("sha256").update(`recipe ${RECIPE}, zstd ${ZSTD_LEVEL}`);
  for (const file of [manifestPath(profile), V86_WASM, WORKER])
    hash.update("\0").update(await readFile(file));
  for (const script of SCRIPTS) hash.update(`\0${(await readScript(profile, script)) ?? ""}`);
  return hash.digest("hex");
}

interface Taken {
  readonly snapshot: Uint8Array;
  readonly prefetch: PrefetchList | undefined;
}

/** Lets a machine that was just saved go on as its first learner would, to see what that one will read. */
async function record(
  machine: Machine,
  profile: string,
  boot: PrefetchList["boot"],
): Promise<PrefetchList | undefined> {
  const script = await readScript(profile, "rehearsal");
  if (script === undefined) return undefined;
  await runScript(machine, "the rehearsal", script, SCRIPT_MS);
  return { format: 1, boot, lesson: [...(await machine.takeChunksUsed())] };
}

async function takeSnapshot(manifest: ProfileManifest, tell: OnProgress): Promise<Taken> {
  const machine = await createMachine(
    {
      profile: withoutSnapshot(manifest),
      store: STORE,
      from: "firmware",
      mac: SNAPSHOT_MAC,
      onEvent: (event) => {
        if (event.kind === "stage") tell(`${manifest.profile}: ${event.stage}`);
      },
    },
    startThread,
  );
  try {
    const script = await readScript(manifest.profile, "prepare");
    if (script !== undefined) {
      tell(`${manifest.profile}: preparing`);
      await runScript(machine, "the preparation", script, SCRIPT_MS);
    }
    const readAhead = await readNoAhead(machine);
    const root = await WaitingShell.open(machine, "root");
    const learner = await WaitingShell.open(machine, "learner");
    await emptyPageCache(machine);
    for (const shell of [root, learner]) await shell.practise();
    await learner.leave();
    // All that is practised is in memory by now.
    await root.leave(readAhead);
    const boot = [...(await machine.takeChunksUsed())];
    const snapshot = await machine.snapshot();
    tell(`${manifest.profile}: rehearsing`);
    return { snapshot, prefetch: await record(machine, manifest.profile, boot) };
  } finally {
    machine.dispose();
  }
}

/** Puts a file into the store of what is made here, and says how it is named. */
async function store(content: Uint8Array): Promise<BlobRef> {
  const stored = compress(content, ZSTD_LEVEL);
  const ref = {
    sha256: sha256(content),
    size: content.length,
    stored: stored.length,
    storedSha256: sha256(stored),
  };
  await mkdir(SNAPSHOT_STORE, { recursive: true });
  const partial = join(SNAPSHOTS, `${ref.sha256}.partial`);
  await writeFile(partial, stored);
  await rename(partial, join(SNAPSHOT_STORE, ref.sha256));
  return ref;
}

async function makeSnapshot(profile: string, key: string, tell: OnProgress): Promise<ReleaseProfile> {
  const manifest = await readManifest(profile);
  const taken = await takeSnapshot(manifest, tell);
  tell(`${profile}: compressing ${(taken.snapshot.length / 1e6).toFixed(1)} MB`);
  await startZstd();
  const snapshot: SnapshotRef = { ...(await store(taken.snapshot)), memory: manifest.memory.default };
  const made: ReleaseProfile = {
    manifest,
    snapshot,
    ...(taken.prefetch === undefined
      ? {}
      : { prefetch: await store(new TextEncoder().encode(JSON.stringify(taken.prefetch))) }),
  };
  await writeFile(join(SNAPSHOTS, `${key}.json`), JSON.stringify(made));
  tell(`${profile}: snapshot of ${(snapshot.stored / 1e6).toFixed(1)} MB is ready`);
  return made;
}

/** The files that were made here for a profile. */
function madeFor({ snapshot, prefetch }: ReleaseProfile): readonly BlobRef[] {
  return prefetch === undefined ? [snapshot] : [snapshot, prefetch];
}

async function cached(key: string): Promise<ReleaseProfile | undefined> {
  const text = await readFile(join(SNAPSHOTS, `${key}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const made = JSON.parse(text) as ReleaseProfile;
  for (const ref of madeFor(made)) {
    const stored = await readFile(join(SNAPSHOT_STORE, ref.sha256)).catch(() => undefined);
    // A file that was cut short by a full disk or an interrupted run is made again.
    if (stored === undefined || sha256(stored) !== ref.storedSha256) return undefined;
  }
  return made;
}

/** Makes the snapshots that are not there yet and writes what the page is built from. */
export async function ensureSnapshots(tell: OnProgress, again = false): Promise<Release> {
  const profiles: Record<string, ReleaseProfile> = {};
  for (const profile of await profileNames()) {
    const key = await keyOf(profile);
    profiles[profile] = (again ? undefined : await cached(key)) ?? (await makeSnapshot(profile, key, tell));
  }
  const release: Release = { format: 1, profiles };
  const text = JSON.stringify(release);
  const before = await readRelease();
  if (JSON.stringify(before) === text) return release;
  await mkdir(SNAPSHOTS, { recursive: true });
  await writeFile(RELEASE, text);
  const wanted = new Set(
    Object.values(profiles).flatMap((profile) => madeFor(profile).map((ref) => ref.sha256)),
  );
  for (const old of Object.values(before?.profiles ?? {}).flatMap(madeFor)) {
    if (!wanted.has(old.sha256)) await rm(join(SNAPSHOT_STORE, old.sha256), { force: true });
  }
  return release;
}
