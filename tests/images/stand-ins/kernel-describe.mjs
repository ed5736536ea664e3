// In the place of images/kernel/describe.mjs: kernel-describe.mjs TREE OUT
import fs from "node:fs";

const out = process.argv[3];
fs.mkdirSync(out);
fs.writeFileSync(`${out}/kernel.json`, '{"version":"0","buildId":"00","symbols":{}}\n');
fs.writeFileSync(`${out}/layout.json`, '{"structs":{}}\n');
