/**
 * Finds a Chromium for the browser tests, or installs Debian's where that is possible. `node tools/chromium.mjs`
 * prints its path.
 */

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const PLACES = [
  "/usr/lib/chromium/chromium",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string | undefined} */
function find() {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const named = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...named, ...PLACES].find((path) => isExecutable(path));
}

function canInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && existsSync("/etc/debian_version");
}

function installFromDebian() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // On stderr, so that stdout stays the path alone.
  console.error(`Installing Debian's ${PACKAGES.join(" and ")} (apt-get) …`);
  for (const words of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...PACKAGES],
  ]) {
    const { status } = spawnSync("apt-get", words, { env, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error(`apt-get ${words[0]} failed. ${ADVICE}`);
  }
}

const ADVICE =
  "The browser tests need Chromium: install the package chromium (Debian, Ubuntu) or Google Chrome, or set CHROMIUM_PATH to its program.";

/**
 * @returns {string} The path of a Chromium: `CHROMIUM_PATH`, else the system's, else a newly installed one.
 * @throws With a sentence that says what to do, when there is none.
 */
export function chromium() {
  const asked = process.env["CHROMIUM_PATH"];
  if (asked !== undefined && asked !== "") {
    if (isExecutable(asked)) return asked;
    throw new Error(`CHROMIUM_PATH is ${asked}, which is no program that can be run.`);
  }
  const found = find();
  if (found !== undefined) return found;
  if (canInstall()) installFromDebian();
  const installed = find();
  if (installed === undefined) throw new Error(ADVICE);
  return installed;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(chromium());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
