/**
 * Completes `package-lock.json` after a change of dependencies: `node tools/lock.mjs`.
 *
 * Tools with native parts name one optional package per platform. A registry mirror that carries only some of
 * them makes npm leave the others out of the lock, and `npm ci` then refuses the lock, on every machine. Their
 * versions are exact in the package that names them, so they are put back, without an integrity hash where the
 * registry gave none.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

const LOCK = resolve(import.meta.dirname, "../package-lock.json");
const SYSTEMS =
  /(?:^|[-/])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)(?:-([a-z]+))?$/;

/**
 * What platform a native package is for, by its name: `@oxfmt/binding-linux-arm64-musl`.
 *
 * @param {string} name
 * @returns {{ os: string[], cpu: string[], libc?: string[] } | undefined}
 */
function platformOf(name) {
  const [, os, cpu, abi] = SYSTEMS.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return undefined;
  /** @type {Record<string, string[]>} */
  const libcs = { gnu: ["glibc"], musl: ["musl"] };
  const libc = os === "linux" && abi !== undefined ? libcs[abi] : undefined;
  return { os: [os], cpu: [cpu], ...(libc ? { libc } : {}) };
}

/** @param {Record<string, Locked>} packages */
function missingFrom(packages) {
  /** @type {Record<string, Locked>} */
  const missing = {};
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      // npm looks in the package's own folder, then in those around it.
      const nested = `${path}/node_modules/${name}`;
      const shared = `node_modules/${name}`;
      const found = packages[nested] ?? packages[shared] ?? missing[shared];
      if (!platform || found?.version === version) continue;
      // In npm's order, so that it finds nothing to rewrite.
      const { os, cpu, libc } = platform;
      missing[found ? nested : shared] = {
        version,
        cpu,
        ...(dev ? { dev } : {}),
        ...(libc ? { libc } : {}),
        optional: true,
        os,
      };
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(LOCK, "utf8"));
const missing = missingFrom(lock.packages);
const sorted = Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) =>
  a.localeCompare(b, "en"),
);
writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`${Object.keys(missing).length} packages of other platforms added to package-lock.json`);
