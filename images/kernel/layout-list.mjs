// Reads the list of what is wanted of the kernel's structures; `layout` says how it is written.
import { fail, readContinued } from '../lib/text.mjs';

/**
 * @returns the symbols, and by object file: `structs`, of `{ kind, name, fields }`, and the names of `constants`.
 */
export function readLayoutList(file) {
  const symbols = [];
  const objects = new Map();
  const seen = new Set();
  const once = (name, where) => (seen.has(name) ? fail(`${where}: ${name} is listed twice`) : seen.add(name));
  let current;
  for (const { text, where } of readContinued(file)) {
    const object = text.match(/^\[(\S+\.o)\]$/)?.[1];
    const [, kind, name, rest] = text.match(/^(struct|variable|constants|symbols)(?: (\w+))?: (.+)$/) ?? [];
    const words = rest?.split(/\s+/);
    if (object) {
      current = objects.get(object) ?? { structs: [], constants: [] };
      objects.set(object, current);
    } else if (kind === 'symbols' && !name) {
      for (const symbol of words) once(`symbol ${symbol}`, where);
      symbols.push(...words);
    } else if (kind === 'constants' && !name && current) {
      for (const constant of words) once(`constant ${constant}`, where);
      current.constants.push(...words);
    } else if ((kind === 'struct' || kind === 'variable') && name && current) {
      once(`struct ${name}`, where);
      if (new Set(words).size < words.length) fail(`${where}: a field of ${name} is listed twice`);
      current.structs.push({ kind, name, fields: words });
    } else fail(`${where}: not understood: ${text}`);
  }
  return { symbols, objects };
}
