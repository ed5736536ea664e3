import type { NamespaceId, NamespaceKind, Process, ProcessDetails, Thread } from "../isolation/index.ts";
import type { CgroupPaths } from "./cgroup-path.ts";
import { type Credentials, CredentialReader } from "./credentials.ts";
import { listOf } from "./lists.ts";
import type { MountTable } from "./mounts.ts";
import type { NamespaceTable } from "./namespaces.ts";
import { type Program, readProgram } from "./program.ts";
import type { Reading } from "./reading.ts";

/** `task_state_array` of fs/proc/array.c, by the highest bit that is set. */
const STATES = "RSDTtXZPI";
const REPORTED = 0x7f;
const IDLE = STATES.length - 1;
const COMM = 16;
const PAGE = 4096;
/** MAX_PID_NS_LEVEL of linux/pid_namespace.h. */
const DEEPEST = 32;
/** PID_MAX_LIMIT of a kernel with `BASE_SMALL` is less. */
const MOST_PROCESSES = 32_768;
const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;

interface Membership {
  readonly namespaces: Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;
  readonly forChildren: Readonly<Partial<Record<"pid" | "time", NamespaceId>>>;
}

/** A process's task, for whoever has more to read of it. */
export interface Task {
  readonly address: number;
  readonly pid: number;
  readonly kernelThread: boolean;
}

/** Programs by task, kept from reading to reading. */
export type Programs = Map<number, { readonly key: string; readonly program: Program }>;

/** What the processes of one reading are read with. */
export class ProcessReader {
  readonly #reading: Reading;
  readonly #namespaces: NamespaceTable;
  readonly #paths: CgroupPaths;
  readonly #mounts: MountTable;
  readonly #credentials: CredentialReader;
  readonly #memberships = new Map<string, Membership>();
  readonly #before: Programs;
  /** For the next reading. */
  readonly programs: Programs = new Map();
  readonly tasks: Task[] = [];
  readonly #pids = new Map<number, number>();

  constructor(
    reading: Reading,
    namespaces: NamespaceTable,
    paths: CgroupPaths,
    mounts: MountTable,
    before: Programs,
  ) {
    this.#reading = reading;
    this.#namespaces = namespaces;
    this.#paths = paths;
    this.#mounts = mounts;
    this.#credentials = new CredentialReader(reading);
    this.#before = before;
  }

  /** The pid of who is at the address. */
  pidOf(task: number): number | undefined {
    return this.#pids.get(task);
  }

  /** All processes, in the kernel's order: the oldest first. */
  read(): Process[] {
    const { memory, kernel, trouble } = this.#reading;
    const head = kernel.symbols.initTask + kernel.task.tasks;
    const tasks = listOf(this.#reading, head, {
      link: kernel.task.tasks,
      what: "processes",
      most: MOST_PROCESSES,
    });
    const found: Process[] = [];
    for (const task of tasks) {
      const pid = memory.u32(task + kernel.task.pid);
      const struct = memory.u32(task + kernel.task.thread_pid);
      // One that is being taken away has no number any more.
      if (struct === 0) continue;
      const pids = this.#numbers(struct);
      if (pids[0] !== pid) {
        trouble.note("a process that makes no sense");
        continue;
      }
      const kernelThread = (memory.u32(task + kernel.task.flags) & kernel.state.kernelThread) !== 0;
      this.tasks.push({ address: task, pid, kernelThread });
      this.#pids.set(task, pid);
      found.push(this.#process(task, pid, pids, struct, kernelThread));
    }
    return found;
  }

  #process(task: number, pid: number, pids: number[], struct: number, kernelThread: boolean): Process {
    const { memory, kernel } = this.#reading;
    const { task: at } = kernel;
    const credentials = this.#credentials.read(memory.u32(task + at.real_cred));
    const { namespaces, forChildren } = this.#membership(task, struct, credentials);
    const startedAt = Math.floor(memory.u64(task + at.start_boottime) / NS_PER_MS);
    const comm = memory.text(task + at.comm, COMM);
    const program = this.#program(
      task,
      `${pid} ${startedAt} ${comm} ${memory.u32(task + at.mm)}`,
      kernelThread,
    );
    const set = memory.u32(task + at.cgroups);
    const cgroup = set === 0 ? 0 : memory.u32(set + kernel.cssSet.dfl_cgrp);
    return {
      pid,
      ppid: memory.u32(memory.u32(task + at.real_parent) + at.tgid),
      state: this.#state(task),
      uid: credentials.uids.effective,
      pids,
      comm,
      kernelThread,
      cgroup: cgroup === 0 ? undefined : this.#paths.of(cgroup),
      namespaces,
      forChildren,
      procMount: program?.procMount,
      details: this.#details(task, startedAt, credentials, program),
    };
  }

  #details(
    task: number,
    startedAt: number,
    { uids, gids, groups, capabilities }: Credentials,
    program: Program | undefined,
  ): ProcessDetails {
    const { memory, kernel } = this.#reading;
    const { task: at, signal: signalAt, pidType } = kernel;
    const signal = memory.u32(task + at.signal);
    const pidOfType = (type: number): number =>
      this.#number(memory.u32(signal + signalAt.pids + type * 4)) ?? 0;
    const mode = memory.u32(task + at["seccomp.mode"]);
    const traced = memory.u32(task + at.ptrace) !== 0;
    const zombie = (memory.u32(task + at.exit_state) & kernel.state.zombie) !== 0;
    const threads = this.#threads(task, signal);
    return {
      startedAt,
      commandLine: program?.commandLine,
      threads: threads.found,
      uids,
      gids,
      groups,
      capabilities,
      noNewPrivileges: (memory.u32(task + at.atomic_flags) & kernel.noNewPrivileges) !== 0,
      seccomp: mode === kernel.seccomp.filter ? "filter" : mode === kernel.seccomp.strict ? "strict" : "off",
      seccompFilters: memory.u32(task + at["seccomp.filter_count"]),
      root: program?.root,
      cwd: program?.cwd,
      group: pidOfType(pidType.group),
      session: pidOfType(pidType.session),
      terminal: this.#terminal(memory.u32(signal + signalAt.tty)),
      tracer: traced ? memory.u32(memory.u32(task + at.parent) + at.tgid) : undefined,
      memory: this.#memory(memory.u32(task + at.mm)),
      cpuTime: Math.floor((threads.runtime + memory.u64(signal + signalAt.sum_sched_runtime)) / NS_PER_US),
      oomScoreAdjust: (memory.u16(signal + signalAt.oom_score_adj) << 16) >> 16,
      frozen: (memory.u8(task + kernel.taskFrozen.byte) & kernel.taskFrozen.mask) !== 0,
      exitStatus: zombie ? memory.u32(task + at.exit_code) : undefined,
    };
  }

  /** Its threads but the first, and the nanoseconds that all of them ran. */
  #threads(task: number, signal: number): { readonly found: Thread[]; readonly runtime: number } {
    const { memory, kernel } = this.#reading;
    const own = memory.u64(task + kernel.task["se.sum_exec_runtime"]);
    if (signal === 0 || memory.u32(signal + kernel.signal.nr_threads) <= 1)
      return { found: [], runtime: own };
    const tasks = listOf(this.#reading, signal + kernel.signal.thread_head, {
      link: kernel.task.thread_node,
      what: "threads",
      most: MOST_PROCESSES,
    });
    let runtime = own;
    const found: Thread[] = [];
    for (const thread of tasks) {
      if (thread === task) continue;
      runtime += memory.u64(thread + kernel.task["se.sum_exec_runtime"]);
      const struct = memory.u32(thread + kernel.task.thread_pid);
      if (struct === 0) continue;
      found.push({
        tids: this.#numbers(struct),
        comm: memory.text(thread + kernel.task.comm, COMM),
        state: this.#state(thread),
      });
    }
    return { found, runtime };
  }

  #state(task: number): string {
    const { memory, kernel } = this.#reading;
    const state = memory.u32(task + kernel.task["__state"]);
    const bits = (state | memory.u32(task + kernel.task.exit_state)) & REPORTED;
    const index = (state & kernel.state.idle) === kernel.state.idle ? IDLE : 32 - Math.clz32(bits);
    return STATES[index] ?? "?";
  }

  /** `numbers[level]` of a `struct pid`, from the outermost level in. */
  #numbers(struct: number): number[] {
    const { memory, kernel } = this.#reading;
    const levels = Math.min(memory.u32(struct + kernel.pid.level), DEEPEST) + 1;
    const numbers: number[] = [];
    for (let level = 0; level < levels; level++) {
      numbers.push(memory.u32(struct + kernel.pid.numbers + level * kernel.upid.size + kernel.upid.nr));
    }
    return numbers;
  }

  /** In the initial PID namespace; undefined for NULL. */
  #number(struct: number): number | undefined {
    const { memory, kernel } = this.#reading;
    return struct === 0 ? undefined : memory.u32(struct + kernel.pid.numbers + kernel.upid.nr);
  }

  #membership(task: number, struct: number, { userNamespace }: Credentials): Membership {
    const { memory, kernel } = this.#reading;
    const proxy = memory.u32(task + kernel.task.nsproxy);
    const level = Math.min(memory.u32(struct + kernel.pid.level), DEEPEST);
    const pid = memory.u32(struct + kernel.pid.numbers + level * kernel.upid.size + kernel.upid.ns);
    const key = `${proxy} ${pid} ${userNamespace}`;
    const known = this.#memberships.get(key);
    if (known !== undefined) return known;
    const table = this.#namespaces;
    const all: [NamespaceKind, number][] = [
      ["pid", pid],
      ["user", userNamespace],
    ];
    const next: ["pid" | "time", number][] = [];
    // A zombie has left the others.
    if (proxy !== 0) {
      const { nsproxy } = kernel;
      const address = (offset: number): number => memory.u32(proxy + offset);
      all.push(
        ["cgroup", address(nsproxy.cgroup_ns)],
        ["ipc", address(nsproxy.ipc_ns)],
        ["mnt", address(nsproxy.mnt_ns)],
        ["net", address(nsproxy.net_ns)],
        ["time", address(nsproxy.time_ns)],
        ["uts", address(nsproxy.uts_ns)],
      );
      next.push(
        ["pid", address(nsproxy.pid_ns_for_children)],
        ["time", address(nsproxy.time_ns_for_children)],
      );
    }
    const named = <Kind extends NamespaceKind>(
      kinds: readonly [Kind, number][],
    ): Partial<Record<Kind, number>> => {
      const inodes: Partial<Record<Kind, number>> = {};
      for (const [kind, address] of kinds) {
        const inode = table.inode(kind, address);
        if (inode !== undefined) inodes[kind] = inode;
      }
      return inodes;
    };
    const membership = { namespaces: named(all), forChildren: named(next) };
    this.#memberships.set(key, membership);
    return membership;
  }

  #program(task: number, identity: string, kernelThread: boolean): Program | undefined {
    if (kernelThread) return undefined;
    const { memory, kernel } = this.#reading;
    const proxy = memory.u32(task + kernel.task.nsproxy);
    const mounts = proxy === 0 ? 0 : memory.u32(proxy + kernel.nsproxy.mnt_ns);
    // Whoever becomes another program, or whose mounts change, is read anew at once.
    const key = `${identity} ${this.#mounts.stateOf(mounts)}`;
    const before = this.#before.get(task);
    const same = before !== undefined && before.key === key && !this.#reading.slow;
    const program = same
      ? before.program
      : readProgram(this.#reading, task, this.#mounts.procSeenBy(task, mounts));
    this.programs.set(task, { key, program });
    return program;
  }

  #terminal(tty: number): ProcessDetails["terminal"] {
    if (tty === 0) return undefined;
    const { memory, kernel } = this.#reading;
    const name = memory.text(tty + kernel.tty.name, 64);
    return {
      name: name.replace(/^pts(\d+)$/, "pts/$1"),
      foreground: this.#number(memory.u32(tty + kernel.tty["ctrl.pgrp"])),
    };
  }

  #memory(mm: number): ProcessDetails["memory"] {
    if (mm === 0) return undefined;
    const { memory, kernel } = this.#reading;
    const bytes = (counter: number): number =>
      Math.max(0, memory.i32(mm + kernel.mm["rss_stat.count"] + counter * 4)) * PAGE;
    return {
      virtual: memory.u32(mm + kernel.mm.total_vm) * PAGE,
      anonymous: bytes(kernel.rss.anonymous),
      file: bytes(kernel.rss.file),
      shared: bytes(kernel.rss.shared),
      swapped: bytes(kernel.rss.swapped),
    };
  }
}
