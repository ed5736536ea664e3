import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WEB } from "../../tools/build.mjs";

type Entry = [path: string, integrity: string, ...rest: number[]];

const integrityOf = (content: Uint8Array): string =>
  `sha256-${createHash("sha256").update(content).digest("base64")}`;

/**
 * Makes a site of the built one in which one chunk has another name, as the next release would: its file of the release
 * before is gone, and all that name it are changed.
 * @param chunk How the chunk's name begins.
 * @returns The chunk's names before and after, below the site.
 */
export function makeNextRelease(folder: string, chunk: string): { before: string; after: string } {
  for (const name of readdirSync(WEB)) {
    // The store stays as it is: the server gives it from there.
    if (name !== "store") cpSync(join(WEB, name), join(folder, name), { recursive: true });
  }
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const { id, files, ...rest } = JSON.parse(read("release.json")) as { id: string; files: Entry[] };
  const before =
    files.find(([path]) => path.startsWith(`assets/${chunk}-`) && path.endsWith(".js"))?.[0] ?? "";
  const after = before.replace(/-[^-]+\.js$/, "-NextOne1.js");
  const nextId = id.replaceAll(/./g, (digit) => (digit === "0" ? "1" : "0"));
  renameSync(join(folder, before), join(folder, after));
  const [oldName = "", newName = ""] = [before, after].map((path) => path.slice("assets/".length));

  const next = files.map(([path, integrity, ...more]): Entry => {
    const now = path === before ? after : path;
    if (!/\.(js|html)$/.test(now)) return [now, integrity, ...more];
    const text = read(now).replaceAll(oldName, newName).replaceAll(id, nextId);
    writeFileSync(join(folder, now), text);
    return [now, integrityOf(Buffer.from(text)), ...more];
  });
  const manifest = JSON.stringify({ ...rest, id: nextId, files: next });
  writeFileSync(join(folder, "release.json"), manifest);
  const worker = read("sw.js");
  const site = { id: nextId, files: [...next, ["release.json", integrityOf(Buffer.from(manifest))]] };
  writeFileSync(
    join(folder, "sw.js"),
    `self.vivariumSite = ${JSON.stringify(site)};\n${worker.slice(worker.indexOf("\n") + 1)}`,
  );
  return { before, after };
}
