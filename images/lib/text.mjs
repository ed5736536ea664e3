// Small helpers of the image scripts. Whoever imports this ends with one sentence whatever goes wrong.
import fs from 'node:fs';
import path from 'node:path';

/** Ends the script with one sentence. */
export function fail(sentence) {
  process.stderr.write(`images: ${sentence}\n`);
  process.exit(1);
}

process.on('uncaughtException', (error) => {
  if (error.code === 'ENOSPC') fail(`the disk is full${error.path ? ` (${error.path})` : ''}`);
  // What the system or a program refused is said in its words; a fault of ours needs the place.
  const refused = error.code !== undefined || error.status !== undefined;
  fail(refused ? error.message.split('\n')[0].slice(0, 120) : error.stack);
});

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
