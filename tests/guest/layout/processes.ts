import type { KernelMemory, KernelObject } from "../../support/kernel-objects.ts";
import type { Facts } from "./facts.ts";

/** `task_state_array` of fs/proc/array.c, by the highest bit that is set. */
const STATES = "RSDTtXZP";
const PAGE_KB = 4;
const NS_PER_TICK = 10_000_000n;
const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] as const;

const hex = (value: bigint): string => value.toString(16).padStart(16, "0");
const join = (...numbers: (number | bigint)[]): string => numbers.join(" ");

export function* tasks(kernel: KernelMemory): Generator<KernelObject> {
  yield* kernel.global("task_struct", "init_task").list("tasks", "task_struct", "tasks");
}

export function isKernelThread(task: KernelObject): boolean {
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
  return Array.from({ length: pid.number("level") + 1 }, (_, i) =>
    memory.at("upid", first + i * memory.size("upid")),
  );
}

function pidOfType(task: KernelObject, type: string): KernelObject {
  const { memory } = task;
  const pids = task.get("signal", "signal_struct").addressOf("pids");
  return memory.at("pid", memory.word(pids + memory.constant(type) * 4));
}

const numbersOf = (pid: KernelObject): string =>
  join(...upids(pid).map((upid) => upid.number("nr")));

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
  return join(...Array.from({ length: info.number("ngroups") }, (_, i) => cred.memory.word(first + i * 4)));
}

function state(task: KernelObject): string {
  const bits = (task.number("__state") | task.number("exit_state")) & 0x7f;
  return STATES[32 - Math.clz32(bits)] ?? "?";
}

/** The program's words with NUL as `|`, through its own page tables; undefined if the page is not in RAM. */
function commandLine(mm: KernelObject): string | undefined {
  const { memory } = mm;
  const directory = memory.physical(mm.number("pgd"));
  const start = mm.number("arg_start");
  const bytes = memory.ram.readVirtual(directory, start, mm.number("arg_end") - start);
  return bytes && new TextDecoder().decode(bytes).replaceAll("\0", "|");
}

export function cgroupPath(kn: KernelObject): string {
  const parent = kn.follow("parent", "kernfs_node");
  if (parent === undefined) return "";
  return `${cgroupPath(parent)}/${kn.textAt("name")}`;
}

function memoryUse(mm: KernelObject | undefined): Record<string, unknown> {
  if (mm === undefined) return {};
  const counts = mm.numbers("rss_stat.count", 4);
  const kb = (name: string): string =>
    `${Number(counts[mm.memory.constant(name)]) * PAGE_KB} kB`;
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
  const id = (name: string): string =>
    join(...["", "e", "s", "fs"].map((kind) => cred.number(kind + name)));
  const tty = signal.follow("tty", "tty_struct");
  const mm = task.follow("mm", "mm_struct");
  return {
    Name: task.text("comm"),
    State: state(task),
    Tgid: join(task.number("tgid")),
    PPid: join(task.get("real_parent", "task_struct").number("tgid")),
    TracerPid: join(tracer),
    Uid: id("uid"),
    Gid: id("gid"),
    Groups: groups(cred),
    NStgid: numbersOf(pidOfType(task, "PIDTYPE_TGID")),
    NSpid: numbersOf(pid),
    NSpgid: numbersOf(pidOfType(task, "PIDTYPE_PGID")),
    NSsid: numbersOf(pidOfType(task, "PIDTYPE_SID")),
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
  };
}

const pidNumber = (pid: KernelObject | undefined): number =>
  pid === undefined ? -1 : (upids(pid)[0]?.number("nr") ?? -1);

/** Every process of a program below `limit`, by pid. */
export function readProcesses(kernel: KernelMemory, limit: number): Record<number, Record<string, unknown>> {
  const found = [...programs(kernel)].filter(([pid]) => pid < limit);
  return Object.fromEntries(found.map(([pid, task]) => [pid, readProcess(task)]));
}

/** Links of `/proc/PID/ns`, by pid. */
function saidNamespaces(facts: Facts): Map<number, Record<string, number>> {
  const all = new Map<number, Record<string, number>>();
  for (const line of facts.lines("/tmp/layout-ns")) {
    const [, pid, name, inode] = /^'\/proc\/(\d+)\/ns\/(\w+)' -> '\w+:\[(\d+)\]'$/.exec(line) ?? [];
    if (pid === undefined || name === undefined) continue;
    all.set(Number(pid), { ...all.get(Number(pid)), [name]: Number(inode) });
  }
  return all;
}

/** What {@link readProcesses} must find. */
export function saidProcesses(facts: Facts, keys: readonly string[]): Record<number, Record<string, unknown>> {
  const links = saidNamespaces(facts);
  const found = facts.pids.flatMap((pid) => {
    const status = facts.table(`/proc/${pid}/status`);
    // Fields 3 and later of /proc/PID/stat; 2 is the name, in parentheses.
    const stat = facts.text(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
    const flags = Number(stat[6]);
    if ((flags & 0x00200000) !== 0) return [];
    const said: Record<string, unknown> = {
      ...status,
      State: status["State"]?.[0],
      cmdline: facts.text(`/proc/${pid}/cmdline`),
      cgroup: facts.text(`/proc/${pid}/cgroup`),
      started: BigInt(stat[19] ?? 0),
      exitCode: Number(stat[49]),
      foreground: Number(stat[5]),
      namespaces: links.get(pid) ?? {},
    };
    const wanted = keys.filter((key) => said[key] !== undefined && (key !== "cmdline" || "VmSize" in said));
    return [[pid, Object.fromEntries(wanted.map((key) => [key, said[key]]))] as const];
  });
  return Object.fromEntries(found);
}

export const NAMESPACE_KINDS = NAMESPACES;
