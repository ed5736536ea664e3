/**
 * Makes sure that `node_modules` is there and fits `package-lock.json`; runs `npm ci` if not. It must work before
 * anything is installed: only `node:` modules here.
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = resolve(import.meta.dirname, "..");
const NODE_FLOOR = [20, 19];

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} Locked */

/**
 * @param {string} path
 * @returns {Record<string, Locked> | undefined}
 */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether what npm says it installed (`node_modules/.package-lock.json`, which it writes last) is what the lock
 * asks for. Optional packages of other platforms may be absent.
 */
export function isInstalled() {
  const wanted = packagesOf(join(ROOT, "package-lock.json"));
  const present = packagesOf(join(ROOT, "node_modules/.package-lock.json"));
  if (!wanted)
    throw new Error(
      "package-lock.json is missing or unreadable: restore it with git checkout package-lock.json",
    );
  if (!present) return false;
  const fits = Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = present[path];
    return path === "" || (found ? found.version === version : optional === true);
  });
  return fits && Object.keys(present).every((path) => path in wanted);
}

/** Installs if needed. Throws with a sentence for a person if Node is too old or npm fails. */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [floor = 0, floorMinor = 0] = NODE_FLOOR;
  if (major < floor || (major === floor && minor < floorMinor)) {
    throw new Error(
      `Vivarium needs Node ${NODE_FLOOR.join(".")} or newer; this is ${process.versions.node}.`,
    );
  }
  if (isInstalled()) return;
  console.log("Installing packages (npm ci) …");
  const npm = process.env["npm_execpath"];
  const [command, before] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const { status, error } = spawnSync(
    command,
    [...before, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, NODE_ENV: "" },
    },
  );
  if (status !== 0) {
    throw new Error("npm ci failed; what it said is above. Is the npm registry reachable?", {
      cause: error,
    });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    install();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
