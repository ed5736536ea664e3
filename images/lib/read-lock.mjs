// Prints a part of lock.json for the shell scripts, a record a line.
//
//   node read-lock.mjs LOCK epoch|toolchain|packages|sources|source-files
import { fail } from './text.mjs';
import { readLock } from './lock.mjs';

const [file, part] = process.argv.slice(2);
const lock = readLock(file);
const parts = {
  epoch: () => [lock.epoch],
  toolchain: () => Object.entries(lock.toolchain).map(([name, version]) => `${name} ${version}`),
  packages: () => lock.packages.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`),
  sources: () => lock.sources.map(({ name, version }) => `${name}=${version}`),
  'source-files': () => lock.sources.flatMap(({ files }) => files.map(({ name, sha256 }) => `${sha256}  ${name}`)),
};
process.stdout.write(`${(parts[part] ?? fail(`the lock has no ${part}`))().join('\n')}\n`);
