import type { KernelMemory, KernelObject } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";
import { pathOf } from "./mounts.ts";

/** `task_state_array` of fs/proc/array.c, by the highest bit that is set. */
const STATES = "RSDTtXZP";
/** `include/linux/sched.h`: here the guest's own word, in a field of /proc/PID/stat. */
const PF_KTHREAD = 0x00200000;
const PAGE_KB = 4;
/** Linux takes longer ones; no process of the fixture has one. */
const LONGEST = 64 * 1024;
const NS_PER_TICK = 10_000_000n;

const hex = (value: bigint): string => value.toString(16).padStart(16, "0");
const join = (...numbers: (number | bigint)[]): string => numbers.join(" ");

function* tasks(kernel: KernelMemory): Generator<KernelObject> {
  yield* kernel.global("task_struct", "init_task").list("tasks", "task_struct", "tasks");
}

function isKernelThread(task: KernelObject): boolean {
  return (task.number("flags") & task.memory.constant("PF_KTHREAD")) !== 0;
}

/** The processes of programs, by pid. */
export function programs(kernel: KernelMemory): Map<number, KernelObject> {
  const found = [...tasks(kernel)].filter((task) => !isKernelThread(task));
  return new Map(found.map((task) => [task.number("pid"), task]));
}

/** `numbers[level]` of a `struct pid`, from the outermost level in. */
function upids(pid: KernelObject): KernelObject[] {
  const { memory } = pid;
  const first = pid.addressOf("numbers");
  return Array.from({ length: pid.count("level") + 1 }, (_, i) =>
    memory.at("upid", first + i * memory.size("upid")),
  );
}

function pidOfType(task: KernelObject, type: string): KernelObject {
  const { memory } = task;
  const pids = task.get("signal", "signal_struct").addressOf("pids");
  return memory.at("pid", memory.word(pids + memory.constant(type) * 4));
}

/** The numbers of `pid` in each of the namespaces that `seer` has one in; 0 where it has none. */
function numbersOf(pid: KernelObject, seer: KernelObject): string {
  const own = upids(pid);
  const numbers = upids(seer).map((upid, level) =>
    own[level]?.number("ns") === upid.number("ns") ? own[level].number("nr") : 0,
  );
  return join(...numbers);
}

export function inodeOf(owner: KernelObject): number {
  return owner.part("ns", "ns_common").number("inum");
}

export function pidNamespace(task: KernelObject): KernelObject {
  const innermost = upids(task.get("thread_pid", "pid")).at(-1);
  if (innermost === undefined) throw new Error("a task without a pid");
  return innermost.get("ns", "pid_namespace");
}

/** The namespaces as `/proc/PID/ns` lists them; a zombie has left its own. */
function namespaces(task: KernelObject): Record<string, number> {
  const proxy = task.follow("nsproxy", "nsproxy");
  const user = task.get("real_cred", "cred").get("user_ns", "user_namespace");
  if (proxy === undefined) return { pid: inodeOf(pidNamespace(task)), user: inodeOf(user) };
  const inode = (field: string, struct: string): number => inodeOf(proxy.get(field, struct));
  return {
    cgroup: inode("cgroup_ns", "cgroup_namespace"),
    ipc: inode("ipc_ns", "ipc_namespace"),
    mnt: inode("mnt_ns", "mnt_namespace"),
    net: inode("net_ns", "net"),
    pid: inodeOf(pidNamespace(task)),
    pid_for_children: inode("pid_ns_for_children", "pid_namespace"),
    time: inode("time_ns", "time_namespace"),
    time_for_children: inode("time_ns_for_children", "time_namespace"),
    user: inodeOf(user),
    uts: inode("uts_ns", "uts_namespace"),
  };
}

function groups(cred: KernelObject): string {
  const info = cred.get("group_info", "group_info");
  const first = info.addressOf("gid");
  return join(...Array.from({ length: info.count("ngroups") }, (_, i) => cred.memory.word(first + i * 4)));
}

function stateOf(task: KernelObject): string {
  const bits = (task.number("__state") | task.number("exit_state")) & 0x7f;
  return STATES[32 - Math.clz32(bits)] ?? "?";
}

/** The program's words with NUL as `|`, through its own page tables; undefined if the page is not in RAM. */
function commandLine(mm: KernelObject): string | undefined {
  const { memory } = mm;
  const directory = memory.physical(mm.number("pgd"));
  const start = mm.number("arg_start");
  const length = mm.number("arg_end") - start;
  if (length > LONGEST) throw new Error("a command line that is too long");
  const bytes = memory.ram.readVirtual(directory, start, length);
  return bytes && new TextDecoder().decode(bytes).replaceAll("\0", "|");
}

function cgroupPath(kn: KernelObject): string {
  const parent = kn.follow("parent", "kernfs_node");
  if (parent === undefined) return "";
  return `${cgroupPath(parent)}/${kn.textAt("name")}`;
}

function memoryUse(mm: KernelObject | undefined): Record<string, unknown> {
  if (mm === undefined) return {};
  const counts = mm.numbers("rss_stat.count", 4);
  const kb = (name: string): string => `${Number(counts[mm.memory.constant(name)]) * PAGE_KB} kB`;
  return {
    VmSize: `${mm.number("total_vm") * PAGE_KB} kB`,
    RssAnon: kb("MM_ANONPAGES"),
    RssFile: kb("MM_FILEPAGES"),
    RssShmem: kb("MM_SHMEMPAGES"),
    VmSwap: kb("MM_SWAPENTS"),
    cmdline: commandLine(mm),
  };
}

function readProcess(task: KernelObject): Record<string, unknown> {
  const { memory } = task;
  const cred = task.get("real_cred", "cred");
  const signal = task.get("signal", "signal_struct");
  const pid = task.get("thread_pid", "pid");
  const tracer = task.number("ptrace") === 0 ? 0 : task.get("parent", "task_struct").number("tgid");
  const capability = (name: string): string => hex(cred.long(`cap_${name}`));
  const id = (name: string): string => join(...["", "e", "s", "fs"].map((kind) => cred.number(kind + name)));
  const tty = signal.follow("tty", "tty_struct");
  const mm = task.follow("mm", "mm_struct");
  return {
    Name: task.text("comm"),
    State: stateOf(task),
    Tgid: join(task.number("tgid")),
    PPid: join(task.get("real_parent", "task_struct").number("tgid")),
    TracerPid: join(tracer),
    Uid: id("uid"),
    Gid: id("gid"),
    Groups: groups(cred),
    NStgid: numbersOf(pidOfType(task, "PIDTYPE_TGID"), pid),
    NSpid: numbersOf(pid, pid),
    NSpgid: numbersOf(pidOfType(task, "PIDTYPE_PGID"), pid),
    NSsid: numbersOf(pidOfType(task, "PIDTYPE_SID"), pid),
    Threads: join(signal.number("nr_threads")),
    CapInh: capability("inheritable"),
    CapPrm: capability("permitted"),
    CapEff: capability("effective"),
    CapBnd: capability("bset"),
    CapAmb: capability("ambient"),
    NoNewPrivs: join((task.number("atomic_flags") >> memory.constant("PFA_NO_NEW_PRIVS")) & 1),
    Seccomp: join(task.number("seccomp.mode")),
    Seccomp_filters: join(task.number("seccomp.filter_count")),
    ...memoryUse(mm),
    cgroup: `0::${cgroupPath(task.get("cgroups", "css_set").get("dfl_cgrp", "cgroup").get("kn", "kernfs_node")) || "/"}`,
    started: task.long("start_boottime") / NS_PER_TICK,
    exitCode: task.number("exit_code"),
    foreground: tty === undefined ? -1 : pidNumber(tty.follow("ctrl.pgrp", "pid")),
    namespaces: namespaces(task),
    cwd: workingDirectory(task),
  };
}

/** As the process itself sees it. */
function workingDirectory(task: KernelObject): string | undefined {
  const fs = task.follow("fs", "fs_struct");
  if (fs === undefined) return undefined;
  const place = fs.part("pwd", "path");
  const mount = place.get("mnt", "vfsmount").outer("mount", "mnt");
  return pathOf(mount, place.get("dentry", "dentry"), fs.part("root", "path"));
}

/** The namespaces that a process holds by open files, as `FD KIND:[INODE]`. */
export function readOpenNamespaces(task: KernelObject): string[] {
  const { memory } = task;
  const table = task.get("files", "files_struct").get("fdt", "fdtable");
  const first = table.number("fd");
  return Array.from({ length: table.count("max_fds") }, (_, fd) => {
    const address = memory.word(first + fd * 4);
    const inode = address === 0 ? undefined : memory.at("file", address).get("f_inode", "inode");
    const type = inode?.get("i_sb", "super_block").get("s_type", "file_system_type").textAt("name");
    if (inode === undefined || type !== "nsfs") return [];
    const namespace = inode.get("i_private", "ns_common");
    const kind = namespace.get("ops", "proc_ns_operations").textAt("name");
    return [`${fd} ${kind}:[${namespace.number("inum")}]`];
  }).flat();
}

const pidNumber = (pid: KernelObject | undefined): number =>
  pid === undefined ? -1 : (upids(pid)[0]?.number("nr") ?? -1);

/** Every process of a program below `limit`, by pid. */
export function readProcesses(kernel: KernelMemory, limit: number): Record<number, Record<string, unknown>> {
  const found = [...programs(kernel)].filter(([pid]) => pid < limit);
  return Object.fromEntries(found.map(([pid, task]) => [pid, readProcess(task)]));
}

/** The number in `user:[4026531837]`. */
const inodeIn = (link: string): number => Number(/\[(\d+)\]$/.exec(link)?.[1]);

/** Links of `/proc/PID/ns`, by pid. */
function saidNamespaces(facts: Facts): Map<number, Record<string, number>> {
  const all = new Map<number, Record<string, number>>();
  for (const [link, target] of facts.links) {
    const [, pid, name] = /^(\d+)\/ns\/(\w+)$/.exec(link) ?? [];
    if (pid === undefined || name === undefined) continue;
    all.set(Number(pid), { ...all.get(Number(pid)), [name]: inodeIn(target) });
  }
  return all;
}

/** What {@link readProcesses} must find. */
export function saidProcesses(
  facts: Facts,
  keys: readonly string[],
): Record<number, Record<string, unknown>> {
  const links = saidNamespaces(facts);
  const found = facts.pids.flatMap((pid) => {
    const status = facts.table(`/proc/${pid}/status`);
    // Fields 3 and later of /proc/PID/stat; 2 is the name, in parentheses.
    const stat = facts
      .text(`/proc/${pid}/stat`)
      .replace(/^.*\) /, "")
      .split(" ");
    if ((Number(stat[6]) & PF_KTHREAD) !== 0) return [];
    const state = status["State"]?.[0];
    const said: Record<string, unknown> = {
      ...status,
      // One that runs is answering, and sleeps before and after.
      State: state === "R" ? undefined : state,
      cmdline: facts.text(`/proc/${pid}/cmdline`),
      cgroup: facts.text(`/proc/${pid}/cgroup`),
      started: BigInt(stat[19] ?? 0),
      // Of a living process it is that of its last stop.
      exitCode: state === "Z" ? Number(stat[49]) : undefined,
      foreground: Number(stat[5]),
      namespaces: links.get(pid) ?? {},
      // The same for the process as for the one who asked, unless it has mounts of its own.
      cwd: links.get(pid)?.["mnt"] === links.get(1)?.["mnt"] ? facts.links.get(`${pid}/cwd`) : undefined,
    };
    const wanted = keys.filter((key) => said[key] !== undefined && (key !== "cmdline" || "VmSize" in said));
    return [[pid, Object.fromEntries(wanted.map((key) => [key, said[key]]))] as const];
  });
  return Object.fromEntries(found);
}
