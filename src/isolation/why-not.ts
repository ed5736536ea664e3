/** Why a query does not hold, in a sentence: the nearest miss, and what is missing in it. */
import type { NamespaceKind } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import { innermostPid, type Process } from "./process.ts";
import {
  birthplace,
  type Clause,
  clauseHolds,
  clausesOf,
  fits,
  holds,
  type ProcessPattern,
  type Query,
} from "./query.ts";

const KIND_NAMES: Readonly<Record<NamespaceKind, string>> = {
  cgroup: "cgroup",
  ipc: "IPC",
  mnt: "mount",
  net: "network",
  pid: "PID",
  time: "time",
  user: "user",
  uts: "UTS",
};

function list(words: readonly string[], joint: string): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${joint} ${last}`;
}

function named(pattern: ProcessPattern): string {
  if (pattern.comm === undefined) return "process";
  const names = typeof pattern.comm === "string" ? [pattern.comm] : pattern.comm;
  return list(
    names.map((name) => `\`${name}\``),
    "or",
  );
}

/** `` `sleep` (54) `` */
function nameOf(process: Process): string {
  return `\`${process.comm}\` (${process.pid})`;
}

function namespaceMiss(
  observation: Observation,
  process: Process,
  wanted: NonNullable<ProcessPattern["namespace"]>,
): string {
  const init = initProcess(observation);
  const misses = Object.entries(wanted) as [NamespaceKind, "init" | "not-init" | undefined][];
  for (const [kind, membership] of misses) {
    const inode = process.namespaces[kind];
    if (membership === undefined) continue;
    const name = KIND_NAMES[kind];
    if (inode === undefined || init?.namespaces[kind] === undefined) {
      return `its ${name} namespace could not be read`;
    }
    const isInits = inode === init.namespaces[kind];
    if (membership === "not-init" && isInits) return `it shares init's ${name} namespace`;
    if (membership === "init" && !isInits) return `it lives in a ${name} namespace of its own, not in init's`;
  }
  return "it lives in other namespaces";
}

function birthplaceMiss(
  observation: Observation,
  process: Process,
  wanted: NonNullable<ProcessPattern["forChildren"]>,
): string {
  for (const kind of ["pid", "time"] as const) {
    const asked = wanted[kind];
    if (asked === undefined) continue;
    const name = KIND_NAMES[kind];
    const actual = birthplace(observation, process, kind);
    if (actual === asked || (asked === "other" && actual === "dead")) continue;
    if (actual === undefined) {
      return `the ${name} namespace that its children will be born into has had no process yet`;
    }
    if (actual === "own") return `its children are born into its own ${name} namespace`;
    if (asked === "own") return `its children are born into another ${name} namespace than its own`;
    return `the ${name} namespace of its children is alive`;
  }
  return "its children are born elsewhere";
}

/** What is wrong with a process, seen from one statement about it. */
function clauseMiss(observation: Observation, process: Process, clause: Clause): string {
  if (clause.on === "comm") {
    return `its name is \`${process.comm}\``;
  }
  if (clause.on === "uid") {
    return `it runs as user ${process.uid}, not ${clause.value}`;
  }
  if (clause.on === "state") {
    return `its state is ${process.state}, not ${clause.value}`;
  }
  if (clause.on === "namespace") {
    return namespaceMiss(observation, process, clause.value);
  }
  if (clause.on === "innermostPid") {
    const wanted = typeof clause.value === "number" ? clause.value : `${clause.value.atLeast} or more`;
    return `it calls itself ${innermostPid(process)}, not ${wanted}`;
  }
  if (clause.on === "pidLevels") {
    return process.pids.length === 1
      ? `it has only one number, ${process.pid}`
      : `it has ${process.pids.length} numbers (${process.pids.join(", ")}), not ${clause.value}`;
  }
  if (clause.on === "forChildren") {
    return birthplaceMiss(observation, process, clause.value);
  }
  if (clause.on === "procMount") {
    if (process.procMount === undefined) return "it sees no `/proc` that could be read";
    return clause.value === "own"
      ? "its `/proc` still lists the processes of another PID namespace"
      : "its `/proc` lists its own PID namespace";
  }
  const parent = observation.processes.find((one) => one.pid === process.ppid);
  return `its parent is ${parent === undefined ? `process ${process.ppid}` : nameOf(parent)}`;
}

/** The process that comes nearest: the one of which the most statements are true, the newest of equals. */
function nearest(observation: Observation, pattern: ProcessPattern): Process | undefined {
  const clauses = clausesOf(pattern);
  let best: Process | undefined;
  let score = 0;
  for (const process of observation.processes) {
    if (process.kernelThread || process.state === "Z") continue;
    // A process of another name is no near miss where a name is asked for.
    const [first] = clauses;
    if (first?.on === "comm" && !clauseHolds(observation, process, first)) continue;
    const trueOnes = clauses.filter((clause) => clauseHolds(observation, process, clause)).length;
    if (trueOnes > 0 && trueOnes >= score) {
      best = process;
      score = trueOnes;
    }
  }
  return best;
}

function explainProcess(pattern: ProcessPattern, wanted: number, observation: Observation): string {
  const there = observation.processes.filter((one) => fits(observation, one, pattern)).length;
  if (there > 0) return `There ${there === 1 ? "is" : "are"} ${there} of the ${wanted} processes asked for.`;
  const miss = nearest(observation, pattern);
  if (miss === undefined) {
    return pattern.comm === undefined
      ? "No process comes near to what is asked for."
      : `There is no ${named(pattern)} running.`;
  }
  const wrong = clausesOf(pattern)
    .filter((clause) => !clauseHolds(observation, miss, clause))
    .map((clause) => clauseMiss(observation, miss, clause));
  return `There is ${nameOf(miss)}, but ${list(wrong.slice(0, 2), "and")}.`;
}

/**
 * A sentence on why the query does not hold; the empty string when it holds. Code is between backticks.
 */
export function whyNot(query: Query, observation: Observation): string {
  if (holds(query, observation)) return "";
  if ("process" in query) return explainProcess(query.process, query.count?.atLeast ?? 1, observation);
  if ("none" in query) {
    const still = observation.processes.filter((one) => fits(observation, one, query.none));
    const some = still.slice(0, 3).map(nameOf);
    const more = still.length > some.length ? [`${still.length - some.length} more`] : [];
    return `Still there: ${list([...some, ...more], "and")}.`;
  }
  if ("all" in query) {
    const failed = query.all.find((one) => !holds(one, observation));
    return failed === undefined ? "" : whyNot(failed, observation);
  }
  // The way that has come furthest is the one to speak of; the first is the author's favourite.
  const [first] = query.any;
  return first === undefined ? "" : whyNot(first, observation);
}
