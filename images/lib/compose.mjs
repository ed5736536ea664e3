// Composes a profile's file system from unpacked packages, own files, programs and the profile's lists.
//
//   node compose.mjs UNPACKED_DIR EXTRA_DIR STAGE_DIR PROFILE_DIR…
//
// A profile that stands on another is given after it; its own files replace those of the same name below.
// UNPACKED_DIR holds one unpacked tree per package name; EXTRA_DIR one tree of built files. Writes the plain files to
// STAGE_DIR/root and what the disk cannot keep (owners, modes, links) to STAGE_DIR/entries.json, sorted by path.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { linkCompletion } from './completion.mjs';
import { findUnmetNeeds } from './elf.mjs';
import { copyUnpacked, indexManual, unpackedName, unpackedTarget } from './manual.mjs';
import { fail, readLines } from './text.mjs';

const [unpackedDir, extraDir, stageDir, ...profileDirs] = process.argv.slice(2);
const MERGED = /^\/(bin|sbin|lib)(?=\/|$)/;

/** path → {kind, mode, uid, gid, from | target} */
const entries = new Map();

function add(name, entry, origin) {
  const known = entries.get(name);
  if (known && !(known.kind === 'dir' && entry.kind === 'dir')) fail(`${origin}: ${name} is already there (${known.origin})`);
  entries.set(name, { uid: 0, gid: 0, ...entry, origin });
}

/** Lists a tree as merged path → path on disk; directories are left out. */
function listTree(root) {
  const found = new Map();
  const walk = (dir) => {
    for (const item of fs.readdirSync(path.join(root, dir), { withFileTypes: true })) {
      const name = `${dir}/${item.name}`;
      if (item.isDirectory()) walk(name);
      else found.set(unpackedName(name.replace(MERGED, '/usr/$1')), path.join(root, name));
    }
  };
  walk('');
  return found;
}

function addFromDisk(name, file, origin) {
  const status = fs.lstatSync(file);
  if (status.isSymbolicLink()) add(name, { kind: 'link', target: unpackedTarget(file, name) }, origin);
  else add(name, { kind: 'file', mode: status.mode & 0o100 ? 0o755 : 0o644, from: file }, origin);
}

function takePackages(profileDir) {
  let name = '';
  let tree = new Map();
  const missing = [];
  for (const { text, where } of readLines(path.join(profileDir, 'files'))) {
    if (text.startsWith('@')) {
      name = text.slice(1);
      tree = listTree(path.join(unpackedDir, name));
      continue;
    }
    const pattern = new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}(/.*)?$`);
    const matches = [...tree.keys()].filter((file) => pattern.test(file));
    if (matches.length === 0) missing.push(`${where}: ${name} has no ${text}`);
    for (let file of matches) {
      while (file && !entries.has(file)) {
        addFromDisk(file, tree.get(file), name);
        const { kind, target } = entries.get(file);
        const next = kind === 'link' ? path.posix.resolve(path.posix.dirname(file), target).replace(MERGED, '/usr/$1') : '';
        file = tree.has(next) ? next : '';
      }
    }
  }
  if (missing.length > 0) fail(`asked for, but not in the packages:\n${missing.join('\n')}`);
}

function takeLayout(profileDir) {
  const octal = (text) => Number.parseInt(text, 8);
  const known = (name, where) => entries.get(name) ?? fail(`${where}: there is no ${name}`);
  const verbs = {
    dir: ([mode, uid, gid, name], where) => add(name, { kind: 'dir', mode: octal(mode), uid: +uid, gid: +gid }, where),
    link: ([name, target], where) => add(name, { kind: 'link', target }, where),
    mode: ([mode, name], where) => (known(name, where).mode = octal(mode)),
    own: ([uid, gid, name], where) => Object.assign(known(name, where), { uid: +uid, gid: +gid }),
    applets: (names, where) => {
      const loader = path.join(unpackedDir, 'libc6/lib/ld-linux.so.2');
      const libraries = path.join(unpackedDir, 'libc6/lib/i386-linux-gnu');
      const listed = execFileSync(loader, ['--library-path', libraries, entries.get('/usr/bin/busybox').from, '--list'], { encoding: 'utf8' });
      const all = new Set(listed.split('\n'));
      for (const name of names) {
        if (!all.has(name)) fail(`${where}: busybox has no ${name}`);
        add(name === 'init' ? '/usr/sbin/init' : `/usr/bin/${name}`, { kind: 'link', target: '/usr/bin/busybox' }, where);
      }
    },
  };
  for (const { text, where } of readLines(path.join(profileDir, 'layout'))) {
    const [verb, ...words] = text.split(/\s+/);
    (verbs[verb] ?? fail(`${where}: no such verb: ${verb}`))(words, where);
  }
}

/** Gives every entry a directory, and looks through the links that lead nowhere. */
function close() {
  for (const name of [...entries.keys()]) {
    for (let dir = path.posix.dirname(name); dir !== '/'; dir = path.posix.dirname(dir)) {
      const there = entries.get(dir);
      if (there?.kind === 'link') fail(`${name}: its directory ${dir} is a link`);
      if (!there) add(dir, { kind: 'dir', mode: 0o755 }, 'parent');
    }
  }
  for (const [name, { kind, target }] of entries) {
    if (kind !== 'link') continue;
    const end = path.posix.resolve(path.posix.dirname(name), target).replace(MERGED, '/usr/$1');
    if (!entries.has(end) && !/^\/(proc|run)(\/|$)/.test(end)) fail(`${name} leads to ${target}, which is not kept`);
  }
}

function stage() {
  const root = path.join(stageDir, 'root');
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  fs.mkdirSync(root, { recursive: true });
  for (const [name, entry] of sorted) {
    const to = path.join(root, name);
    if (entry.kind === 'dir') fs.mkdirSync(to, { recursive: true });
    else {
      fs.mkdirSync(path.dirname(to), { recursive: true });
      if (entry.kind === 'link') fs.symlinkSync(entry.target, to);
      else copyUnpacked(entry.from, to, name);
    }
  }
  return root;
}

for (const dir of profileDirs) takePackages(dir);
for (const [name, file] of listTree(extraDir)) addFromDisk(name, file, 'built');
const ownFiles = new Map(profileDirs.flatMap((dir) => [...listTree(path.join(dir, 'root'))]));
for (const [name, file] of ownFiles) addFromDisk(name, file, 'own files');
for (const dir of profileDirs) takeLayout(dir);
close();
const root = stage();
linkCompletion(root);
// Without the loader's cache each start searches a list of directories over 9p.
execFileSync(path.join(unpackedDir, 'libc-bin/sbin/ldconfig'), ['-X', '-f', '/dev/null', '-r', root, '/usr/lib/i386-linux-gnu'], { stdio: 'inherit' });
add('/etc/ld.so.cache', { kind: 'file', mode: 0o644 }, 'ldconfig');
if (indexManual(root, unpackedDir)) add('/usr/share/man/mandoc.db', { kind: 'file', mode: 0o644 }, 'makewhatis');
const unmet = findUnmetNeeds(root, [...entries].filter(([, entry]) => entry.kind === 'file').map(([name]) => name));
if (unmet.length > 0) fail(`programs need what is not kept:\n${unmet.join('\n')}`);

const listing = [...entries]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, { kind, mode, uid, gid, target, origin }]) => ({ path: name, kind, mode, uid, gid, target, origin }));
fs.writeFileSync(path.join(stageDir, 'entries.json'), `${JSON.stringify(listing, null, 1)}\n`);
