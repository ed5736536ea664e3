// Writes lock.json from what images/lock gathered.
//
//   node write-lock.mjs RECORDS_DIR LOCK
import fs from 'node:fs';
import path from 'node:path';

import { readStanzas, sourceOf } from './control.mjs';
import './text.mjs';

const [records, lock] = process.argv.slice(2);
/** Packages of this architecture bear it in their name, as in `images/packages`: the guest's own has them too. */
const FOREIGN = 'armhf';
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const packages = readStanzas(path.join(records, 'packages'))
  .map((fields) => ({
    name: fields.Architecture === FOREIGN ? `${fields.Package}:${FOREIGN}` : fields.Package,
    version: fields.Version,
    architecture: fields.Architecture,
    sha256: fields.SHA256,
    size: Number(fields.Size),
    source: sourceOf(fields).name,
    sourceVersion: sourceOf(fields).version,
  }))
  .sort(byName);

const known = new Map();
for (const fields of readStanzas(path.join(records, 'sources'))) known.set(`${fields.Package} ${fields.Version}`, fields);
const wanted = new Map(packages.map(({ source, sourceVersion }) => [`${source} ${sourceVersion}`, { name: source, version: sourceVersion }]));
const sources = [...wanted]
  .map(([key, source]) => ({
    ...source,
    files: (known.get(key)?.['Checksums-Sha256'] ?? '').split('\n').filter(Boolean).map((line) => {
      const [sha256, size, name] = line.trim().split(/\s+/);
      return { name, sha256, size: Number(size) };
    }),
  }))
  .sort(byName);
for (const { name, version, files } of sources) {
  if (files.length === 0) process.stderr.write(`images: Debian's archive does not list the source ${name} ${version}; SOURCES.md will name it without hashes\n`);
}

const toolchain = Object.fromEntries(
  fs.readFileSync(path.join(records, 'toolchain'), 'utf8').trim().split('\n').map((line) => line.split(' ')),
);
const text = `${JSON.stringify({ format: 1, epoch: 1735689600, toolchain, packages, sources }, null, 2)}\n`;
try {
  fs.writeFileSync(`${lock}.new`, text);
  fs.renameSync(`${lock}.new`, lock);
} finally {
  fs.rmSync(`${lock}.new`, { force: true });
}
