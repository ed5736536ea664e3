import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decompress, init } from "@bokuweb/zstd-wasm";
import * as v from "valibot";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { type ChunkRef, type PrefetchList, PrefetchListSchema } from "../../src/protocol/machine.ts";
import { sh, shared } from "../support/guest.ts";
import { sitDown } from "../support/typing.ts";
import { readRelease, SNAPSHOTS } from "./release.ts";

const machine = shared(
  () => startMachine(),
  (started) => started.dispose(),
);

async function recorded(): Promise<PrefetchList> {
  const release = await readRelease();
  const name = release.profiles["base"]?.prefetch?.sha256 ?? "none";
  await init();
  const bytes = decompress(await readFile(join(SNAPSHOTS, "store", name)));
  return v.parse(PrefetchListSchema, JSON.parse(new TextDecoder().decode(bytes)));
}

async function reads(of: Machine, script: string): Promise<readonly ChunkRef[]> {
  const { status } = await of.exec({ argv: ["sh", "-c", script], timeoutMs: 20_000 });
  expect(status).toEqual({ how: "exited", code: 0 });
  return of.takeChunksUsed();
}

test("what the first lessons read is in the recorded order, and each chunk in it once", async () => {
  const { boot, lesson } = await recorded();
  for (const list of [boot, lesson]) {
    expect(list.length).toBeGreaterThan(50);
    expect(new Set(list.map(([name]) => name)).size).toBe(list.length);
  }
  const used = await reads(
    machine(),
    "lsns; unshare -pf --mount-proc ps -e; ip link; nft list ruleset; su - learner -c id",
  );
  expect(used.length).toBeGreaterThan(30);
  expect(lesson).toEqual(expect.arrayContaining([...used]));
});

test("a machine tells what it read since it was last asked, and reads nothing twice", async () => {
  await reads(machine(), "true");
  const first = await reads(machine(), "nano --version");
  expect(first.length).toBeGreaterThan(0);
  for (const [, stored, size] of first) {
    expect(stored).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(131_072);
  }
  expect(await reads(machine(), "nano --version")).toEqual([]);
});

test("a typed line runs at the first prompt without a byte of a file", async () => {
  const fresh = await startMachine();
  try {
    for (const user of ["root", "learner"]) {
      const { expectAfter } = await sitDown(fresh, { user, cols: 113, rows: 37 });
      await expectAfter("echo there you are\n", /\nthere you are\n[^]*[$#] $/);
    }
    expect(await fresh.takeChunksUsed()).toEqual([]);
  } finally {
    fresh.dispose();
  }
});

test("files are read ahead again, though nothing was while the snapshot was made", async () => {
  expect(Number(await sh(machine(), "cat /sys/class/bdi/9p-*/read_ahead_kb"))).toBeGreaterThan(64);
});
