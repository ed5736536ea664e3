// Says about a built kernel what readers of its memory need.
//
//   node describe.mjs KERNEL_TREE OUT
//
// OUT/kernel.json: version, build id, and the address that the worker looks at in every slice.
// OUT/layout.json: the layout of what the list `layout` names, proven against the objects that the kernel was linked from.
// Physical address = virtual address - 0xC0000000.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { fail } from '../lib/text.mjs';
import { readLayoutList } from './layout-list.mjs';
import { readObject } from './object.mjs';

const [tree, out] = process.argv.slice(2).map((dir) => path.resolve(dir));
const FORMAT = 1;
fs.mkdirSync(out, { recursive: true });

const map = new Map();
for (const line of fs.readFileSync(path.join(tree, 'System.map'), 'utf8').split('\n')) {
  const [address, , name] = line.split(' ');
  if (name) map.set(name, Number.parseInt(address, 16));
}
const addressOf = (name) => map.get(name) ?? fail(`the kernel has no ${name}`);

const notes = execFileSync('readelf', ['-n', path.join(tree, 'vmlinux')], { encoding: 'utf8' });
const buildId = notes.match(/Build ID: ([0-9a-f]+)/)?.[1] ?? fail('the kernel has no build id');
const version = fs.readFileSync(path.join(tree, 'include/config/kernel.release'), 'utf8').trim();
const configSha256 = createHash('sha256').update(fs.readFileSync(path.join(tree, '.config'))).digest('hex');

const { symbols, objects } = readLayoutList(new URL('layout', import.meta.url).pathname);
const work = fs.mkdtempSync(path.join(out, 'objects-'));
const waiting = [...objects];
const [structs, constants] = [{}, {}];
async function readAll() {
  for (let next; (next = waiting.shift());) {
    const read = await readObject(tree, work, ...next);
    Object.assign(structs, read.structs);
    Object.assign(constants, read.constants);
  }
}
await Promise.all(Array.from({ length: os.availableParallelism() }, readAll));
fs.rmSync(work, { recursive: true });

/** A record with its names in order, an entry a line. */
function print(record, show = JSON.stringify) {
  const names = Object.keys(record).sort();
  return `{${names.map((name) => `\n${JSON.stringify(name)}:${show(record[name])}`).join(',')}}`;
}
const kernel = { version, buildId, symbols: { panic_cpu: addressOf('panic_cpu') } };
fs.writeFileSync(path.join(out, 'kernel.json'), `${JSON.stringify(kernel, null, 2)}\n`);
const head = JSON.stringify({ format: FORMAT, version, buildId, configSha256 }).slice(0, -1);
const addresses = Object.fromEntries(symbols.map((name) => [name, addressOf(name)]));
fs.writeFileSync(
  path.join(out, 'layout.json'),
  `${head},\n"structs":${print(structs)},\n"constants":${print(constants)},\n"symbols":${print(addresses)}}\n`,
);
