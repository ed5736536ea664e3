/** The words of queries about processes. */
import { capabilityNames } from "./capabilities.ts";
import { uidInside } from "./ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import { innermostPid, type Process, type ProcessDetails } from "./process.ts";
import type { Birthplace, CapabilityPattern, PartnerPattern, ProcessPattern } from "./process-pattern.ts";
import { amountText, isAmount, many, type Membership, orCode, pathFits } from "./query-values.ts";
import { matching, type Subject, type Word } from "./query-words.ts";
import { code, KIND_NAMES, list, processName } from "./words.ts";

/** What `process` gives birth into; undefined when the kernel would not tell. */
function birthplace(
  observation: Observation,
  process: Process,
  kind: "pid" | "time",
): Birthplace | undefined {
  const own = process.namespaces[kind];
  const next = process.forChildren[kind];
  if (own === undefined || next === undefined) return undefined;
  if (own === next) return "own";
  const known = observation.namespaces.find((one) => one.kind === kind && one.inode === next);
  if (known?.kind === "pid") return known.dead ? "dead" : "other";
  // The agent tells of no namespace but by who lives in it.
  return observation.processes.some((one) => one.namespaces[kind] === next && one.state !== "Z")
    ? "other"
    : "dead";
}

function isBornInto(wanted: Birthplace | undefined, actual: Birthplace | undefined): boolean {
  return wanted === undefined || wanted === actual || (wanted === "other" && actual === "dead");
}

/** A word about one kind after another: the first that is wrong is spoken of. */
function kindByKind<Kind extends NamespaceKind, Value>(
  kinds: readonly Kind[],
  miss: (kind: Kind, wanted: Value, process: Process, observation: Observation) => string | undefined,
): Word<Process, Readonly<Partial<Record<Kind, Value | undefined>>>> {
  const first = (
    value: Readonly<Partial<Record<Kind, Value | undefined>>>,
    process: Process,
    observation: Observation,
  ): string | undefined => {
    for (const kind of kinds) {
      const wanted = value[kind];
      if (wanted === undefined) continue;
      const wrong = miss(kind, wanted, process, observation);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
  return {
    holds: (value, process, observation) => first(value, process, observation) === undefined,
    miss: (value, process, observation) => first(value, process, observation) ?? "",
  };
}

function namespaceMiss(
  kind: NamespaceKind,
  wanted: Membership,
  process: Process,
  observation: Observation,
): string | undefined {
  const inode = process.namespaces[kind];
  const init = initProcess(observation)?.namespaces[kind];
  const name = KIND_NAMES[kind];
  if (inode === undefined || init === undefined) return `its ${name} namespace could not be read`;
  if ((inode === init) === (wanted === "init")) return undefined;
  if (wanted === "init") return `it lives in a ${name} namespace of its own, not in init's`;
  // `unshare --pid` without `--fork`: only its children live in the new one.
  const next = kind === "pid" ? process.forChildren.pid : undefined;
  const unforked = next !== undefined && next !== inode;
  const hint = unforked ? " (only its children will not: was `--fork` left out?)" : "";
  return `it shares init's ${name} namespace${hint}`;
}

function birthplaceMiss(
  kind: "pid" | "time",
  wanted: Birthplace,
  process: Process,
  observation: Observation,
): string | undefined {
  const actual = birthplace(observation, process, kind);
  if (isBornInto(wanted, actual)) return undefined;
  const name = KIND_NAMES[kind];
  if (actual === undefined) {
    return `the ${name} namespace that its children will be born into has had no process yet`;
  }
  if (actual === "own") return `its children are born into its own ${name} namespace`;
  if (wanted === "own") return `its children are born into another ${name} namespace than its own`;
  return `the ${name} namespace of its children is alive`;
}

/** A word about one of the details, which only memory shows. */
function detail<Value>(
  what: string,
  read: (details: ProcessDetails) => Value | undefined,
  holds: (wanted: Value, actual: Value) => boolean,
  miss: (wanted: Value, actual: Value) => string,
): Word<Process, Value> {
  const actual = ({ details }: Process): Value | undefined =>
    details === undefined ? undefined : read(details);
  return {
    holds(wanted, process) {
      const value = actual(process);
      return value !== undefined && holds(wanted, value);
    },
    miss(wanted, process) {
      const value = actual(process);
      return value === undefined ? `its ${what} could not be read` : miss(wanted, value);
    },
  };
}

function partners(
  { process: pattern, kinds }: PartnerPattern,
  process: Process,
  observation: Observation,
  same: boolean,
): Process[] {
  return matching(PROCESSES, pattern, observation).filter(
    (other) =>
      other.pid !== process.pid &&
      kinds.every((kind) => {
        const [own, its] = [process.namespaces[kind], other.namespaces[kind]];
        return own !== undefined && its !== undefined && (own === its) === same;
      }),
  );
}

function named(pattern: ProcessPattern): string {
  return pattern.comm === undefined ? "process" : orCode(pattern.comm);
}

/** "network and UTS namespaces", "network namespace" */
function kindsText(kinds: readonly NamespaceKind[]): string {
  return `${list(kinds.map((kind) => KIND_NAMES[kind]))} namespace${kinds.length === 1 ? "" : "s"}`;
}

function capabilityMiss(wanted: CapabilityPattern, process: Process): string | undefined {
  const set = wanted.set ?? "effective";
  const mask = process.details?.capabilities[set];
  if (mask === undefined) return "its capabilities could not be read";
  const names = capabilityNames(mask);
  const lost = many(wanted.has ?? []).filter((name) => !names.includes(name));
  if (lost.length > 0) return `it does not have ${list(lost.map(code), "or")} (${set})`;
  const kept = many(wanted.lacks ?? []).filter((name) => names.includes(name));
  return kept.length > 0 ? `it still has ${list(kept.map(code))} (${set})` : undefined;
}

const WORDS: Subject<Process, ProcessPattern>["words"] = {
  comm: {
    holds: (wanted, { comm }) => many(wanted).includes(comm),
    miss: (_, { comm }) => `its name is ${code(comm)}`,
  },
  commandLine: {
    holds: (wanted, { details }) => {
      const said = details?.commandLine;
      return said !== undefined && many(wanted).every((word) => said.includes(word));
    },
    miss: (wanted, { details }) => {
      const said = details?.commandLine;
      if (said === undefined) return "its command line could not be read";
      const lacking = many(wanted).filter((word) => !said.includes(word));
      return `its command line ${code(said.join(" "))} lacks ${list(lacking.map(code))}`;
    },
  },
  parent: {
    holds: (wanted, { ppid }, observation) =>
      matching(PROCESSES, wanted, observation).some(({ pid }) => pid === ppid),
    miss: (_, { ppid }, { processes }) => {
      const parent = processes.find(({ pid }) => pid === ppid);
      return `its parent is ${parent === undefined ? `process ${ppid}` : processName(parent)}`;
    },
  },
  uid: {
    holds: (wanted, { uid }) => uid === wanted,
    miss: (wanted, { uid }) => `it runs as user ${uid}, not ${wanted}`,
  },
  uidInside: {
    holds: (wanted, process, observation) => uidInside(observation, process) === wanted,
    miss: (wanted, process, observation) => {
      const inside = uidInside(observation, process);
      return inside === undefined
        ? "what its user is called inside could not be read"
        : `its user is ${inside} inside, not ${wanted}`;
    },
  },
  namespace: kindByKind(NAMESPACE_KINDS, namespaceMiss),
  sharesWith: {
    holds: (wanted, process, observation) => partners(wanted, process, observation, true).length > 0,
    miss: ({ process, kinds }) => `it shares its ${kindsText(kinds)} with no ${named(process)}`,
  },
  differsFrom: {
    holds: (wanted, process, observation) => partners(wanted, process, observation, false).length > 0,
    miss: ({ process, kinds }) => `no ${named(process)} has another ${kindsText(kinds)}`,
  },
  forChildren: kindByKind(["pid", "time"] as const, birthplaceMiss),
  pidLevels: {
    holds: (wanted, { pids }) => pids.length === wanted,
    miss: (wanted, { pid, pids }) =>
      pids.length === 1
        ? `it has only one number, ${pid}`
        : `it has ${pids.length} numbers (${pids.join(", ")}), not ${wanted}`,
  },
  innermostPid: {
    holds: (wanted, process) => isAmount(wanted, innermostPid(process)),
    miss: (wanted, process) => `it calls itself ${innermostPid(process)}, not ${amountText(wanted)}`,
  },
  procMount: {
    holds: (wanted, { namespaces, procMount }) =>
      namespaces.pid !== undefined &&
      procMount !== undefined &&
      (procMount === namespaces.pid) === (wanted === "own"),
    miss: (wanted, { procMount }) => {
      if (procMount === undefined) return "it sees no `/proc` that could be read";
      return wanted === "own"
        ? "its `/proc` still lists the processes of another PID namespace"
        : "its `/proc` lists its own PID namespace";
    },
  },
  cgroup: {
    holds: (wanted, { cgroup }) => cgroup !== undefined && pathFits(wanted, cgroup),
    miss: (wanted, { cgroup }) =>
      cgroup === undefined
        ? "its cgroup could not be read"
        : `its cgroup is ${code(cgroup)}, not ${code(wanted)}`,
  },
  root: detail(
    "root directory",
    ({ root }) => root,
    (wanted, actual) => wanted === actual,
    (wanted, actual) => `its root directory is ${code(actual)}, not ${code(wanted)}`,
  ),
  cwd: detail(
    "working directory",
    ({ cwd }) => cwd,
    (wanted, actual) => wanted === actual,
    (wanted, actual) => `its working directory is ${code(actual)}, not ${code(wanted)}`,
  ),
  capabilities: {
    holds: (wanted, process) => capabilityMiss(wanted, process) === undefined,
    miss: (wanted, process) => capabilityMiss(wanted, process) ?? "",
  },
  noNewPrivileges: detail(
    "`no_new_privs`",
    ({ noNewPrivileges }) => noNewPrivileges,
    (wanted, actual) => wanted === actual,
    (wanted) => (wanted ? "it has not set `no_new_privs`" : "it has set `no_new_privs`"),
  ),
  seccomp: detail(
    "seccomp mode",
    ({ seccomp }) => seccomp,
    (wanted, actual) => wanted === actual,
    (wanted, actual) => `its seccomp mode is ${code(actual)}, not ${code(wanted)}`,
  ),
  frozen: detail(
    "freezer state",
    ({ frozen }) => frozen,
    (wanted, actual) => wanted === actual,
    (wanted) => (wanted ? "it is not frozen" : "it is frozen"),
  ),
  state: {
    holds: (wanted, { state }) => state === wanted,
    miss: (wanted, { state }) => `its state is ${state}, not ${wanted}`,
  },
};

/** The words that only memory can answer, as a sentence calls what they ask for. */
const OF_MEMORY = {
  commandLine: "Command lines",
  uidInside: "What users are called inside",
  root: "Root directories",
  cwd: "Working directories",
  capabilities: "Capabilities",
  noNewPrivileges: "`no_new_privs`",
  seccomp: "Seccomp modes",
  frozen: "Frozen processes",
} satisfies Partial<Record<keyof ProcessPattern, string>>;

function unseen(observation: Observation, pattern: ProcessPattern): string | undefined {
  if (observation.source === "memory") return undefined;
  const names = Object.keys(OF_MEMORY) as (keyof typeof OF_MEMORY)[];
  const name = names.find((one) => pattern[one] !== undefined);
  if (name !== undefined) return OF_MEMORY[name];
  const inner = [pattern.parent, pattern.sharesWith?.process, pattern.differsFrom?.process];
  for (const one of inner) {
    const what = one === undefined ? undefined : unseen(observation, one);
    if (what !== undefined) return what;
  }
  return undefined;
}

export const PROCESSES: Subject<Process, ProcessPattern> = {
  words: WORDS,
  noun: ["process", "processes"],
  identity: ["comm"],
  things: ({ processes }, { state }) =>
    processes.filter((one) => !one.kernelThread && (one.state !== "Z" || state !== undefined)),
  nameOf: processName,
  none: (pattern) =>
    pattern.comm === undefined
      ? "No process comes near to what is asked for."
      : `There is no ${named(pattern)} running.`,
  but: (name, misses) => `There is ${name}, but ${misses}.`,
  unseen,
};
