/** Finds web servers for the test of the hosting guide, or installs Debian's where that is possible. */

import { canInstall, findProgram, install } from "./debian.mjs";

/**
 * @param {string} name
 * @param {readonly string[]} packages
 * @returns {string | undefined} Its path; undefined where there is none, and none can be installed.
 */
function webServer(name, packages) {
  const find = () => findProgram([name], [`/usr/sbin/${name}`, `/usr/local/sbin/${name}`]);
  const found = find();
  if (found !== undefined || !canInstall()) return found;
  try {
    install(packages, `The guide's lines for ${name} are not tried.`);
  } catch (error) {
    console.error(error);
  }
  return find();
}

export const nginx = () => webServer("nginx", ["nginx-light"]);
export const apache = () => webServer("apache2", ["apache2-bin", "media-types"]);
