// What ELF files need of each other, read with binutils.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const LIBRARIES = ['/usr/lib/i386-linux-gnu', '/usr/lib'];

function isElf(file) {
  const head = Buffer.alloc(4);
  const handle = fs.openSync(file, 'r');
  fs.readSync(handle, head, 0, 4, 0);
  fs.closeSync(handle);
  return head.toString('latin1') === '\x7fELF';
}

function symbols(file) {
  return execFileSync('objdump', ['-T', file], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
}

/**
 * Sentences about libraries that are not there and versioned symbols that no kept library defines.
 * Weak references may stay open. Symbols are looked for in all libraries together, as the loader's scope would.
 */
export function findUnmetNeeds(root, names) {
  const elves = names.filter((name) => isElf(path.join(root, name)));
  const unmet = [];
  const defined = new Set();
  const wanted = [];
  for (const name of elves) {
    const dynamic = execFileSync('readelf', ['-d', path.join(root, name)], { encoding: 'utf8' });
    for (const [, library] of dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
      if (!LIBRARIES.some((dir) => fs.existsSync(path.join(root, dir, library)))) unmet.push(`${name}: no ${library}`);
    }
    if (!dynamic.includes('(SYMTAB)')) continue;
    for (const line of symbols(path.join(root, name))) {
      const undefined_ = line.match(/^[0-9a-f]+ (.).{6} ?\*UND\*\s+[0-9a-f]+ +\(?([\w.]+)\)? +(\S+)$/);
      if (undefined_) {
        if (undefined_[1] !== 'w' && !/^[0-9a-f]+  w/.test(line)) wanted.push([name, `${undefined_[3]}@${undefined_[2]}`]);
        continue;
      }
      const there = line.match(/^[0-9a-f]+ .{7} \S+\s+[0-9a-f]+ +(?:\(?([\w.]+)\)? +)?(\S+)$/);
      if (there) defined.add(`${there[2]}@${there[1] ?? 'Base'}`);
    }
  }
  // An unversioned reference takes any version.
  for (const symbol of [...defined]) defined.add(symbol.replace(/@.*/, '@Base'));
  for (const [name, symbol] of wanted) if (!defined.has(symbol)) unmet.push(`${name}: no ${symbol}`);
  return unmet;
}
