import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { compress, init as initZstd } from "@bokuweb/zstd-wasm";
import { CodedError, deferred, withDeadline } from "../base/index.ts";
import { createMachine, type Machine } from "../machine/index.ts";
import type { ProfileManifest, Release, ReleaseProfile, SnapshotRef } from "../protocol/machine.ts";
import {
  manifestPath,
  preparationPath,
  RELEASE,
  SNAPSHOT_STORE,
  SNAPSHOTS,
  STORE,
  V86_WASM,
  WORKER,
} from "./places.ts";
import { profileNames, readManifest, readRelease, withoutSnapshot } from "./profiles.ts";
import { startThread } from "./thread.ts";

/** Bumped when this file makes another snapshot from the same inputs. */
const RECIPE = 1;
const ZSTD_LEVEL = 19;
/** Each waits at its prompt in the snapshot, so that a page's first terminal is there at once. */
const TERMINAL_USERS = ["root", "learner"];
const PROMPT = /[#$] $/;
const PROMPT_MS = 30_000;
const PREPARE_MS = 300_000;
const DROP_MS = 20_000;

export type OnProgress = (line: string) => void;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Everything that a snapshot depends on: its profile, the emulator, the worker that wrote it, and this recipe. */
async function keyOf(profile: string): Promise<string> {
  const hash = createHash("sha256").update(`recipe ${RECIPE}, zstd ${ZSTD_LEVEL}`);
  for (const file of [manifestPath(profile), V86_WASM, WORKER])
    hash.update("\0").update(await readFile(file));
  hash.update(`\0${(await preparation(profile)) ?? ""}`);
  return hash.digest("hex");
}

/** The profile's `prepare` script. */
async function preparation(profile: string): Promise<string | undefined> {
  return readFile(preparationPath(profile), "utf8").catch(() => undefined);
}

/** Runs a script in the guest as root. @throws CodedError `boot-failed` with what it said, when it fails. */
async function runScript(machine: Machine, what: string, script: string, timeoutMs: number): Promise<void> {
  const { status, stderr } = await machine.exec({ argv: ["sh", "-c", script], timeoutMs });
  if (status.how === "exited" && status.code === 0) return;
  throw new CodedError("boot-failed", `${what} failed in the guest: ${new TextDecoder().decode(stderr)}`);
}

/** Opens a terminal and leaves it waiting at its first prompt. */
async function leaveAtPrompt(machine: Machine, user: string): Promise<void> {
  const terminal = await machine.openTerminal({ user, cols: 80, rows: 24 });
  const prompt = deferred<void>();
  let text = "";
  const listening = terminal.onOutput(({ bytes }) => {
    text += new TextDecoder().decode(bytes);
    terminal.shown(bytes.length);
    if (PROMPT.test(stripVTControlCharacters(text))) prompt.resolve();
  });
  try {
    await withDeadline(prompt.promise, PROMPT_MS, `the shell of ${user}`);
  } finally {
    listening.dispose();
  }
}

async function takeSnapshot(manifest: ProfileManifest, tell: OnProgress): Promise<Uint8Array> {
  const machine = await createMachine(
    {
      profile: withoutSnapshot(manifest),
      store: STORE,
      from: "firmware",
      onEvent: (event) => {
        if (event.kind === "stage") tell(`${manifest.profile}: ${event.stage}`);
      },
    },
    startThread,
  );
  try {
    const script = await preparation(manifest.profile);
    if (script !== undefined) {
      tell(`${manifest.profile}: preparing`);
      await runScript(machine, "its preparation", script, PREPARE_MS);
    }
    for (const user of TERMINAL_USERS) await leaveAtPrompt(machine, user);
    // What the page cache holds can be read again; without it the snapshot is a fraction of the size.
    await runScript(machine, "dropping caches", "sync; echo 3 >/proc/sys/vm/drop_caches", DROP_MS);
    return await machine.snapshot();
  } finally {
    machine.dispose();
  }
}

async function makeSnapshot(profile: string, key: string, tell: OnProgress): Promise<ReleaseProfile> {
  const manifest = await readManifest(profile);
  const content = await takeSnapshot(manifest, tell);
  tell(`${profile}: compressing ${(content.length / 1e6).toFixed(1)} MB`);
  await initZstd();
  const stored = compress(content, ZSTD_LEVEL);
  const ref: SnapshotRef = {
    sha256: sha256(content),
    size: content.length,
    stored: stored.length,
    storedSha256: sha256(stored),
    memory: manifest.memory.default,
  };
  await mkdir(SNAPSHOT_STORE, { recursive: true });
  const partial = join(SNAPSHOTS, `${ref.sha256}.partial`);
  await writeFile(partial, stored);
  await rename(partial, join(SNAPSHOT_STORE, ref.sha256));
  const made: ReleaseProfile = { manifest, snapshot: ref };
  await writeFile(join(SNAPSHOTS, `${key}.json`), JSON.stringify(made));
  tell(`${profile}: snapshot of ${(stored.length / 1e6).toFixed(1)} MB is ready`);
  return made;
}

async function cached(key: string): Promise<ReleaseProfile | undefined> {
  const text = await readFile(join(SNAPSHOTS, `${key}.json`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const made = JSON.parse(text) as ReleaseProfile;
  const stored = await readFile(join(SNAPSHOT_STORE, made.snapshot.sha256)).catch(() => undefined);
  // A file that was cut short by a full disk or an interrupted run is made again.
  return stored !== undefined && sha256(stored) === made.snapshot.storedSha256 ? made : undefined;
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
  for (const old of Object.values(before?.profiles ?? {})) {
    if (Object.values(profiles).some((profile) => profile.snapshot.sha256 === old.snapshot.sha256)) continue;
    await rm(join(SNAPSHOT_STORE, old.snapshot.sha256), { force: true });
  }
  return release;
}
