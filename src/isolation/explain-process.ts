import { CAPABILITY_NAMES, type CapabilityName } from "./capabilities.ts";
import type { ProcessEvent, ProcessRef } from "./events.ts";
import { uidInside } from "./ids.ts";
import type { Scene } from "./scene.ts";
import type { Sentences } from "./sentences.ts";
import { code, KIND_NAMES, namespacesOf, processName, shortList } from "./words.ts";

/** `signal(7)`, as i386 numbers them. */
const SIGNALS = new Map([
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [5, "SIGTRAP"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [10, "SIGUSR1"],
  [11, "SIGSEGV"],
  [12, "SIGUSR2"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
  [31, "SIGSYS"],
]);

/** Who killed it, of a status as `wait(2)` gives it: 0 when it ended by itself. */
export function signalOf(status: number): number {
  return status & 0x7f;
}

/** "ended", "ended with exit code 2", "was killed by SIGKILL" */
function ended(status: number | undefined): string {
  if (status === undefined || status === 0) return "ended";
  const signal = signalOf(status);
  if (signal === 0) return `ended with exit code ${(status >> 8) & 0xff}`;
  return `was killed by ${SIGNALS.get(signal) ?? `signal ${signal}`}`;
}

/** "98 outside and 1 inside" */
export function numbersOf(pids: readonly number[]): string {
  const outside = `${pids[0] ?? 0} outside`;
  const between = pids.slice(1, -1).map((pid) => `, ${pid} in between`);
  return `${outside}${between.join("")} and ${pids.at(-1) ?? 0} inside`;
}

/** "`ls` (40) and `cat` (41)" */
export function processNames(processes: readonly Pick<ProcessRef, "pid" | "comm">[]): string {
  return shortList(processes.map(processName));
}

function explainBirth(
  { process, pids, parent }: Extract<ProcessEvent, { kind: "process-born" }>,
  scene: Scene,
): string {
  if (parent === undefined) return `${processName(process)} started.`;
  const levels = scene.process(parent.pid)?.pids.length ?? pids.length;
  const numbers = pids.length > levels ? ` in another PID namespace: it is ${numbersOf(pids)}` : "";
  return `${processName(parent)} started ${processName(process)}${numbers}.`;
}

function explainUser(event: Extract<ProcessEvent, { kind: "process-user" }>, scene: Scene): string {
  const now = scene.now(event.process.pid);
  const inside = now === undefined ? undefined : uidInside(scene.after, now);
  const itself = inside === undefined || inside === event.to ? "" : `, which it calls ${inside} itself`;
  return `${processName(event.process)} runs as user ${event.to} now, not as ${event.from}${itself}.`;
}

function capabilityList(names: readonly CapabilityName[]): string {
  return names.length === CAPABILITY_NAMES.length ? "all capabilities" : shortList(names.map(code));
}

function explainCapabilities(
  { process, gained, lost }: Extract<ProcessEvent, { kind: "process-capabilities" }>,
  scene: Scene,
): string {
  const changes = [
    ...(gained.length > 0 ? [`gained ${capabilityList(gained)}`] : []),
    ...(lost.length > 0 ? [`lost ${capabilityList(lost)}`] : []),
  ].join(" and ");
  const inode = scene.now(process.pid)?.namespaces.user;
  const own = inode !== undefined && !scene.isInitial({ kind: "user", inode, generation: 0 });
  const scope = gained.length > 0 && own ? ", over what its own user namespace rules only" : "";
  return `${processName(process)} ${changes}${scope}.`;
}

function explainEntered(
  { process, to }: Extract<ProcessEvent, { kind: "process-entered" }>,
  scene: Scene,
): string {
  const who = processName(process);
  if (scene.isInitial(to)) return `${who} went back to ${scene.nameOf(to)}.`;
  const others = scene.members(to).some(({ pid }) => pid !== process.pid);
  const pinned = (scene.namespace(to)?.pins.length ?? 0) > 0;
  return others || pinned
    ? `${who} entered ${scene.nameOf(to, process.pid)}.`
    : `${who} moved into ${namespacesOf([to.kind])} of its own.`;
}

/** "until `bash` (30) waits for it" */
export function untilReaped(scene: Scene, pid: number, them: string): string {
  const parent = scene.now(scene.now(pid)?.ppid ?? 0);
  return `until ${parent === undefined ? "its parent" : processName(parent)} waits for ${them}`;
}

function explainEnd({ process }: Extract<ProcessEvent, { kind: "process-ended" }>, scene: Scene): string {
  const was = scene.earlier(process.pid);
  if (was?.state !== "Z") return `${processName(process)} ended.`;
  const parent = scene.process(was.ppid);
  const who = parent === undefined ? "The parent" : processName(parent);
  return `${who} has asked how ${processName(process)} ended: the zombie is gone.`;
}

const SECCOMP = {
  off: "is not under seccomp any more",
  strict: "is in seccomp's strict mode now: it may read, write and exit, nothing else",
  filter: "is under a seccomp filter now: the filter decides about each of its system calls",
};

/** What is said of processes. */
export const OF_PROCESSES: Sentences<ProcessEvent> = {
  "process-born": explainBirth,
  "process-ended": explainEnd,
  "process-zombie": ({ process, exitStatus }, scene) =>
    `${processName(process)} ${ended(exitStatus)}, and is a zombie ${untilReaped(scene, process.pid, "it")}.`,
  "process-became": ({ process, was }) =>
    `${code(was)} (${process.pid}) became ${code(process.comm)}: the same process, another program.`,
  "process-stopped": ({ process }) => `${processName(process)} is stopped.`,
  "process-continued": ({ process }) => `${processName(process)} goes on.`,
  "process-frozen": ({ process }) => `${processName(process)} is frozen with its cgroup.`,
  "process-thawed": ({ process }) => `${processName(process)} is thawed, and goes on.`,
  "process-moved": ({ process, from, to }) =>
    `${processName(process)} moved from cgroup ${code(from)} to ${code(to)}.`,
  "process-entered": explainEntered,
  "process-children": ({ process, to }) =>
    `The next children of ${processName(process)} will be born into another ${KIND_NAMES[to.kind]} namespace; it stays where it is itself.`,
  "process-user": explainUser,
  "process-capabilities": explainCapabilities,
  "process-no-new-privileges": ({ process }) =>
    `${processName(process)} set \`no_new_privs\`: nothing that it runs can gain privileges, whatever the file's set-user-ID bit says.`,
  "process-seccomp": ({ process, to }) => `${processName(process)} ${SECCOMP[to]}.`,
  "process-root": ({ process, from, to }) =>
    `The root directory of ${processName(process)} is ${code(to)} now, not ${code(from)}.`,
};
