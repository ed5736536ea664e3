/** Finds an nginx for the test of the hosting guide, or installs Debian's where that is possible. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PLACES = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"];

function find() {
  return PLACES.find((path) => existsSync(path));
}

/** @returns {string | undefined} Its path; undefined where there is none, and none can be installed. */
export function nginx() {
  const found = find();
  const isDebian = process.platform === "linux" && existsSync("/etc/debian_version");
  if (found !== undefined || !isDebian || process.getuid?.() !== 0) return found;
  console.error("Installing Debian's nginx-light (apt-get) …");
  // It shall serve a test and nothing else: Debian's own service is not to be started.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (const words of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "nginx-light"],
  ]) {
    if (spawnSync("apt-get", words, { env, stdio: ["ignore", 2, 2] }).status !== 0) return undefined;
  }
  return find();
}
