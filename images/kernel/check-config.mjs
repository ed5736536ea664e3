// Fails unless every option that the fragment asks for, on or off, is so in the finished configuration.
//
//   node check-config.mjs FRAGMENT .config
import fs from 'node:fs';

import { fail, readLines } from '../lib/text.mjs';

const [fragment, config] = process.argv.slice(2);
const have = new Map([...fs.readFileSync(config, 'utf8').matchAll(/^(CONFIG_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
const wrong = [];
for (const { text, where } of readLines(fragment)) {
  const [, name, value] = text.match(/^(CONFIG_\w+)=(.*)$/) ?? fail(`${where}: not an option: ${text}`);
  const got = have.get(name) ?? 'n';
  if (got !== value) wrong.push(`${where}: ${name} is asked to be ${value}, and Kconfig made it ${got}`);
}
if (wrong.length > 0) fail(`the kernel's configuration is not as asked:\n${wrong.join('\n')}`);
