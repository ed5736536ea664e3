import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { sh, shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { runSaveCycles } from "../support/save-cycles.ts";

const machine = shared(
  () => startMachine({ hostName: "original" }),
  (started) => started.dispose(),
);

test("a saved machine goes on in another worker, with the right time, and itself goes on as well", async () => {
  await sh(machine(), "echo kept >/tmp/note; sleep 1000 & echo $! >/tmp/pid; disown");
  const uptime = async (of: Machine): Promise<number> =>
    Number((await sh(of, "cat /proc/uptime")).split(" ")[0]);
  const age = await uptime(machine());
  const saved = await machine().exportSaved();
  expect(saved.size).toBeGreaterThan(2_000_000);
  expect(saved.size).toBeLessThan(12_000_000);
  const other = await startMachine({ saved, hostName: "copy" });
  const begin = performance.now();
  try {
    expect(await sh(other, "cat /tmp/note; cat /proc/$(cat /tmp/pid)/comm; hostname")).toBe(
      "kept\nsleep\ncopy\n",
    );
    // The time in which it was a file is none of its own, and neither is that which its new worker took to start.
    const since = (await uptime(other)) - age;
    expect(since).toBeGreaterThan(0);
    expect(since).toBeLessThan(1 + (performance.now() - begin) / 1000);
    expect(Math.abs(Number(await sh(other, "date +%s")) - Date.now() / 1000)).toBeLessThan(5);
    await sh(other, "echo changed >/tmp/note");
    expect(await sh(machine(), "cat /tmp/note; hostname")).toBe("kept\noriginal\n");
    // What was saved by the copy fits the original as well.
    await machine().restore(await other.snapshot());
    expect(await sh(machine(), "cat /tmp/note")).toBe("changed\n");
  } finally {
    other.dispose();
  }
});

/** v86's magic and the version of its states; a header of 16 bytes and JSON follow. */
const DEVICES = Buffer.from([0x76, 0x86, 0x76, 0x86, 6, 0, 0, 0]);

/** A snapshot that reads well, and has nothing where one of v86's devices should be. */
function withoutDevice(snapshot: Uint8Array): Uint8Array {
  const bytes = Buffer.from(snapshot);
  const at = bytes.lastIndexOf(DEVICES);
  const length = bytes.readUInt32LE(at + 12);
  const json = JSON.parse(bytes.toString("utf8", at + 16, at + 16 + length)) as { state: unknown[] };
  json.state[json.state.findIndex(Array.isArray)] = null;
  bytes.write(JSON.stringify(json).padEnd(length), at + 16);
  return bytes;
}

test("what is no saved machine, or does not fit, is refused with a sentence, and the machine goes on", async () => {
  await sh(machine(), "echo here >/tmp/where");
  const snapshot = await machine().snapshot();
  const text = new TextDecoder("latin1").decode(snapshot.subarray(0, 64 * 1024));
  /** The snapshot with a word of its header changed for one of the same length. */
  const changed = (word: string, other: string): Uint8Array => {
    const at = text.indexOf(word);
    expect(at).toBeGreaterThan(0);
    const bytes = snapshot.slice();
    bytes.set(new TextEncoder().encode(other), at);
    return bytes;
  };
  const refused: readonly (readonly [Uint8Array, string, RegExp])[] = [
    [new TextEncoder().encode("a letter"), "snapshot-invalid", /no snapshot of a machine/],
    [snapshot.subarray(0, 3_000_000), "snapshot-invalid", /cut short/],
    [
      changed("v86 0.5.462", "v86 0.5.399"),
      "snapshot-mismatch",
      /saved by v86 0\.5\.399.*this is v86 0\.5\.462/,
    ],
    [changed('"profile":"base"', '"profile":"case"'), "snapshot-mismatch", /profile "case".*"base"/],
    [changed('"kernelBuildId":"', '"kernelBuildId":"x'), "snapshot-mismatch", /another kernel/],
    [changed('"tree":"', '"tree":"x'), "snapshot-mismatch", /another root file system/],
    [changed("134217728", "067108864"), "snapshot-invalid", /snapshot/],
    [snapshot.subarray(0, -1000), "snapshot-invalid", /could not be restored/],
    [withoutDevice(snapshot), "snapshot-invalid", /could not be restored/],
    [gzipSync(new Uint8Array(256 << 20)), "snapshot-invalid", /too large/],
  ];
  for (const [bytes, code, words] of refused) {
    await expect(machine().restore(bytes)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words),
    });
  }
  await expect(startMachine({ saved: new Blob([new Uint8Array(100)]) })).rejects.toMatchObject({
    code: "snapshot-invalid",
  });
  expect(await sh(machine(), "cat /tmp/where")).toBe("here\n");
});

test("keeps its latest past, and goes back to before a fork bomb", async () => {
  const box = await startMachine();
  try {
    await sh(box, "echo early >/tmp/when");
    await box.keepHistory({ everyMs: 300, keep: 4 });
    const moments = await poll(async () => {
      const seen = await box.history();
      return seen.length === 4 ? seen : undefined;
    });
    const ages = moments.map(({ agoMs }) => agoMs);
    expect(ages).toEqual(ages.toSorted((a, b) => b - a));
    expect(ages.at(-1)).toBeLessThan(2000);
    await sh(box, "echo late >/tmp/when");
    // No file of the guest is worth the machine: the bomb has no limit.
    const terminal = await box.openTerminal({ user: "learner", cols: 80, rows: 24 });
    terminal.write("bomb() { bomb | bomb & }; bomb\r");
    await poll(async () => (await box.observe()).processes.length > 300, { timeout: 60_000 });
    const [oldest] = await box.history();
    expect(oldest).toBeDefined();
    await box.keepHistory({ everyMs: 300, keep: 2 });
    const first = (await box.history())[0];
    if (first === undefined) throw new Error("no moment was kept");
    await box.rewind(first);
    expect(await box.history()).toHaveLength(1);
    await box.keepHistory({ everyMs: 0, keep: 0 });
    expect(await box.history()).toEqual([]);
    // One may be under way.
    await poll(async () => (await box.stats()).checkpointBytes === 0);
  } finally {
    box.dispose();
  }
});

test("under load, saved and restored at any slice end, everything goes on unbroken", async () => {
  const { machine: last, ways } = await runSaveCycles({
    machine: await startMachine(),
    restored: (saved) => startMachine({ saved }),
    seed: 20261124,
    cycles: 8,
  });
  last.dispose();
  expect(Object.values(ways).every((count) => count > 0)).toBe(true);
});
