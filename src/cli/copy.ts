import { createReadStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import { extract, pack } from "tar-stream";
import { CodedError } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";

/** `SRC:DST` of an option. The last colon divides, so that a source may contain one. */
export interface CopySpec {
  readonly from: string;
  readonly to: string;
}

/** @throws CodedError `bad-argument` */
export function parseCopy(text: string): CopySpec {
  const colon = text.lastIndexOf(":");
  if (colon <= 0 || colon === text.length - 1) {
    throw new CodedError("bad-argument", `"${text}" is not of the form SRC:DST`);
  }
  return { from: text.slice(0, colon), to: text.slice(colon + 1) };
}

async function must(
  machine: Machine,
  argv: string[],
  stdin: AsyncIterable<Uint8Array> | undefined,
): Promise<Uint8Array> {
  const outcome = await machine.exec({
    argv,
    outputLimit: 256 * 1024 * 1024,
    ...(stdin === undefined ? {} : { stdin }),
  });
  if (outcome.status.how === "exited" && outcome.status.code === 0) return outcome.stdout;
  throw new CodedError(
    "exec-failed",
    `${argv[0] ?? ""} in the guest: ${new TextDecoder().decode(outcome.stderr).trim()}`,
  );
}

/** Puts a file or a folder of this computer into the guest; a destination that ends in `/` is a folder to put it in. */
export async function copyIn(machine: Machine, { from, to }: CopySpec): Promise<void> {
  const info = await stat(from).catch((error: unknown) => {
    throw new CodedError("bad-argument", `${from} cannot be read`, { cause: error });
  });
  const target = to.endsWith("/") ? posix.join(to, basename(from)) : to;
  if (info.isDirectory()) {
    await must(machine, ["mkdir", "-p", target], undefined);
    await must(machine, ["tar", "-x", "-f", "-", "-C", target], packFolder(from));
    return;
  }
  await must(machine, ["mkdir", "-p", posix.dirname(target)], undefined);
  const mode = (info.mode & 0o777).toString(8);
  await must(
    machine,
    ["sh", "-c", 'cat >"$1" && chmod "$2" "$1"', "sh", target, mode],
    createReadStream(from),
  );
}

async function* packFolder(folder: string): AsyncGenerator<Uint8Array> {
  const { readdir, readFile, readlink, lstat } = await import("node:fs/promises");
  const archive = pack();
  const add = async (path: string, name: string): Promise<void> => {
    const info = await lstat(path);
    const header = { name, mode: info.mode & 0o777, mtime: info.mtime };
    if (info.isDirectory()) {
      archive.entry({ ...header, type: "directory" });
      for (const child of (await readdir(path)).toSorted())
        await add(join(path, child), posix.join(name, child));
    } else if (info.isSymbolicLink()) {
      archive.entry({ ...header, type: "symlink", linkname: await readlink(path) });
    } else if (info.isFile()) {
      archive.entry(header, await readFile(path));
    }
  };
  const adding = add(folder, ".").then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  for await (const piece of archive) yield piece as Uint8Array;
  await adding;
}

/** Where an entry of an archive from the guest may be written: never outside of `folder`. */
export function safeTarget(folder: string, name: string): string | undefined {
  const clean = posix.normalize(name);
  if (clean.startsWith("../") || clean === ".." || posix.isAbsolute(clean)) return undefined;
  return join(folder, clean);
}

/** Fetches a file or a folder of the guest. Links and special files in a folder are left out: the guest is not trusted. */
export async function copyOut(machine: Machine, { from, to }: CopySpec): Promise<void> {
  const kind = await machine.exec({ argv: ["sh", "-c", 'test -d "$1"', "sh", from] });
  if (kind.status.how !== "exited" || kind.status.code !== 0) {
    const bytes = await must(machine, ["cat", from], undefined);
    const target = to.endsWith("/") ? join(to, posix.basename(from)) : to;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
    return;
  }
  const bytes = await must(machine, ["tar", "-c", "-f", "-", "-C", from, "."], undefined);
  await mkdir(to, { recursive: true });
  const archive = extract();
  archive.end(Buffer.from(bytes));
  for await (const entry of archive) {
    const target = safeTarget(to, entry.header.name);
    if (target !== undefined && entry.header.type === "directory") await mkdir(target, { recursive: true });
    if (target !== undefined && entry.header.type === "file") {
      const content: Buffer[] = [];
      for await (const piece of entry) content.push(piece as Buffer);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.concat(content), { mode: (entry.header.mode ?? 0o644) & 0o777 });
    }
    entry.resume();
  }
}
