// Manual pages: packages bring them gzipped; a profile keeps them as they are read, since the store compresses.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

import { fail } from './text.mjs';

const PACKED = /^(\/usr\/share\/man\/.*)\.gz$/;

/** The path in the guest of a file of a package. */
export const unpackedName = (name) => name.replace(PACKED, '$1');

const isUnpacked = (file, name) => file.endsWith('.gz') && !name.endsWith('.gz');

/** Where a link of a package leads to in the guest. */
export function unpackedTarget(file, name) {
  const target = fs.readlinkSync(file);
  return isUnpacked(file, name) ? target.replace(/\.gz$/, '') : target;
}

/** Copies a file of a package to its path in the guest. */
export function copyUnpacked(from, to, name) {
  if (isUnpacked(from, name)) fs.writeFileSync(to, zlib.gunzipSync(fs.readFileSync(from)));
  else fs.copyFileSync(from, to);
}

/** Writes the index that man and apropos look into, with the profile's own makewhatis; true when it has one. */
export function indexManual(root, packagesDir) {
  const program = path.join(root, 'usr/bin/mandoc');
  if (!fs.existsSync(program)) return false;
  const manual = path.join(root, 'usr/share/man');
  for (const page of fs.readdirSync(manual, { recursive: true, withFileTypes: true })) {
    if (!page.isFile()) continue;
    const [, included] = fs.readFileSync(path.join(page.parentPath ?? page.path, page.name), 'utf8').match(/^\.so (\S+)\n$/) ?? [];
    if (included && !fs.existsSync(path.join(manual, included))) fail(`${page.name} is only a reference to ${included}, which is not kept`);
  }
  const loader = path.join(packagesDir, 'libc6/lib/ld-linux.so.2');
  const libraries = path.join(root, 'usr/lib/i386-linux-gnu');
  execFileSync(loader, ['--argv0', 'makewhatis', '--library-path', libraries, program, '-T', 'utf8', manual], { stdio: 'inherit' });
  return true;
}
