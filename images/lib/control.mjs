// Debian's control stanzas: packages and sources, as apt-cache prints them.
import fs from 'node:fs';

/** Stanzas as objects of field → text (continuation lines joined with newlines). */
export function readStanzas(file) {
  return fs
    .readFileSync(file, 'utf8')
    .split(/\n\s*\n/)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const fields = {};
      let last = '';
      for (const line of text.split('\n')) {
        const start = line.match(/^([\w-]+):\s*(.*)$/);
        if (start) fields[(last = start[1])] = start[2];
        else if (last) fields[last] += `\n${line.trim()}`;
      }
      return fields;
    });
}

/** The source package of a binary one: the field may be missing, or carry a version of its own. */
export function sourceOf(fields) {
  const [, name, version] = (fields.Source ?? fields.Package).match(/^(\S+)(?: \((.*)\))?$/);
  return { name, version: version ?? fields.Version.replace(/\+b\d+$/, '') };
}
