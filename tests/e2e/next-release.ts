import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releaseFiles } from "../../src/cli/index.ts";
import { WEB } from "../../tools/build.mjs";

const META = /\n\s*<meta name="vivarium-release"[^>]*>/;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/**
 * Makes a site of the built one in which one chunk has another name, as the next release would: files of the release
 * before are gone, all that name it are changed.
 * @param chunk How the chunk's name begins.
 * @returns The chunk's names before and after, below the site.
 */
export function makeNextRelease(folder: string, chunk: string): { before: string; after: string } {
  for (const name of readdirSync(WEB)) {
    // The store is as large as everything else, and stays as it is: the server gives it from there.
    if (name !== "store") cpSync(join(WEB, name), join(folder, name), { recursive: true });
  }
  const files = filesIn(folder).filter((file) => !file.endsWith(".map"));
  const before = files.find((file) => file.startsWith(`assets/${chunk}-`) && file.endsWith(".js")) ?? "";
  const after = before.replace(/-[^-]+\.js$/, "-NextOne1.js");
  renameSync(join(folder, before), join(folder, after));
  const [oldName, newName] = [before, after].map((path) => path.slice("assets/".length)) as [string, string];
  const now = files.map((file) => (file === before ? after : file));
  for (const file of now.filter((one) => /\.(js|html)$/.test(one))) {
    const text = readFileSync(join(folder, file), "utf8");
    if (text.includes(oldName)) writeFileSync(join(folder, file), text.replaceAll(oldName, newName));
  }
  const { profiles, stores } = JSON.parse(readFileSync(join(folder, "release.json"), "utf8")) as Pick<
    Parameters<typeof releaseFiles>[0],
    "profiles"
  > & { stores: Record<string, [string, number, boolean][]> };
  const isPage = (file: string): boolean => /^[^/]+\.html$/.test(file);
  const own = readFileSync(join(folder, "sw.js"), "utf8");
  const made = releaseFiles({
    folder,
    files: now.filter((file) => !isPage(file) && !["release.json", "sw.js"].includes(file)),
    pages: new Map(
      now.filter(isPage).map((file) => [file, readFileSync(join(folder, file), "utf8").replace(META, "")]),
    ),
    profiles,
    store: new Map(Object.entries(stores)),
    code: own.slice(own.indexOf("\n") + 1),
  });
  rmSync(join(folder, "release.json"));
  for (const [file, text] of made) writeFileSync(join(folder, file), text);
  return { before, after };
}
