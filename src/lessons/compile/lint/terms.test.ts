import { expect, it } from "vitest";
import { proseOf } from "./prose.ts";
import { misspelt } from "./terms.ts";

const fixes = (text: string): string[] =>
  misspelt(text, proseOf(text)).map(({ found, fix }) => `${found}: ${fix}`);

it.each([
  ["A name space and two name-spaces.", ["name space: Write namespace", "name-spaces: Write namespaces"]],
  [
    "Cgroups v2, cgroups v2, cgroup version 2.",
    ["Cgroups v2: Write cgroup v2", "cgroups v2: Write cgroup v2", "cgroup version 2: Write cgroup v2"],
  ],
  [
    "A CGroup, a Cgroup, c-groups.",
    ["CGroup: Write cgroup", "Cgroup: Write cgroup", "c-groups: Write cgroups"],
  ],
  ["The oom killer, the OOM Killer.", ["oom: Write OOM", "OOM Killer: Write OOM killer"]],
  ["Send sigterm, not SIGkill.", ["sigterm: Write SIGTERM", "SIGkill: Write SIGKILL"]],
  ["In procfs, by an i-node.", ["procfs: Write the `proc` file system, or `/proc`", "i-node: Write inode"]],
  ["Then Unshare makes a uts namespace.", ["Unshare: Write unshare", "uts namespace: Write UTS namespace"]],
  ["In the PID Namespace its pid is 1.", ["PID Namespace: Write PID namespace", "pid: Write PID"]],
  [
    "It needs cap_sys_admin for clone_newuser.",
    ["cap_sys_admin: Write CAP_SYS_ADMIN", "clone_newuser: Write CLONE_NEWUSER"],
  ],
  [
    "A net namespace, a symlink, a syscall.",
    ["net namespace: Write network namespace", "symlink: Write symbolic link", "syscall: Write system call"],
  ],
  ["docker on linux with one cpu.", ["docker: Write Docker", "linux: Write Linux", "cpu: Write CPU"]],
  [
    "The kernal and a namepsace, a proces.",
    ["kernal: Write kernel", "namepsace: Write namespace", "proces: Write process"],
  ],
  ["Write into `memory.limit_in_bytes`.", ["memory.limit_in_bytes: Write `memory.max`"]],
])("%s", (text, wanted) => {
  expect(fixes(text)).toEqual(wanted);
});

it.each([
  "Send SIGKILL and SIGTERM to PID 1, which is in a PID namespace of cgroup v2; 2 GiB of RAM.",
  "Unshare the network. Overlay is a file system. Mount it. The control group, and control groups.",
  "`kill -s sigkill`, `cgroup.procs`, `name space`, ``a `pid` b``, [PID](https://linux.example/name-space).",
  "```sh run\necho pid > procfs\n```\n",
  ":::check\nquery: {process: {comm: oom, namespace: {pid: init}}}\n:::\n",
  "---\nid: pid/linux\ntopics: [pid, procfs]\n---\n",
  '::::step{#pid title="A process"}\nText.\n::::\n',
  "In version 1 the file was `memory.limit_in_bytes`.",
  "Controlled, scheduled, processed and contained by a processor; a professor; hostnames; namespaced demons.",
])("nothing is wrong with: %s", (text) => {
  expect(fixes(text)).toEqual([]);
});

it("sentences within YAML and titles are read, and what is around them is not", () => {
  const text = [
    '---\nid: pid/x\ntitle: "The oom killer"\n---\n',
    '::::step{#pid title="A name space"}\n:::check\nquery: {process: {comm: pid}}\n',
    "notYet:\n  - when: {none: {comm: oom}}\n    say: The `oom` pid.\notherwise: >-\n  A cgroups v2.\n:::\n::::\n",
  ].join("\n");
  expect(fixes(text)).toEqual([
    "oom: Write OOM",
    "name space: Write namespace",
    "pid: Write PID",
    "cgroups v2: Write cgroup v2",
  ]);
  expect(proseOf(text)).toHaveLength(text.length);
});

it("offsets are those of the source, also behind characters of two units", () => {
  const text = "😀 a name space";
  expect(misspelt(text, proseOf(text))).toMatchObject([{ offset: 5 }]);
});
