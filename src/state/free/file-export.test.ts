import { describe, expect, it } from "vitest";
import { CodedError } from "../../base/index.ts";
import type { Machine } from "../../machine/index.ts";
import { EXPORT_LIMIT, FileExport } from "./file-export.ts";

const FILE = 0o100644;
const FOLDER = 0o040755;
const PIPE = 0o010644;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A machine with these files, by path. */
function machineWith(files: Record<string, { mode: number; content?: string; size?: number }>): Machine {
  const find = (path: string) => {
    const found = files[path];
    if (found === undefined) throw new CodedError("file-failed", `${path}: no such file`);
    return found;
  };
  return {
    phase: "running",
    statFile: async (path: string) => {
      const { mode, content = "", size = content.length } = find(path);
      return { mode, size };
    },
    readFile: async (path: string) =>
      bytes(path === "/etc/passwd" ? "root:x:0:0::/root:/bin/sh\n" : (find(path).content ?? "")),
    packFolder: async (path: string) => bytes(`tar of ${path}`),
  } as unknown as Machine;
}

async function take(path: string, machine: Machine | undefined) {
  const got: { name: string; text: string }[] = [];
  const blobs: [Blob, string][] = [];
  const one = new FileExport((blob, name) => blobs.push([blob, name]));
  await one.take(path, { machine, user: "root" });
  for (const [blob, name] of blobs) got.push({ name, text: await blob.text() });
  return { state: one.state.value, got };
}

describe("a file out of a machine", () => {
  it.each([
    ["/tmp/a b.txt", "/tmp/a b.txt", "a b.txt"],
    ["~/x", "/root/x", "x"],
    ["x", "/root/x", "x"],
    [" d/x ", "/root/d/x", "x"],
    ["/tmp/a\u202eb", "/tmp/a\u202eb", "a_b"],
  ])("%j is that at %j and comes as %j", async (asked, path, name) => {
    const { state, got } = await take(asked, machineWith({ [path]: { mode: FILE, content: "hello" } }));
    expect(state).toEqual({ kind: "saved", name, size: 5 });
    expect(got).toEqual([{ name, text: "hello" }]);
  });

  it.each([
    ["~", "/root/", "root.tar"],
    ["/var/log/", "/var/log/", "log.tar"],
    ["/", "/", "machine.tar"],
  ])("the folder %j comes as an archive", async (asked, path, name) => {
    const { got } = await take(asked, machineWith({ [path]: { mode: FOLDER } }));
    expect(got).toEqual([{ name, text: `tar of ${path}` }]);
  });

  it.each([
    ["", "no-path"],
    ["  ", "no-path"],
    ["/a\0b", "no-path"],
    [`/${"a".repeat(5000)}`, "no-path"],
    ["/pipe", "no-file"],
    ["/large", "too-large"],
  ])("refuses %j", async (asked, reason) => {
    const machine = machineWith({
      "/pipe": { mode: PIPE },
      "/large": { mode: FILE, size: EXPORT_LIMIT + 1 },
    });
    expect(await take(asked, machine)).toEqual({ state: { kind: "refused", reason }, got: [] });
  });

  it("says when there is no machine, and when there is no such file", async () => {
    expect((await take("/x", undefined)).state).toEqual({ kind: "refused", reason: "no-machine" });
    expect(await take("/x", machineWith({}))).toMatchObject({
      state: { kind: "failed", error: { code: "file-failed" } },
      got: [],
    });
  });
});
