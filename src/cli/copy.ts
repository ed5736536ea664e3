import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import { extract } from "tar-stream";
import { CodedError } from "../base/index.ts";
import { type Machine, packTar, type TarEntry } from "../machine/index.ts";

const LIMIT = 256 * 1024 * 1024;
const TYPE = 0o170000;
const FOLDER = 0o040000;

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

/** Puts a file or a folder of this computer into the guest; a destination that ends in `/` is a folder to put it in. */
export async function copyIn(machine: Machine, { from, to }: CopySpec): Promise<void> {
  const info = await stat(from).catch((error: unknown) => {
    throw new CodedError("bad-argument", `${from} cannot be read`, { cause: error });
  });
  const target = posix.resolve("/", to.endsWith("/") ? posix.join(to, basename(from)) : to);
  if (info.isDirectory()) {
    await machine.unpackFolder(target, packTar(membersOf(from, ".")));
  } else {
    await machine.unpackFolder(posix.dirname(target), packTar([]));
    await machine.writeFile(target, await readFile(from), { mode: info.mode & 0o777 });
  }
}

/** A folder of this computer and what is in it; what is neither file, folder nor link is left out. */
async function* membersOf(path: string, name: string): AsyncGenerator<TarEntry> {
  const info = await lstat(path);
  const common = { name, mode: info.mode & 0o777, mtime: info.mtimeMs / 1000 };
  if (info.isDirectory()) {
    yield { ...common, kind: "folder" };
    for (const child of (await readdir(path)).toSorted())
      yield* membersOf(join(path, child), posix.join(name, child));
  } else if (info.isSymbolicLink()) {
    yield { ...common, kind: "link", target: await readlink(path) };
  } else if (info.isFile()) {
    yield { ...common, kind: "file", size: info.size, content: createReadStream(path) };
  }
}

/** Where an entry of an archive from the guest may be written: never outside of `folder`. */
export function safeTarget(folder: string, name: string): string | undefined {
  const clean = posix.normalize(name);
  if (clean.startsWith("../") || clean === ".." || posix.isAbsolute(clean)) return undefined;
  return join(folder, clean);
}

/** Fetches a file or a folder of the guest. Links and special files in a folder are left out: the guest is not trusted. */
export async function copyOut(machine: Machine, { from, to }: CopySpec): Promise<void> {
  const source = posix.resolve("/", from);
  const { mode } = await machine.statFile(source);
  if ((mode & TYPE) === FOLDER) {
    await unpack(await machine.packFolder(source, { limit: LIMIT }), to);
    return;
  }
  const target = to.endsWith("/") ? join(to, posix.basename(source)) : to;
  const bytes = await machine.readFile(source, { limit: LIMIT });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
}

async function unpack(bytes: Uint8Array, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = extract();
  archive.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for await (const entry of archive) {
    const target = safeTarget(folder, entry.header.name);
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
