// Says about a built kernel what readers of its memory need, as JSON.
//
//   node describe.mjs KERNEL_TREE OUT.json
//
// Physical address = virtual address - 0xC0000000.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { fail } from '../lib/text.mjs';

const [tree, out] = process.argv.slice(2);
const NAMES = ['_text', '_etext', '_end', 'cgrp_dfl_root', 'init_cgroup_ns', 'init_css_set', 'init_ipc_ns', 'init_net',
  'init_nsproxy', 'init_pid_ns', 'init_task', 'init_time_ns', 'init_user_ns', 'init_uts_ns', 'jiffies', 'jiffies_64', 'linux_banner',
  'log_buf', 'log_buf_len', 'net_namespace_list', 'panic_cpu', 'prb', 'printk_rb_static', 'root_mem_cgroup', 'saved_command_line',
  'tainted_mask', 'vm_node_stat', 'vm_zone_stat', '_totalram_pages'];

const map = new Map();
for (const line of fs.readFileSync(path.join(tree, 'System.map'), 'utf8').split('\n')) {
  const [address, , name] = line.split(' ');
  if (name) map.set(name, Number.parseInt(address, 16));
}
const missing = NAMES.filter((name) => !map.has(name));
if (missing.length > 0) fail(`the kernel has no ${missing.join(', ')}`);

const notes = execFileSync('readelf', ['-n', path.join(tree, 'vmlinux')], { encoding: 'utf8' });
const buildId = notes.match(/Build ID: ([0-9a-f]+)/)?.[1] ?? fail('the kernel has no build id');
const version = fs.readFileSync(path.join(tree, 'include/config/kernel.release'), 'utf8').trim();
const symbols = Object.fromEntries(NAMES.sort().map((name) => [name, map.get(name)]));
fs.writeFileSync(out, `${JSON.stringify({ version, buildId, symbols }, null, 2)}\n`);
