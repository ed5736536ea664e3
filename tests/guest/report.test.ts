import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { COMMAND } from "../../tools/build.mjs";

interface Part {
  readonly name: string;
  readonly count?: number;
  readonly bytes: number;
  readonly stored: number;
}
type Parts = readonly Part[];

const sum = (parts: Parts, what: "count" | "bytes" | "stored"): number =>
  parts.reduce((total, part) => total + (part[what] ?? 0), 0);
const named = (parts: Parts, name: string): Part => {
  const found = parts.find((part) => part.name === name);
  if (found === undefined)
    throw new Error(`there is no ${name} among ${parts.map((part) => part.name).join(", ")}`);
  return found;
};

test("vivarium report accounts for every byte of the store and every page of the snapshot", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [COMMAND, "report", "--json", "--profile", "base"],
    { maxBuffer: 1 << 26 },
  );
  const [{ profile, store, snapshot }] = JSON.parse(stdout);
  expect(profile).toBe("base");

  const single: Parts = [store.kernel, store.firmware, store.tree, store.layout];
  expect(sum(store.packages, "bytes")).toBe(store.total.bytes);
  expect(sum(store.packages, "count")).toBe(store.total.count);
  // An empty file takes nothing; what is equal to the kernel, the firmware, the tree or the layout there is none.
  expect(sum(store.packages, "stored") + sum(single, "stored")).toBe(store.total.stored);
  expect(store.largest).toHaveLength(25);
  expect(named(store.largest, "/usr/bin/bash")).toMatchObject({ package: "bash" });
  expect(named(store.packages, "libc6").bytes).toBeGreaterThan(2_000_000);
  const text = named(store.kernelSections, ".text");
  expect(text.bytes).toBeGreaterThan(2_000_000);
  expect(text.bytes).toBeLessThan(store.kernel.bytes);

  const kinds: Parts = snapshot.kinds;
  expect(sum(kinds, "count")).toBe(snapshot.total.count);
  expect(sum(kinds, "bytes") + snapshot.rest.bytes).toBe(snapshot.total.bytes);
  expect((snapshot.total.count + snapshot.zeroPages) * 4096).toBe(128 << 20);
  // All of the kernel's code is there, to the page.
  expect(named(kinds, "kernel text").count).toBe(Math.ceil(text.bytes / 4096));
  for (const kind of ["kernel rodata", "kernel data", "kernel bss", "slab", "page tables"]) {
    expect(named(kinds, kind).count).toBeGreaterThan(3);
  }
  // Compressed apart, the parts are somewhat more than the whole, and not much.
  const apart = sum(kinds, "stored") + snapshot.rest.stored;
  expect(apart / snapshot.total.stored).toBeGreaterThan(0.98);
  expect(apart / snapshot.total.stored).toBeLessThan(1.1);
  expect(sum(snapshot.files, "count")).toBe(named(kinds, "page cache").count);
  expect(sum(snapshot.processes, "count")).toBe(named(kinds, "anonymous").count);
  // Nearly all of what remains in the page cache is mapped: by the shells, with the C library.
  expect(named(snapshot.files, "/usr/bin/bash").count).toBeGreaterThan(50);
  expect(named(snapshot.files, "/usr/lib/i386-linux-gnu/libc.so.6").count).toBeGreaterThan(50);
  const bash = (snapshot.processes as Parts).filter(({ name }) => name.startsWith("bash "));
  expect(bash.length).toBeGreaterThanOrEqual(2);
});
