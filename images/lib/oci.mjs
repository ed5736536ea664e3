// Makes a profile's container images as one OCI layout (image-spec: image-layout.md, manifest.md, config.md).
//
//   node oci.mjs IMAGES_DIR UNPACKED_DIR EPOCH OUT_DIR
//
// IMAGES_DIR/images.json lists them. A layer is a directory of IMAGES_DIR, or a package that holds a static busybox: then
// the layer is that program with its applets. Layers are plain tar: the store compresses them, and the guest need not.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { fail } from './text.mjs';

const [imagesDir, unpackedDir, epoch, outDir] = process.argv.slice(2);
const MEDIA = 'application/vnd.oci.image';
const APPLETS_OF = 'busybox-static';
const created = new Date(epoch * 1000).toISOString();
const blobs = path.join(outDir, 'blobs/sha256');
fs.mkdirSync(blobs, { recursive: true });
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'vivarium-oci-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

/** Keeps a blob; the result is its descriptor. */
function keep(mediaType, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex');
  fs.writeFileSync(path.join(blobs, hash), bytes);
  return { mediaType: `${MEDIA}.${mediaType}`, digest: `sha256:${hash}`, size: bytes.length };
}

const keepJson = (mediaType, value) => keep(mediaType, Buffer.from(JSON.stringify(value)));

/** The static busybox of a package, every applet a link to it; only the build host's own kind can be asked which there are. */
function layBusybox(name, dir) {
  const program = (of) => path.join(unpackedDir, of, 'bin/busybox');
  if (!fs.existsSync(program(name))) fail(`images.json: there is no directory and no package ${name}`);
  fs.mkdirSync(path.join(dir, 'bin'));
  fs.copyFileSync(program(name), path.join(dir, 'bin/busybox'));
  for (const applet of execFileSync(program(APPLETS_OF), ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    if (applet !== 'busybox') fs.symlinkSync('busybox', path.join(dir, 'bin', applet));
  }
  for (const empty of ['dev', 'proc', 'root', 'sys', 'tmp', 'var/tmp']) fs.mkdirSync(path.join(dir, empty), { recursive: true });
  for (const open of ['tmp', 'var/tmp']) fs.chmodSync(path.join(dir, open), 0o1777);
}

const layers = new Map();
function layer(name) {
  if (layers.has(name)) return layers.get(name);
  const dir = path.join(work, name);
  fs.mkdirSync(dir);
  const own = path.join(imagesDir, name);
  if (fs.existsSync(own)) {
    fs.cpSync(own, dir, { recursive: true });
    // A checkout's modes follow its owner's umask.
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', dir]);
  } else layBusybox(name, dir);
  const tar = execFileSync(
    'tar',
    ['--create', '--format=ustar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${epoch}`,
      '--directory', dir, ...fs.readdirSync(dir).sort()],
    { maxBuffer: 1 << 28 },
  );
  layers.set(name, keep('layer.v1.tar', tar));
  return layers.get(name);
}

/** name → descriptor with its platform */
const made = new Map();
/** name → what images are built from: layers and their names, platform */
const parts = new Map();

function makeImage({ name, about, from, platform, layers: own, config }) {
  const base = from === undefined ? { names: [], platform } : (parts.get(from) ?? fail(`images.json: ${name} comes before ${from}`));
  const names = [...base.names, ...own];
  parts.set(name, { names, platform: base.platform });
  const descriptors = names.map(layer);
  const settings = keepJson('config.v1+json', {
    created,
    ...base.platform,
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ...config },
    rootfs: { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) },
    history: names.map((created_by) => ({ created, created_by })),
  });
  const manifest = { schemaVersion: 2, mediaType: `${MEDIA}.manifest.v1+json`, config: settings, layers: descriptors,
    annotations: { 'org.opencontainers.image.description': about } };
  return { ...keepJson('manifest.v1+json', manifest), platform: base.platform };
}

function makeIndex({ index }) {
  const manifests = index.map((name) => made.get(name) ?? fail(`images.json: an index comes before ${name}`));
  return keepJson('index.v1+json', { schemaVersion: 2, mediaType: `${MEDIA}.index.v1+json`, manifests });
}

for (const image of JSON.parse(fs.readFileSync(path.join(imagesDir, 'images.json'), 'utf8'))) {
  made.set(image.name, image.index === undefined ? makeImage(image) : makeIndex(image));
}
const manifests = [...made].map(([name, descriptor]) => ({ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': name } }));
fs.writeFileSync(path.join(outDir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
fs.writeFileSync(path.join(outDir, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType: `${MEDIA}.index.v1+json`, manifests }));
