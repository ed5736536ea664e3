// Writes a profile into the content-addressed store, and its manifest.
//
//   node store.mjs STAGE_DIR BZIMAGE DESCRIPTION_DIR FIRMWARE EPOCH OUT_DIR PROFILE_DIR…
//
// The last PROFILE_DIR is the profile's own; it stands on those before it.
// OUT_DIR/store/<sha256 of content>: the content, compressed singly with zstd -19; the same bytes in, the same out.
// OUT_DIR/PROFILE.json: the manifest. Files above one chunk are cut, so that a page can fetch parts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { readLines } from './text.mjs';

const [stageDir, bzImage, descriptionDir, firmware, epochText, outDir, ...profileDirs] = process.argv.slice(2);
const profile = path.basename(profileDirs.at(-1));
const CHUNK = 128 * 1024;
const FORMAT = 1;
const COMMAND_LINE = profileDirs.flatMap((dir) => readLines(path.join(dir, 'command-line'))).map(({ text }) => text).join(' ');
const [DEFAULT_MEMORY, LEAST_MEMORY] = readLines(path.join(profileDirs.at(-1), 'memory'))[0].text.split(' ').map(Number);

const storeDir = path.join(outDir, 'store');
fs.mkdirSync(storeDir, { recursive: true });
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Content waiting for compression: hash → bytes. */
const pending = new Map();

function keep(bytes) {
  const hash = sha256(bytes);
  if (!pending.has(hash)) pending.set(hash, bytes);
  return hash;
}

/** Compresses all that waits, in a few zstd calls, each file by itself. */
function compress() {
  const work = fs.mkdtempSync(path.join(outDir, 'compress-'));
  const hashes = [...pending.keys()].filter((hash) => !fs.existsSync(path.join(storeDir, hash)));
  for (const hash of hashes) fs.writeFileSync(path.join(work, hash), pending.get(hash));
  while (hashes.length > 0) {
    execFileSync('zstd', ['-19', '-q', '--single-thread', '--no-check', '--', ...hashes.splice(0, 500)], { cwd: work, stdio: 'inherit' });
  }
  for (const name of fs.readdirSync(work)) {
    if (name.endsWith('.zst')) fs.renameSync(path.join(work, name), path.join(storeDir, name.slice(0, -4)));
  }
  fs.rmSync(work, { recursive: true });
}

const storedBytes = (hash) => fs.statSync(path.join(storeDir, hash)).size;

function describe(hash, size) {
  return { sha256: hash, size, stored: storedBytes(hash), storedSha256: sha256(fs.readFileSync(path.join(storeDir, hash))) };
}

/** The tree in the layout of v86's file systems (version 3): [name, size, mtime, mode, uid, gid, target|children]. */
function makeTree(entries, epoch) {
  const TYPE = { dir: 0o040000, file: 0o100000, link: 0o120000 };
  const top = [];
  const children = new Map([['/', top]]);
  const parts = new Map();
  const totals = { files: 0, bytes: 0 };
  for (const { path: name, kind, mode, uid, gid, target } of entries) {
    let [size, last] = [0, target];
    if (kind === 'dir') {
      last = [];
      children.set(name, last);
    } else if (kind === 'file') {
      const bytes = fs.readFileSync(path.join(stageDir, 'root', name));
      size = bytes.length;
      last = sha256(bytes);
      totals.files++;
      totals.bytes += size;
      if (size > 0 && !parts.has(last)) {
        const chunks = [];
        for (let at = 0; at < size; at += CHUNK) chunks.push(keep(bytes.subarray(at, at + CHUNK)));
        parts.set(last, chunks);
      }
    } else size = Buffer.byteLength(target);
    const permissions = kind === 'link' ? 0o777 : mode;
    children.get(path.posix.dirname(name)).push([path.posix.basename(name), size, epoch, TYPE[kind] | permissions, uid, gid, last]);
  }
  return { top, parts, totals };
}

/** One JSON line per entry: a change of one file changes little of the text. */
function printTree(top, parts) {
  const show = (entry) => (Array.isArray(entry[6])
    ? `${JSON.stringify(entry.slice(0, 6)).slice(0, -1)},[${entry[6].map((child) => `\n${show(child)}`).join(',')}]]`
    : JSON.stringify(entry));
  const byHash = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  const stored = byHash.filter(([, chunks]) => chunks.length === 1).map(([hash]) => `\n"${hash}":${storedBytes(hash)}`);
  const chunks = byHash.filter(([, all]) => all.length > 1)
    .map(([hash, all]) => `\n"${hash}":${JSON.stringify(all.map((chunk) => [chunk, storedBytes(chunk)]))}`);
  return `{"format":${FORMAT},"entries":[${top.map((entry) => `\n${show(entry)}`).join(',')}],\n"chunks":{${chunks.join(',')}},\n"stored":{${stored.join(',')}}}\n`;
}

const entries = JSON.parse(fs.readFileSync(path.join(stageDir, 'entries.json'), 'utf8'));
const { top, parts, totals } = makeTree(entries, Number(epochText));
const blobs = {
  kernel: fs.readFileSync(bzImage),
  firmware: fs.readFileSync(firmware),
  layout: fs.readFileSync(path.join(descriptionDir, 'layout.json')),
};
const [kernel, bios, layout] = [blobs.kernel, blobs.firmware, blobs.layout].map(keep);
compress();
const treeBytes = Buffer.from(printTree(top, parts));
const tree = keep(treeBytes);
compress();

const manifest = {
  format: FORMAT,
  profile,
  kernel: describe(kernel, blobs.kernel.length),
  firmware: describe(bios, blobs.firmware.length),
  tree: describe(tree, treeBytes.length),
  commandLine: COMMAND_LINE,
  memory: { default: DEFAULT_MEMORY, minimum: LEAST_MEMORY },
  kernelInfo: {
    ...JSON.parse(fs.readFileSync(path.join(descriptionDir, 'kernel.json'), 'utf8')),
    layout: describe(layout, blobs.layout.length),
  },
  chunkSize: CHUNK,
  totals: { ...totals, stored: [...pending.keys()].reduce((sum, hash) => sum + storedBytes(hash), 0) },
};
fs.writeFileSync(path.join(outDir, `${profile}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
