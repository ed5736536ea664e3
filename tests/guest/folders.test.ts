/** Folders as tar archives, both ways. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { deferred } from "../../src/base/index.ts";
import { startMachine } from "../../src/cli/index.ts";

import { packTar, type TarEntry } from "../../src/machine/index.ts";
import { sh, shared } from "../support/guest.ts";
import { seeded } from "../support/random.ts";

const machine = shared(startMachine, (started) => started.dispose());

const LONG = `${"long-".repeat(40)}name`;
const PIECE = 1024 * 1024;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function file(name: string, text: string, mode = 0o644): TarEntry {
  const content = new TextEncoder().encode(text);
  return { kind: "file", name, mode, mtime: 1_000_000_000, size: content.length, content };
}

const TREE: readonly TarEntry[] = [
  { kind: "folder", name: ".", mode: 0o750 },
  { kind: "folder", name: "empty", mode: 0o700 },
  { kind: "folder", name: "ä ö", mode: 0o755 },
  file("ä ö/日本語 'q' \"d\" $x.txt", "non-ASCII\n"),
  file("script", "#!/bin/sh\necho ran\n", 0o755),
  file("-dash", "a name like an option\n", 0o400),
  { kind: "folder", name: LONG, mode: 0o755 },
  file(`${LONG}/${LONG}`, "deep\n"),
  { kind: "link", name: "relative", mode: 0o777, target: "script" },
  { kind: "link", name: "dangling", mode: 0o777, target: `/nowhere/${LONG}` },
];

/** Names, kinds, modes, owners, times and contents of all in a folder. */
const facts = (path: string): Promise<string> =>
  sh(
    machine(),
    `cd ${path} && find . -print0 | sort -z | while IFS= read -r -d '' name; do
       if [ -L "$name" ]; then echo "$name -> $(readlink "$name")"
       elif [ -d "$name" ]; then echo "$name $(stat -c '%a %U' "$name")"
       else echo "$name $(stat -c '%a %U %Y' "$name") $(sha256sum <"$name")"; fi
     done`,
  );

test("an archive of ours unpacks with modes, links, empty folders and hard names", async () => {
  await machine().unpackFolder("/srv/given/here", packTar(TREE));
  const seen = await facts("/srv/given/here");
  const hash = (text: string): string => sha256(new TextEncoder().encode(text));
  expect(seen.split("\n").toSorted()).toEqual(
    [
      "",
      ". 750 root",
      "./empty 700 root",
      "./ä ö 755 root",
      `./ä ö/日本語 'q' "d" $x.txt 644 root 1000000000 ${hash("non-ASCII\n")}  -`,
      `./script 755 root 1000000000 ${hash("#!/bin/sh\necho ran\n")}  -`,
      `./-dash 400 root 1000000000 ${hash("a name like an option\n")}  -`,
      `./${LONG} 755 root`,
      `./${LONG}/${LONG} 644 root 1000000000 ${hash("deep\n")}  -`,
      "./relative -> script",
      `./dangling -> /nowhere/${LONG}`,
    ].toSorted(),
  );
});

test("what is packed unpacks to the same, elsewhere and as somebody else", async () => {
  await machine().unpackFolder("/srv/given/here", packTar(TREE));
  const archive = await machine().packFolder("/srv/given/here");
  await machine().unpackFolder("/srv/copy", archive);
  expect(await facts("/srv/copy")).toBe(await facts("/srv/given/here"));

  await machine().unpackFolder("/home/learner/copy", archive, { user: "learner" });
  // A folder that is there keeps its mode, unless it is root who unpacks.
  const expected = (await facts("/srv/given/here")).replaceAll(/ (\d+) root/g, " $1 learner");
  expect(await facts("/home/learner/copy")).toBe(expected.replace(". 750", ". 755"));
});

test("64 MiB go through, each way", async () => {
  const next = seeded(5);
  const piece = Uint8Array.from({ length: PIECE }, () => next() * 256);
  const hash = createHash("sha256");
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 64; i++) {
      piece[i] = i;
      hash.update(piece);
      yield piece;
    }
  }
  const entry: TarEntry = { kind: "file", name: "big", mode: 0o644, size: 64 * PIECE, content: content() };
  await sh(machine(), "mkdir -p /srv/big && mount -t tmpfs -o size=80m none /srv/big");
  await machine().unpackFolder("/srv/big", packTar([entry]));
  const expected = hash.digest("hex");
  expect(await sh(machine(), "sha256sum </srv/big/big")).toBe(`${expected}  -\n`);

  const came = createHash("sha256");
  let size = 0;
  await machine().packFolder("/srv/big", {
    limit: 65 * PIECE,
    onOutput(bytes) {
      size += bytes.length;
      came.update(bytes);
    },
  });
  expect(size).toBeGreaterThan(64 * PIECE);
  expect(size).toBeLessThan(64 * PIECE + 64 * 1024);
  expect(await sh(machine(), "tar -c -f - -C /srv/big . | sha256sum")).toBe(`${came.digest("hex")}  -\n`);
  await expect(machine().packFolder("/srv/big")).rejects.toMatchObject({ code: "output-limit" });
  await sh(machine(), "umount /srv/big");
});

test("what goes wrong is said in tar's words", async () => {
  const failed = (words: RegExp): object => ({
    code: "file-failed",
    message: expect.stringMatching(words) as string,
  });
  await expect(machine().packFolder("/nowhere")).rejects.toMatchObject(
    failed(/^\/nowhere: .*No such file or directory/),
  );
  await expect(machine().packFolder("/root", { user: "learner" })).rejects.toMatchObject(
    failed(/Permission denied/),
  );
  const small = (): AsyncGenerator<Uint8Array> => packTar([file("a", "x".repeat(100_000))]);
  await expect(machine().unpackFolder("/root/x", small(), { user: "learner" })).rejects.toMatchObject(
    failed(/Permission denied/),
  );
  await expect(machine().unpackFolder("/etc/hostname", small())).rejects.toMatchObject(
    failed(/File exists|Not a directory/),
  );
  await sh(machine(), "mkdir -p /srv/small && mount -t tmpfs -o size=64k none /srv/small");
  await expect(machine().unpackFolder("/srv/small", small())).rejects.toMatchObject(
    failed(/No space left on device/),
  );
  await expect(machine().unpackFolder("/srv/junk", new Uint8Array(5000).fill(65))).rejects.toMatchObject(
    failed(/invalid tar|checksum|magic/),
  );
  for (const path of ["relative", "", "/a\0b"]) {
    await expect(machine().packFolder(path)).rejects.toMatchObject({ code: "bad-argument" });
    await expect(machine().unpackFolder(path, small())).rejects.toMatchObject({ code: "bad-argument" });
  }
});

test("a member cannot leave the folder", async () => {
  await machine()
    .unpackFolder("/srv/jail", packTar([file("../escaped", "x"), file("/srv/absolute", "x")]))
    .catch(() => undefined);
  expect(await sh(machine(), "ls -d /srv/escaped /srv/absolute 2>/dev/null || true")).toBe("");
});

test("an archive that breaks off, or is called off, ends tar", async () => {
  const tars = async (): Promise<number> =>
    (await machine().observe()).processes.filter(({ comm }) => comm === "tar").length;
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for await (const piece of packTar([file("begun", "x".repeat(1000))])) yield piece.slice(0, 512);
    await expect.poll(tars).toBe(1);
    stop.abort();
    await deferred<void>().promise;
  }
  await expect(
    machine().unpackFolder("/srv/broken", endless(), { signal: stop.signal }),
  ).rejects.toMatchObject({ code: "aborted" });
  await expect.poll(tars).toBe(0);

  const wrong: TarEntry = { ...file("a", "four"), size: 5 } as TarEntry;
  await expect(machine().unpackFolder("/srv/broken", packTar([wrong]))).rejects.toMatchObject({
    code: "bad-argument",
    message: expect.stringContaining("4 bytes, not 5") as string,
  });
  await expect.poll(tars).toBe(0);
});
