import { extract, type Header } from "tar-stream";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../base/index.ts";
import { packTar, type TarEntry } from "./tar.ts";

async function packed(entries: readonly TarEntry[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of packTar(entries)) pieces.push(piece);
  return concatBytes(pieces);
}

/** What another reader makes of an archive. */
async function members(archive: Uint8Array): Promise<(Partial<Header> & { content: string })[]> {
  const reader = extract();
  reader.end(Buffer.from(archive));
  const found = [];
  for await (const entry of reader) {
    const content: Buffer[] = [];
    for await (const piece of entry) content.push(piece as Buffer);
    const { name, type, mode, size, linkname } = entry.header;
    found.push({ name, type, mode, size, linkname, content: Buffer.concat(content).toString() });
  }
  return found;
}

const file = (name: string, text: string): TarEntry => {
  const content = new TextEncoder().encode(text);
  return { kind: "file", name, mode: 0o644, size: content.length, content };
};

describe("an archive", () => {
  test("has its members in order, with modes, targets and contents", async () => {
    const archive = await packed([
      { kind: "folder", name: "empty", mode: 0o1777 },
      { kind: "link", name: "link", mode: 0o777, target: "empty" },
      { ...file("script", "#!/bin/sh\n"), mode: 0o755 },
    ]);
    expect(archive.length % 512).toBe(0);
    expect(await members(archive)).toEqual([
      { name: "empty/", type: "directory", mode: 0o1777, size: 0, linkname: null, content: "" },
      { name: "link", type: "symlink", mode: 0o777, size: 0, linkname: "empty", content: "" },
      { name: "script", type: "file", mode: 0o755, size: 10, linkname: null, content: "#!/bin/sh\n" },
    ]);
  });

  test.each([98, 99, 100, 101, 511, 512, 4000])("names things by %i bytes", async (length) => {
    const name = "ä".repeat(length / 2) + "x".repeat(length % 2);
    const entries: TarEntry[] = [
      file(name, "content"),
      { kind: "link", name: "link", mode: 0o777, target: name },
    ];
    const [first, second] = await members(await packed(entries));
    expect(first).toMatchObject({ name, content: "content" });
    expect(second).toMatchObject({ name: "link", linkname: name });
  });

  test.each([0, 1, 511, 512, 513, 70_000])("pads %i bytes of content to whole blocks", async (length) => {
    const text = "x".repeat(length);
    const found = await members(await packed([file("a", text), file("b", "behind")]));
    expect(found.map(({ content }) => content)).toEqual([text, "behind"]);
  });

  test("takes content as a stream", async () => {
    async function* content(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("one ");
      yield new TextEncoder().encode("two");
    }
    const [only] = await members(
      await packed([{ kind: "file", name: "a", mode: 0o600, size: 7, content: content() }]),
    );
    expect(only).toMatchObject({ size: 7, content: "one two" });
  });

  test.each<[string, TarEntry]>([
    ["no name", file("", "x")],
    ["a zero byte", file("a\0b", "x")],
    ["another size than was said", { ...file("a", "four"), size: 5 } as TarEntry],
    ["a size that no header holds", { ...file("a", "four"), size: 2 ** 40 } as TarEntry],
  ])("is refused with %s", async (_what, entry) => {
    await expect(packed([entry])).rejects.toMatchObject({ code: "bad-argument" });
  });
});
