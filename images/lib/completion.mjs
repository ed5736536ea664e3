// Links bash-completion's library against the kept completions, as a linker drops unused sections: reading the whole of it
// costs an emulated machine seconds at the first TAB, and most of it serves programs that are not here.
import fs from 'node:fs';
import path from 'node:path';

import { fail } from './text.mjs';

const DIR = 'usr/share/bash-completion';
/** What the library itself completes: unknown commands, directories, commands after commands, options from --help. */
const ROOTS = ['_completion_loader', '_cd', '_command', '_longopt', '_minimal'];
const FUNCTION = /^[ \t]*(\w+)\(\)/gm;

const words = (text) => new Set(text.match(/\w+/g));
const withoutComments = (text) => text.replace(/^[ \t]*#.*\n|^\s*\n/gm, '');

/** The statements at the top level: each from an unindented line to the next that does not continue it. */
const statements = (text) => withoutComments(text).split(/^(?![ \t]|[{}]|(?:else|elif|fi|done)\b)/m);

function link(library, completions) {
  const all = statements(library).map((text) => ({ text, defined: [...text.matchAll(FUNCTION)].map(([, name]) => name) }));
  const owners = new Map(all.flatMap((statement) => statement.defined.map((name) => [name, statement])));
  const missing = ROOTS.filter((name) => !owners.has(name));
  if (missing.length > 0) fail(`bash-completion has no ${missing.join(', ')} any more`);

  const kept = new Set();
  const keep = (text) => {
    for (const name of words(text)) {
      const owner = owners.get(name);
      if (!owner || kept.has(owner)) continue;
      kept.add(owner);
      keep(owner.text);
    }
  };
  for (const text of [...ROOTS, ...completions.map(withoutComments)]) keep(text);

  const isKept = (statement) => kept.has(statement)
    || (statement.defined.length === 0 && [...words(statement.text)].every((name) => !owners.has(name) || kept.has(owners.get(name))));
  return all.filter(isKept).map(({ text }) => text.replace(/^[ \t]+/gm, '')).join('');
}

/** Replaces the library below `root` by what the completions below `root` call of it. Its notice stays. */
export function linkCompletion(root) {
  const file = path.join(root, DIR, 'bash_completion');
  if (!fs.existsSync(file)) return;
  const library = fs.readFileSync(file, 'utf8');
  const [notice] = library.match(/^(?:#.*\n)+/) ?? fail('bash-completion has no notice');
  const dir = path.join(root, DIR, 'completions');
  const completions = fs.readdirSync(dir).map((name) => fs.readFileSync(path.join(dir, name), 'utf8'));
  fs.writeFileSync(file, `${notice}#\n# Shortened: what no completion here calls is left out, comments too.\n${link(library, completions)}`);
}
