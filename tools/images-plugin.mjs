/**
 * Brings the guest's artifacts into the web client: `virtual:vivarium/release` names them (the page and its files can
 * never be of different versions, since the hashes are part of the page's code), and Vite's server has them at `store/HASH`.
 */

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const RELEASE = join(ROOT, ".cache/snapshots/release.json");
const STORES = [join(ROOT, ".cache/snapshots/store"), join(ROOT, "images/prebuilt/store")];
const MODULE = "virtual:vivarium/release";
/** The least of it, for the page's first lines. */
const SNAPSHOTS = "virtual:vivarium/snapshots";
const HASH = /^[0-9a-f]{64}$/;

/** @param {string} name */
function find(name) {
  return STORES.map((store) => join(store, name)).find((path) => existsSync(path));
}

/** @returns {string} */
function readRelease() {
  if (existsSync(RELEASE)) return readFileSync(RELEASE, "utf8");
  throw new Error("There is no snapshot yet; `npm run build` makes it before the page.");
}

/** @returns {Record<string, string>} */
function snapshotFiles() {
  /** @type {{ profiles: Record<string, { snapshot: { sha256: string } }> }} */
  const { profiles } = JSON.parse(readRelease());
  return Object.fromEntries(Object.entries(profiles).map(([name, { snapshot }]) => [name, snapshot.sha256]));
}

/** @returns {import("vite").Plugin} */
export function vivariumImages() {
  return {
    name: "vivarium-images",
    resolveId: (id) => ([MODULE, SNAPSHOTS].includes(id) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${MODULE}`) return `export default ${readRelease()};`;
      if (id === `\0${SNAPSHOTS}`) return `export default ${JSON.stringify(snapshotFiles())};`;
      return undefined;
    },
    configureServer(server) {
      server.middlewares.use("/store/", (request, response, next) => {
        const name = (request.url ?? "").replace(/^\/|\?.*$/g, "");
        const path = HASH.test(name) ? find(name) : undefined;
        if (path === undefined) {
          next();
          return;
        }
        response.setHeader("Content-Type", "application/octet-stream");
        createReadStream(path).pipe(response);
      });
    },
    generateBundle() {
      if (this.environment.name !== "client") return;
      // Who adds the store, `vivarium build`, has to know which files this page asks for.
      this.emitFile({ type: "asset", fileName: "release.json", source: readRelease() });
    },
  };
}
