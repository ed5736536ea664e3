/** Programs that the tests need: where they are, and Debian's packages of them. */

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {readonly string[]} names Looked for in `PATH`, the first one first.
 * @param {readonly string[]} places Paths to look at after that.
 */
export function findProgram(names, places = []) {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const named = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...named, ...places].find((path) => isExecutable(path));
}

export function canInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && existsSync("/etc/debian_version");
}

/**
 * @param {readonly string[]} packages
 * @param {string} advice What to do when it does not work.
 */
export function install(packages, advice) {
  // They shall serve a test and nothing else: a service among them is not to be started.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  // On stderr, so that stdout stays free for what a tool prints.
  console.error(`Installing Debian's ${packages.join(" and ")} (apt-get) …`);
  for (const words of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
  ]) {
    const { status } = spawnSync("apt-get", words, { env, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error(`apt-get ${words[0]} failed. ${advice}`);
  }
}
