// Carries over, from the old artifacts, the manifests of profiles that the new ones lack, with what they name; and drops
// from the new store what no manifest names.
//
//   node merge-store.mjs OLD NEW
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import './text.mjs';

const [oldDir, newDir] = process.argv.slice(2);
const manifests = (dir) => (fs.existsSync(dir) ? fs.readdirSync(dir).filter((name) => name.endsWith('.json')) : []);

/** Every store entry that a manifest needs. */
function named(dir, manifest) {
  const { kernel, firmware, tree, kernelInfo } = JSON.parse(fs.readFileSync(path.join(dir, manifest), 'utf8'));
  const bytes = execFileSync('zstd', ['-dcq', path.join(dir, 'store', tree.sha256)], { maxBuffer: 1 << 28 });
  const { chunks, stored } = JSON.parse(bytes.toString('utf8'));
  const blobs = [kernel, firmware, tree, kernelInfo.layout];
  return [...blobs.map(({ sha256 }) => sha256), ...Object.keys(stored), ...Object.values(chunks).flat().map(([sha]) => sha)];
}

for (const name of manifests(oldDir)) {
  if (fs.existsSync(path.join(newDir, name))) continue;
  fs.copyFileSync(path.join(oldDir, name), path.join(newDir, name));
  for (const sha of named(oldDir, name)) fs.copyFileSync(path.join(oldDir, 'store', sha), path.join(newDir, 'store', sha));
}
const needed = new Set(manifests(newDir).flatMap((name) => named(newDir, name)));
for (const sha of fs.readdirSync(path.join(newDir, 'store'))) {
  if (!needed.has(sha)) fs.rmSync(path.join(newDir, 'store', sha));
}
