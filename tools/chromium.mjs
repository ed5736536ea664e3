/**
 * Finds a Chromium for the browser tests, or installs Debian's where that is possible. `node tools/chromium.mjs`
 * prints its path.
 */

import { pathToFileURL } from "node:url";
import { canInstall, findProgram, install, isExecutable } from "./debian.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const PLACES = [
  "/usr/lib/chromium/chromium",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const PACKAGES = ["chromium", "fonts-dejavu-core"];

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
  const found = findProgram(NAMES, PLACES);
  if (found !== undefined) return found;
  if (canInstall()) install(PACKAGES, ADVICE);
  const installed = findProgram(NAMES, PLACES);
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
