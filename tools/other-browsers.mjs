/** Finds Firefox and WebKitGTK for the tests beside Chromium, or installs Debian's where that is possible. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { canInstall, findProgram, install } from "./debian.mjs";

/**
 * Finds something, with an installation in between if need be. Who has none of these browsers is not held up: the
 * browser that everything is tested in is Chromium.
 * @template T
 * @param {() => T | undefined} find
 * @param {readonly string[]} packages
 * @returns {T | string} What was found, or the reason why not.
 */
function findOrInstall(find, packages) {
  const advice = `Install the packages ${packages.join(", ")} (Debian, Ubuntu).`;
  const found = find();
  if (found !== undefined) return found;
  if (!canInstall()) return `There is none here. ${advice}`;
  try {
    install(packages, advice);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return find() ?? `It is not where Debian puts it. ${advice}`;
}

/** @returns {{readonly program: string} | string} */
export function firefox() {
  return findOrInstall(() => {
    const program = findProgram(["firefox-esr", "firefox"]);
    return program === undefined ? undefined : { program };
  }, ["firefox-esr"]);
}

/** Debian names the folder by the machine and the version of the interface. */
function miniBrowser() {
  const places = [];
  for (const [folder, inner] of /** @type {const} */ ([
    ["/usr/lib", /-linux-gnu/],
    ["/usr/libexec", /^webkit/],
  ])) {
    try {
      for (const name of readdirSync(folder)) {
        if (!inner.test(name)) continue;
        const path = join(folder, name);
        places.push(join(path, "MiniBrowser"));
        if (folder === "/usr/lib")
          for (const version of readdirSync(path).filter((one) => one.startsWith("webkit2gtk-4")))
            places.push(join(path, version, "MiniBrowser"));
      }
    } catch {
      // Another system has its folders elsewhere.
    }
  }
  return findProgram([], places);
}

/** @returns {{readonly driver: string, readonly program: string, readonly display: string} | string} */
export function webkit() {
  return findOrInstall(() => {
    const driver = findProgram(["WebKitWebDriver"]);
    const program = miniBrowser();
    const display = findProgram(["Xvfb"]);
    if (driver === undefined || program === undefined || display === undefined) return undefined;
    return { driver, program, display };
  }, ["webkit2gtk-driver", "xvfb"]);
}
