/** How the kernel, its documentation and the manual pages spell what lessons speak of. */
import { nearestWord } from "../nearest-word.ts";

export interface Misspelt {
  /** From the beginning of the text. */
  readonly offset: number;
  readonly found: string;
  /** What to do instead, as a sentence without its full stop. */
  readonly fix: string;
}

/** Prose: words as people write them, and the right ones. `$1` is what the pattern's first group found. */
const PROSE: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\bname[ -]space(s?)\b/gi, "namespace$1"],
  [/\bcgroups?(?: v|-v| version |v)([12])\b/gi, "cgroup v$1"],
  // Documentation/admin-guide/cgroup-v2.rst: "cgroup" is never capitalized.
  [/\bc[ -]group(s?)\b/gi, "cgroup$1"],
  [/\b(?:Cgroup|CGroup|CGROUP)(s?)\b/g, "cgroup$1"],
  [/\bcontrol-group(s?)\b/gi, "control group$1"],
  [/\bsig(kill|term|int|chld|stop|cont|hup|segv|quit|tstp)\b/gi, "SIG$^1"],
  [/\bpid(s?) name/g, "PID name"],
  [/\b(?:mnt|MNT) namespace(s?)\b/g, "mount namespace$1"],
  [/\b(?:net|NET) namespace(s?)\b/g, "network namespace$1"],
  [/\bnetns\b/g, "network namespace"],
  [/\b(uts|ipc|pid) namespace/g, "$^1 namespace"],
  [/(?<=[a-z,;] )(PID|UTS|IPC|[Mm]ount|[Nn]etwork|[Uu]ser|[Tt]ime) Namespace(s?)\b/g, "$1 namespace$2"],
  [/\bprocess id(s?)\b/g, "process ID$1"],
  [/\bpid\b/g, "PID"],
  [/\boom\b/g, "OOM"],
  [/\bOOM[ -]Killer\b/g, "OOM killer"],
  [/\bcpu(s?)\b/g, "CPU$1"],
  [/\bram\b/g, "RAM"],
  [/\blinux\b/g, "Linux"],
  [/\bdebian\b/g, "Debian"],
  [/\bdocker\b/g, "Docker"],
  [/\bpodman\b/g, "Podman"],
  [/\b(?:kubernetes|Kubernets)\b/g, "Kubernetes"],
  [/\b(?:SystemD|Systemd)\b/g, "systemd"],
  [/\b(?:Busybox|busy box)\b/g, "BusyBox"],
  [/\b(?:Selinux|selinux|SELINUX)\b/g, "SELinux"],
  [/\b(?:Apparmor|apparmor)\b/g, "AppArmor"],
  [/(?<=[a-z,;] )(Unshare|Nsenter|Setns|Chroot|Seccomp|Procfs|Inode|Veth|Overlay|Tmpfs)\b/g, "$_1"],
  [/\b[Pp]rocfs\b/g, "the `proc` file system, or `/proc`"],
  [/\bcgroupfs\b/gi, "the `cgroup2` file system, or `/sys/fs/cgroup`"],
  [/\bOver[Ll]ay ?FS\b/g, "overlay"],
  [/\bi-node(s?)\b/gi, "inode$1"],
  [/\bvmm? machine/gi, "virtual machine"],
  [/\bsys-?call(s?)\b/gi, "system call$1"],
  [/\b(?:symlink|sym link|soft ?link)(s?)\b/gi, "symbolic link$1"],
  [/\bkernel space\b/gi, "kernel"],
  [/\bsuper[ -]user\b/gi, "superuser"],
  [/\bsub[ -]reaper\b/gi, "subreaper"],
  [/\bpseudo[ -]terminal(s?)\b/gi, "pseudoterminal$1"],
  [/\b(?:set-?uid|suid|SUID) (?=bit|program|binar)/g, "set-user-ID "],
  [/\b(cap_[a-z]+(?:_[a-z]+)*)\b/g, "$^1"],
  [/\b(clone_new[a-z]+)\b/gi, "$^1"],
];

/** Code as well: files of cgroup v1, which no guest of ours has. Somebody who speaks of v1 says so in the line. */
const FILES: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\bmemory\.limit(?:_in_bytes)?\b/g, "`memory.max`"],
  [/\bmemory\.soft_limit_in_bytes\b/g, "`memory.high`"],
  [/\bmemory\.usage(?:_in_bytes)?\b/g, "`memory.current`"],
  [/\bmemory\.memsw\.limit_in_bytes\b/g, "`memory.swap.max`"],
  [/\bmemory\.oom_control\b/g, "`memory.events` or `memory.oom.group`"],
  [/\bcpu\.shares\b/g, "`cpu.weight`"],
  [/\bcpu\.cfs_(?:quota|period)_us\b/g, "`cpu.max`"],
  [/\bcpuacct\.usage\b/g, "`cpu.stat`"],
  [/\bblkio\.throttle\.[a-z_]+\b/g, "`io.max`"],
  [/\bblkio\.weight\b/g, "`io.weight`"],
  [/\bpids\.limit\b/g, "`pids.max`"],
  [/\bfreezer\.state\b/g, "`cgroup.freeze`"],
  [/\bcgroup\.proc\b(?!s)/g, "`cgroup.procs`"],
  [/\bcgroup\.subtree_controllers?\b/g, "`cgroup.subtree_control`"],
];
const OLD_VERSION = /\b(?:v|version )1\b/i;

/** Long words that are easily misspelt. */
const TERMS = [
  ...["namespace", "namespaces", "capability", "capabilities", "hypervisor", "hypervisors", "hierarchy"],
  ...[
    "controller",
    "controllers",
    "descriptor",
    "descriptors",
    "kernel",
    "kernels",
    "privilege",
    "privileges",
  ],
  ...[
    "privileged",
    "unprivileged",
    "superuser",
    "daemon",
    "daemons",
    "semaphore",
    "semaphores",
    "propagation",
  ],
  ...[
    "scheduler",
    "schedulers",
    "pseudoterminal",
    "subreaper",
    "emulator",
    "emulators",
    "hostname",
    "throttled",
  ],
  ...[
    "throttling",
    "process",
    "processes",
    "container",
    "containers",
    "isolation",
    "filesystem",
    "filesystems",
  ],
  ...["unshare", "cgroup", "cgroups"],
];
/** Words that are a letter away from one of those, and right. */
const BESIDE = [
  ...[
    "hierarchies",
    "controlled",
    "scheduled",
    "schedules",
    "schedule",
    "hostnames",
    "throttle",
    "throttles",
  ],
  ...["processed", "processor", "processors", "professor", "professors", "contained", "unshared", "unshares"],
  ...["namespaced", "demon", "demons"],
];
const KNOWN = new Set([...TERMS, ...BESIDE]);

/** Whether two letters that stand the wrong way round are all that is wrong, or one letter is. */
function isSlip(word: string, right: string): boolean {
  if (Math.abs(word.length - right.length) > 1) return false;
  let i = 0;
  while (i < word.length && word[i] === right[i]) i++;
  const [restOfWord, restOfRight] = [word.slice(i), right.slice(i)];
  return (
    restOfWord.slice(1) === restOfRight ||
    restOfWord === restOfRight.slice(1) ||
    restOfWord.slice(1) === restOfRight.slice(1) ||
    (restOfWord[0] === restOfRight[1] &&
      restOfWord[1] === restOfRight[0] &&
      restOfWord.slice(2) === restOfRight.slice(2))
  );
}

function replaced(pattern: string, hit: RegExpExecArray | RegExpMatchArray): string {
  return pattern.replaceAll(/\$([\^_]?)(\d)/g, (_, how: string, n: string) => {
    const group = hit[Number(n)] ?? "";
    return how === "^" ? group.toUpperCase() : how === "_" ? group.toLowerCase() : group;
  });
}

function lineAround(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  return text.slice(text.lastIndexOf("\n", offset) + 1, end < 0 ? undefined : end);
}

/**
 * Words that are not spelt as the kernel does.
 * @param text a lesson's source
 * @param prose the same, with all but sentences masked
 */
export function misspelt(text: string, prose: string): Misspelt[] {
  const found = new Map<number, Misspelt>();
  const add = (offset: number, word: string, right: string): void => {
    // Patterns overlap; the first one that is listed knows best.
    if (!found.has(offset)) found.set(offset, { offset, found: word, fix: `Write ${right}` });
  };
  for (const [wrong, right] of PROSE)
    for (const hit of prose.matchAll(wrong)) add(hit.index, hit[0], replaced(right, hit));
  for (const [wrong, right] of FILES)
    for (const hit of text.matchAll(wrong))
      if (!OLD_VERSION.test(lineAround(text, hit.index))) add(hit.index, hit[0], right);
  for (const hit of prose.matchAll(/\b[A-Za-z]{6,20}\b/g)) {
    const word = hit[0].toLowerCase();
    if (KNOWN.has(word)) continue;
    const near = nearestWord(word, TERMS);
    if (near !== undefined && word[0] === near[0] && isSlip(word, near)) add(hit.index, hit[0], near);
  }
  return [...found.values()]
    .filter(({ found: word, fix }) => fix !== `Write ${word}`)
    .toSorted((a, b) => a.offset - b.offset);
}
