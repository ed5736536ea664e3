// Makes the stand-in libraries of profiles' `stubs` lists.
//
//   node stubs.mjs OUT_DIR LIST…
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { readLines } from './text.mjs';

const [outDir, ...lists] = process.argv.slice(2);
/** soname → version → [{value, error, name}] */
const libraries = new Map();
for (const { text } of lists.flatMap(readLines)) {
  const [soname, version, value, error, ...names] = text.split(/\s+/);
  const versions = libraries.get(soname) ?? new Map();
  libraries.set(soname, versions);
  versions.set(version, [...(versions.get(version) ?? []), ...names.map((name) => ({ value, error, name }))]);
}

fs.mkdirSync(outDir, { recursive: true });
const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'vivarium-stubs-'));
for (const [soname, versions] of libraries) {
  const functions = [...versions.values()].flat();
  const source = [
    'extern int *__errno_location(void);',
    ...functions.map(({ value, error, name }) =>
      `long ${name}(void); long ${name}(void) { ${error === '-' ? '' : `*__errno_location() = ${error}; `}return ${value}; }`),
  ].join('\n');
  const script = [...versions].filter(([version]) => version !== '-').map(([version, all]) => `${version} { global: ${all.map(({ name }) => `${name};`).join(' ')} };`).join('\n');
  const [code, map] = [path.join(workDir, `${soname}.c`), path.join(workDir, `${soname}.map`)];
  fs.writeFileSync(code, `${source}\n`);
  fs.writeFileSync(map, script === '' ? '{ global: *; };\n' : `${script}\n`);
  execFileSync('gcc', ['-m32', '-Os', '-fPIC', '-shared', '-nostdlib', '-s', '-fno-asynchronous-unwind-tables', '-Wl,--build-id=none',
    '-Wl,-z,noseparate-code', '-Wl,--hash-style=gnu', `-Wl,-soname,${soname}`, `-Wl,--version-script=${map}`, '-o', path.join(outDir, soname), code], { stdio: 'inherit' });
}
fs.rmSync(workDir, { recursive: true });
