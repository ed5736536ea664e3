// What one object file of a built kernel knows of its structures. The source is compiled again, with debug information
// and by the very command of the build, to a place beside the tree; nothing in the tree is touched.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { fail } from '../lib/text.mjs';

// Macros too; types that only a header mentions too; and in DWARF 4, whose macros gdb reads without linking.
const DEBUG = '-g3 -gdwarf-4 -gstrict-dwarf -fno-eliminate-unused-debug-types';
const READ_DWARF = new URL('read-dwarf.py', import.meta.url).pathname;
const execute = promisify(execFile);

/** Runs a program in the tree, with `input` on its stdin; a failure ends the build with the program's own words. */
async function run(tree, what, program, words, input) {
  const running = execute(program, words, { cwd: tree, maxBuffer: 1 << 26 });
  // A program that ends before it has read everything says why itself.
  running.child.stdin.on('error', () => {}).end(input);
  return running.then(({ stdout }) => stdout, ({ message, stderr }) => fail(`${what}:\n${stderr?.trim() || message}`));
}

/** The build's own command for an object, without its output: `compile(MORE_WORDS)` is a line for a shell. */
function readCommand(tree, object) {
  const file = path.join(path.dirname(object), `.${path.basename(object)}.cmd`);
  const line = fs.existsSync(path.join(tree, file)) ? fs.readFileSync(path.join(tree, file), 'utf8').split('\n')[0] : '';
  const [, compiler, flags, source] = line.match(/^\w+_\S+ := (\S+) -Wp,-MMD,\S+ (.*) -c -o \S+ (\S+\.c)\s*$/)
    ?? fail(`${file} is not the command of one C compilation, so ${object} cannot be compiled again`);
  const unescaped = flags.replaceAll('$$', '$').replaceAll('\\#', '#');
  return { source, compile: (words) => `exec ${compiler} ${unescaped} ${words}` };
}

/** Fails unless two objects are the same, byte for byte, once the debug information is taken out of both. */
async function assertSameCode(tree, object, debugObject) {
  const [built, again] = [`${debugObject}.built`, `${debugObject}.again`];
  await run(tree, object, 'objcopy', ['--strip-debug', object, built]);
  await run(tree, object, 'objcopy', ['--strip-debug', debugObject, again]);
  if (!fs.readFileSync(built).equals(fs.readFileSync(again))) {
    fail(`${object} compiled with debug information is not what the kernel was linked from: its offsets prove nothing`);
  }
}

/** What the compiler must agree to, as C: `source` itself, and then an assertion for each number. */
function assertionsFor(source, { structs, constants }, kinds) {
  const lines = [`#include "${source}"`, '#define SAME(is, said) _Static_assert((is) == (said), #is " is not " #said);'];
  const bits = [];
  for (const [name, { size, fields }] of Object.entries(structs)) {
    const type = kinds.get(name) === 'struct' ? `struct ${name}` : `__typeof__(${name})`;
    lines.push(`SAME(sizeof(${type}), ${size})`);
    for (const [field, [offset, bytes, shift, width]] of Object.entries(fields)) {
      if (width === undefined) {
        lines.push(`SAME(__builtin_offsetof(${type}, ${field}), ${offset})`);
        // An array of open length, at a structure's end, has none.
        if (bytes > 0) lines.push(`SAME(sizeof(((${type} *)0)->${field}), ${bytes})`);
      } else {
        // A bit field has no address: a constant with just these bits set is compiled, and read from its own section.
        const section = `.layout.${bits.length}`;
        lines.push(`static const ${type} layout_${bits.length} __attribute__((used, section("${section}"))) = { .${field} = -1 };`);
        bits.push({ what: `${name}.${field}`, section, size, mask: ((1n << BigInt(width)) - 1n) << BigInt(offset * 8 + shift) });
      }
    }
  }
  for (const [name, value] of Object.entries(constants)) lines.push(`SAME(${name}, ${value}u)`);
  return { text: `${lines.join('\n')}\n`, bits };
}

/** Fails unless the compiler, asked without `-g`, says the same of every number. */
async function assertSameNumbers(tree, scratch, command, read, kinds) {
  const { text, bits } = assertionsFor(command.source, read, kinds);
  const output = bits.length > 0 ? `-c -o ${scratch}` : '-fsyntax-only';
  await run(tree, `compiler and debug information of ${command.source} disagree`, 'sh', ['-c', command.compile(`-w ${output} -x c -`)], text);
  for (const { what, section, size, mask } of bits) {
    await run(tree, what, 'objcopy', ['-O', 'binary', `--only-section=${section}`, scratch, `${scratch}.bits`]);
    const hex = Buffer.from(fs.readFileSync(`${scratch}.bits`)).reverse().toString('hex');
    if (hex.length !== size * 2 || BigInt(`0x${hex}`) !== mask) fail(`${what}: compiler and debug information disagree about its bits`);
  }
}

/**
 * Reads what `wanted` asks of `object` (a path in `tree`); files are left in `work`.
 *
 * @returns `{ structs: { name: { size, fields: { field: [offset, size] } } }, constants: { name: value } }`; a bit field has
 * `[offset, size, shift, bits]`.
 */
export async function readObject(tree, work, object, wanted) {
  const debugObject = path.join(work, object.replaceAll('/', '_'));
  const command = readCommand(tree, object);
  await run(tree, object, 'sh', ['-c', command.compile(`${DEBUG} -c -o ${debugObject} ${command.source}`)]);
  await assertSameCode(tree, object, debugObject);
  const request = JSON.stringify({ source: command.source, ...wanted });
  const read = JSON.parse(await run(tree, object, 'gdb', ['-nx', '-nh', '-batch', '-x', READ_DWARF, debugObject], request));
  const kinds = new Map(wanted.structs.map(({ name, kind }) => [name, kind]));
  await assertSameNumbers(tree, `${debugObject}.check`, command, read, kinds);
  return read;
}
