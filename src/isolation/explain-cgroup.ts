import type { CgroupEvent } from "./events.ts";
import type { Sentences } from "./sentences.ts";
import { bytes, code, list, times } from "./words.ts";

/** What a file says, as prose: bytes with their unit. */
function setting(file: string, value: string): string {
  if (file.startsWith("memory.") && /^\d+$/.test(value)) return bytes(Number(value));
  return /^\d+$/.test(value) ? value : code(value);
}

/** What a limit means. */
function meaning(file: string, value: string): string {
  const [quota = "", period = ""] = value.split(" ");
  if (file === "cpu.max" && quota !== "max") {
    return `: ${Math.round((100 * Number(quota)) / Number(period))}% of a CPU`;
  }
  if (file === "pids.max" && value !== "max") return ": more processes and threads it cannot have";
  return "";
}

function explainLimit({ cgroup, file, from, to }: Extract<CgroupEvent, { kind: "cgroup-limit" }>): string {
  const was = from === undefined ? "" : `, not ${setting(file, from)}`;
  return `${code(file)} of ${code(cgroup.path)} is ${setting(file, to)} now${was}${meaning(file, to)}.`;
}

/** Why the OOM killer came. */
export function fullMemory(full: { readonly path: string } | undefined): string {
  return full === undefined
    ? "the machine had no memory left"
    : `\`memory.max\` of ${code(full.path)} was full`;
}

function explainRefused(event: Extract<CgroupEvent, { kind: "cgroup-fork-refused" }>): string {
  const { cgroup, full } = event;
  const why =
    full === undefined
      ? "its `pids.max` was reached"
      : `\`pids.max\` of ${code(full.path)}, ${full.max}, is reached`;
  return `A fork in ${code(cgroup.path)} was refused ${times(event.times)}: ${why}.`;
}

function explainMemory(event: Extract<CgroupEvent, { kind: "cgroup-memory" }>): string {
  const where = code(event.cgroup.path);
  const limit = event.limit === "max" ? "" : ` (${bytes(event.limit)})`;
  return event.file === "memory.high"
    ? `${where} went over \`memory.high\`${limit} ${times(event.times)}: the kernel slows it down and takes memory back.`
    : `${where} ran into \`memory.max\`${limit} ${times(event.times)}: it gets no more before memory is taken back from it.`;
}

/** What is said of cgroups. */
export const OF_CGROUPS: Sentences<CgroupEvent> = {
  "cgroup-made": ({ cgroup }) => `The cgroup ${code(cgroup.path)} was made.`,
  "cgroup-removed": ({ cgroup }) => `The cgroup ${code(cgroup.path)} was removed.`,
  "cgroup-limit": explainLimit,
  "cgroup-controllers": ({ cgroup, added, removed }) => {
    const changes = [
      ...(added.length > 0 ? [`has ${list(added.map(code))}`] : []),
      ...(removed.length > 0 ? [`has lost ${list(removed.map(code))}`] : []),
    ];
    return `\`cgroup.subtree_control\` of ${code(cgroup.path)} ${list(changes)}, for the cgroups below it.`;
  },
  "cgroup-throttled": ({ cgroup, periods, microseconds }) => {
    const waited = `${Math.round(microseconds / 1000)} ms`;
    return `${code(cgroup.path)} was throttled ${times(periods)}: it had used up its \`cpu.max\` and waited ${waited}.`;
  },
  "cgroup-memory": explainMemory,
  "cgroup-oom-kill": ({ cgroup, kills, full }) => {
    const who = kills === 1 ? "a process" : `${kills} processes`;
    return `The OOM killer killed ${who} of ${code(cgroup.path)} with SIGKILL: ${fullMemory(full)}.`;
  },
  "cgroup-fork-refused": explainRefused,
  "cgroup-frozen": ({ cgroup }) => `${code(cgroup.path)} is frozen: all in it stand still.`,
  "cgroup-thawed": ({ cgroup }) => `${code(cgroup.path)} is thawed: all in it go on.`,
  "cgroup-owner": ({ cgroup, from, to }) =>
    `The cgroup ${code(cgroup.path)} belongs to user ${to} now, not to ${from}.`,
};
