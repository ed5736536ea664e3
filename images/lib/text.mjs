// Small helpers of the image scripts.
import fs from 'node:fs';
import path from 'node:path';

/** Ends the script with one sentence. */
export function fail(sentence) {
  process.stderr.write(`images: ${sentence}\n`);
  process.exit(1);
}

/** The lines of a list file that say something, with where they stand. */
export function readLines(file) {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ text: line.trim(), where: `${path.basename(file)}:${index + 1}` }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
}

/** The same, where an indented line continues the one before. */
export function readContinued(file) {
  const entries = [];
  for (const [index, line] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (!/^\s/.test(line)) entries.push({ text: line.trim(), where: `${path.basename(file)}:${index + 1}` });
    else if (entries.length > 0) entries.at(-1).text += ` ${line.trim()}`;
  }
  return entries;
}
