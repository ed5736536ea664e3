// Prints a part of lock.json for the shell scripts, a record a line.
//
//   node read-lock.mjs LOCK epoch|toolchain|packages|sources|source-files
import fs from 'node:fs';

import { fail } from './text.mjs';

const [file, part] = process.argv.slice(2);
if (!fs.existsSync(file)) fail('there is no lock.json: run `images/lock`');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const parts = {
  epoch: () => [lock.epoch],
  toolchain: () => Object.entries(lock.toolchain).map(([name, version]) => `${name} ${version}`),
  packages: () => lock.packages.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`),
  sources: () => lock.sources.map(({ name, version }) => `${name}=${version}`),
  'source-files': () => lock.sources.flatMap(({ files }) => files.map(({ name, sha256 }) => `${sha256}  ${name}`)),
};
process.stdout.write(`${(parts[part] ?? fail(`the lock has no ${part}`))().join('\n')}\n`);
