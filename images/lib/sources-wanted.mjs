// Prints the source packages of the binary stanzas in a file.
import { readStanzas, sourceOf } from './control.mjs';

for (const fields of readStanzas(process.argv[2])) process.stdout.write(`${sourceOf(fields).name}\n`);
