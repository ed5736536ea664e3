import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command lies in `dist/node/`, two below the package. */
const HERE = dirname(fileURLToPath(import.meta.url));

/** The package's own folder, wherever it is installed. */
const PACKAGE = join(HERE, "..", "..");
/** The image room: lists, scripts and artifacts. */
export const IMAGES = join(PACKAGE, "images");
/** JSON schemas of what authors write. */
export const SCHEMAS = join(PACKAGE, "docs");
/** The prebuilt artifacts that come with the package. */
export const PREBUILT = join(IMAGES, "prebuilt");
const PREBUILT_STORE = join(PREBUILT, "store");
/** What is made on this machine and can be made again. */
export const SNAPSHOTS = join(PACKAGE, ".cache", "snapshots");
export const SNAPSHOT_STORE = join(SNAPSHOTS, "store");
/** The newest snapshot of each profile, as the page is built from it. */
export const RELEASE = join(SNAPSHOTS, "release.json");
/** Each profile's manual, as its machine sets it. */
export const MANUAL = join(PACKAGE, ".cache", "manual");
/** The machine's worker, built for Node. */
export const WORKER = join(PACKAGE, "dist", "node", "machine-worker.js");
export const V86_WASM = createRequire(import.meta.url).resolve("v86/build/v86.wasm");

/** What a published package has in place of artifacts and snapshots: `release.json` and `store/`. */
export const LIBRARY = join(PACKAGE, "dist", "library");

/** The page without courses and without the store: `vivarium build` and `vivarium dev` add them. */
export const PAGE = join(PACKAGE, "dist", "page");

const STORES = [SNAPSHOT_STORE, PREBUILT_STORE, join(LIBRARY, "store")];

/** Directories of the store in the form that the worker of Node takes. */
export const STORE = STORES.join("\n");

export function findInStore(name: string): string | undefined {
  return STORES.map((store) => join(store, name)).find((path) => existsSync(path));
}

/** Whether this is a checkout, which makes its snapshots, and not a published package, which brings them. */
export const isCheckout = existsSync(PREBUILT);

export function manifestPath(profile: string): string {
  return join(PREBUILT, `${profile}.json`);
}

export function manualPath(profile: string): string {
  return join(MANUAL, `${profile}.json`);
}

/** A script that a profile's machine runs when its snapshot is made. */
export function scriptPath(profile: string, name: string): string {
  return join(IMAGES, profile, name);
}

export function isBuilt(profile: string): boolean {
  return existsSync(manifestPath(profile));
}
