// lock.json: what the artifacts are built from.
import fs from 'node:fs';

import { fail } from './text.mjs';

const SHA256 = /^[0-9a-f]{64}$/;
// They reach command lines and file names.
const NAME = /^[a-z0-9][a-z0-9+.:-]*$/;
const VERSION = /^[\w.+:~-]+$/;
const FILE = /^[\w.+~-]+$/;

const isPackage = ({ name, version, sha256 }) => NAME.test(name) && VERSION.test(version) && SHA256.test(sha256);
const isSource = ({ name, version, files }) =>
  NAME.test(name) && VERSION.test(version) && files.every((file) => FILE.test(file.name) && SHA256.test(file.sha256));

/** What is wrong with a lock; undefined when nothing is. */
function faultOf({ format, epoch, toolchain, packages, sources }) {
  if (format !== 1) return `its format is ${format}, not 1`;
  if (!Number.isSafeInteger(epoch)) return 'it has no epoch';
  if (Object.keys(toolchain).length === 0) return 'it names no build tools';
  const entry = packages.find((one) => !isPackage(one)) ?? sources.find((one) => !isSource(one));
  if (entry) return `an entry is not a name, a version and a SHA-256: ${JSON.stringify(entry).slice(0, 200)}`;
  return packages.length === 0 ? 'it names no packages' : undefined;
}

/** The lock; a lock that cannot be used ends the script. */
export function readLock(file) {
  if (!fs.existsSync(file)) fail('there is no lock.json: run `images/lock`');
  let lock;
  let fault;
  try {
    lock = JSON.parse(fs.readFileSync(file, 'utf8'));
    fault = faultOf(lock);
  } catch (error) {
    fault = error.message;
  }
  return fault === undefined ? lock : fail(`lock.json is malformed (${fault}): take it from the repository again, or run \`images/lock\``);
}
