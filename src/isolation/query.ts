/**
 * What lesson checks are written in: a question about one observation, as plain data (YAML in a lesson).
 * {@link holds} answers it; `why-not.ts` says why the answer is no.
 */
import * as v from "valibot";
import { NAMESPACE_KINDS, type NamespaceKind } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import { innermostPid, type Process } from "./process.ts";

/** `init`: the machine's own, the one its init lives in. */
const Membership = v.picklist(["init", "not-init"]);
/** `dead`: another than its own, and nobody lives in it, so that nobody can be born into it. */
const Birthplace = v.picklist(["own", "other", "dead"]);
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Pid = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A description of a process. All of it has to be so; user processes only, unless `kernelThread` says otherwise. */
export interface ProcessPattern {
  /** As in `/proc/PID/comm`; one of several. */
  readonly comm?: string | readonly string[] | undefined;
  readonly uid?: number | undefined;
  readonly state?: string | undefined;
  readonly namespace?: Readonly<Partial<Record<NamespaceKind, "init" | "not-init" | undefined>>> | undefined;
  /** What it calls itself. */
  readonly innermostPid?: number | { readonly atLeast: number } | undefined;
  /** In how many PID namespaces it has a number. */
  readonly pidLevels?: number | undefined;
  /** The namespace that its next child will be born into. */
  readonly forChildren?:
    | Readonly<Partial<Record<"pid" | "time", "own" | "other" | "dead" | undefined>>>
    | undefined;
  /** Whose processes its `/proc` lists: its own PID namespace's, or another's. */
  readonly procMount?: "own" | "other" | undefined;
  readonly parent?: ProcessPattern | undefined;
}

/** A question about an observation. */
export type Query =
  | { readonly process: ProcessPattern; readonly count?: { readonly atLeast: number } | undefined }
  | { readonly all: readonly Query[] }
  | { readonly any: readonly Query[] }
  | { readonly none: ProcessPattern };

const NamespaceSchema = v.strictObject({
  cgroup: v.optional(Membership),
  ipc: v.optional(Membership),
  mnt: v.optional(Membership),
  net: v.optional(Membership),
  pid: v.optional(Membership),
  time: v.optional(Membership),
  user: v.optional(Membership),
  uts: v.optional(Membership),
} satisfies Record<NamespaceKind, unknown>);

const ProcessPatternSchema: v.GenericSchema<ProcessPattern> = v.strictObject({
  comm: v.optional(v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))])),
  uid: v.optional(Count),
  state: v.optional(v.string()),
  namespace: v.optional(NamespaceSchema),
  innermostPid: v.optional(v.union([Pid, v.strictObject({ atLeast: Pid })])),
  pidLevels: v.optional(Pid),
  forChildren: v.optional(v.strictObject({ pid: v.optional(Birthplace), time: v.optional(Birthplace) })),
  procMount: v.optional(v.picklist(["own", "other"])),
  parent: v.optional(v.lazy(() => ProcessPatternSchema)),
});

const Questions = v.pipe(v.array(v.lazy(() => QuerySchema)), v.minLength(1));

/** The shape of a query as data. The words that it knows are listed in {@link QUERY_WORDS}. */
export const QuerySchema: v.GenericSchema<Query> = v.union([
  v.strictObject({
    process: ProcessPatternSchema,
    count: v.optional(v.strictObject({ atLeast: Pid })),
  }),
  v.strictObject({ all: Questions }),
  v.strictObject({ any: Questions }),
  v.strictObject({ none: ProcessPatternSchema }),
]);

/** Every word of the language, to find the nearest right one for a wrong one. */
export const QUERY_WORDS: readonly string[] = [
  ...["process", "count", "atLeast", "all", "any", "none"],
  ...["comm", "uid", "state", "namespace", "innermostPid", "pidLevels", "forChildren", "procMount", "parent"],
  ...NAMESPACE_KINDS,
  ...["init", "not-init", "own", "other", "dead"],
];

/** One statement of a pattern, to be judged by itself. */
export type Clause = {
  [Name in keyof ProcessPattern]-?: { readonly on: Name; readonly value: NonNullable<ProcessPattern[Name]> };
}[keyof ProcessPattern];

/** A pattern's statements, the most telling first. */
export function clausesOf(pattern: ProcessPattern): Clause[] {
  const order = [
    "comm",
    "parent",
    "uid",
    "namespace",
    "forChildren",
    "pidLevels",
    "innermostPid",
    "procMount",
    "state",
  ] as const satisfies readonly (keyof ProcessPattern)[];
  return order.flatMap((on) => {
    const value = pattern[on];
    return value === undefined ? [] : [{ on, value } as Clause];
  });
}

/** What `process` gives birth into, in the words of a pattern; undefined when the kernel would not tell. */
export function birthplace(
  observation: Observation,
  process: Process,
  kind: "pid" | "time",
): "own" | "other" | "dead" | undefined {
  const own = process.namespaces[kind];
  const next = process.forChildren[kind];
  if (own === undefined || next === undefined) return undefined;
  if (own === next) return "own";
  return observation.processes.some((one) => one.namespaces[kind] === next && one.state !== "Z")
    ? "other"
    : "dead";
}

function namespacesAreSo(
  observation: Observation,
  process: Process,
  wanted: NonNullable<ProcessPattern["namespace"]>,
): boolean {
  const init = initProcess(observation);
  return NAMESPACE_KINDS.every((kind) => {
    const membership = wanted[kind];
    if (membership === undefined) return true;
    const inode = process.namespaces[kind];
    if (inode === undefined || init?.namespaces[kind] === undefined) return false;
    return (inode === init.namespaces[kind]) === (membership === "init");
  });
}

/** Whether one statement is true of a process. What could not be read is never true. */
export function clauseHolds(observation: Observation, process: Process, clause: Clause): boolean {
  if (clause.on === "comm") {
    return typeof clause.value === "string"
      ? process.comm === clause.value
      : clause.value.includes(process.comm);
  }
  if (clause.on === "uid") {
    return process.uid === clause.value;
  }
  if (clause.on === "state") {
    return process.state === clause.value;
  }
  if (clause.on === "namespace") {
    return namespacesAreSo(observation, process, clause.value);
  }
  if (clause.on === "innermostPid") {
    return typeof clause.value === "number"
      ? innermostPid(process) === clause.value
      : innermostPid(process) >= clause.value.atLeast;
  }
  if (clause.on === "pidLevels") {
    return process.pids.length === clause.value;
  }
  if (clause.on === "forChildren") {
    return (["pid", "time"] as const).every((kind) => {
      const wanted = clause.value[kind];
      if (wanted === undefined) return true;
      const actual = birthplace(observation, process, kind);
      return actual === wanted || (wanted === "other" && actual === "dead");
    });
  }
  if (clause.on === "procMount") {
    const own = process.namespaces.pid;
    if (own === undefined || process.procMount === undefined) return false;
    return (process.procMount === own) === (clause.value === "own");
  }
  const parent = observation.processes.find((one) => one.pid === process.ppid);
  return parent !== undefined && fits(observation, parent, clause.value);
}

/** Whether a process is as the pattern says. Zombies only fit where their state is asked for. */
export function fits(observation: Observation, process: Process, pattern: ProcessPattern): boolean {
  if (process.kernelThread) return false;
  if (process.state === "Z" && pattern.state === undefined) return false;
  return clausesOf(pattern).every((clause) => clauseHolds(observation, process, clause));
}

/** Whether the answer is yes. */
export function holds(query: Query, observation: Observation): boolean {
  if ("process" in query) {
    const wanted = query.count?.atLeast ?? 1;
    return observation.processes.filter((one) => fits(observation, one, query.process)).length >= wanted;
  }
  if ("none" in query) return !observation.processes.some((one) => fits(observation, one, query.none));
  if ("all" in query) return query.all.every((one) => holds(one, observation));
  return query.any.some((one) => holds(one, observation));
}
