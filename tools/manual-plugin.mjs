/**
 * Puts the manual pages that the machines have set beside the web client: `man/HASH.txt` holds a page, `man/HASH.json` which
 * pages a profile has, and `virtual:vivarium/manual` names the latter. They are fetched when somebody reads.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const MANUAL = resolve(import.meta.dirname, "../.cache/manual");
const MODULE = "virtual:vivarium/manual";
const HASH_LENGTH = 20;

/** @param {string} text */
const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);

/** The files by their names, and the list of each profile. Pages that profiles have in common are there once. */
function gather() {
  /** @type {Map<string, string>} */
  const files = new Map();
  /** @type {Record<string, string>} */
  const lists = {};
  for (const file of existsSync(MANUAL) ? readdirSync(MANUAL) : []) {
    /** @type {{ pages: Record<string, string> }} */
    const { pages } = JSON.parse(readFileSync(join(MANUAL, file), "utf8"));
    const named = Object.entries(pages).map(([name, text]) => {
      const path = `${hashOf(text)}.txt`;
      files.set(path, text);
      return [name, path];
    });
    const list = JSON.stringify(Object.fromEntries(named));
    const path = `${hashOf(list)}.json`;
    files.set(path, list);
    lists[file.replace(/\.json$/, "")] = path;
  }
  return { files, lists };
}

/** @returns {import("vite").Plugin} */
export function vivariumManual() {
  return {
    name: "vivarium-manual",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? `export default ${JSON.stringify(gather().lists)};` : undefined),
    configureServer(server) {
      server.middlewares.use("/man/", (request, response, next) => {
        const file = gather().files.get((request.url ?? "").replace(/^\/|\?.*$/g, ""));
        if (file === undefined) next();
        else response.setHeader("Content-Type", "text/plain; charset=utf-8").end(file);
      });
    },
    generateBundle() {
      if (this.environment.name !== "client") return;
      for (const [name, source] of gather().files)
        this.emitFile({ type: "asset", fileName: `man/${name}`, source });
    },
  };
}
