/** The words of queries about namespaces. */
import * as v from "valibot";
import { type IdRange, type Namespace, NAMESPACE_KINDS, type NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";
import { type ProcessPattern, ProcessPatternSchema } from "./process-pattern.ts";
import { PROCESSES } from "./query-process.ts";
import {
  type Amount,
  amountOf,
  amountText,
  Count,
  CountsSchema,
  isAmount,
  many,
  type Membership,
  MembershipSchema,
  type OneOf,
  oneOf,
  pathFits,
  Whole,
} from "./query-values.ts";
import { matching, type Subject, type Word } from "./query-words.ts";
import { Scene } from "./scene.ts";
import { code, KIND_NAMES, list, mapped, processName } from "./words.ts";

/** Some line of a map: what is not said may be anything. */
export type MapPattern = boolean | Readonly<Partial<Record<keyof IdRange, number | undefined>>>;

/** A description of a namespace. All of it has to be so; a word that its kind does not have is never so. */
export interface NamespacePattern {
  readonly kind?: OneOf<NamespaceKind> | undefined;
  /** A process in it. */
  readonly member?: ProcessPattern | undefined;
  /** Whether it was there when the kernel started. */
  readonly initial?: boolean | undefined;
  /** The user namespace that rules it. */
  readonly owner?: Membership | undefined;
  /** How deep below the first one, of PID and user namespaces. */
  readonly level?: Amount | undefined;
  readonly members?: Amount | undefined;
  /** Nobody lives in it. */
  readonly empty?: boolean | undefined;
  /** Whether a mount of its file, or an open file, keeps it. */
  readonly pinned?: boolean | "mount" | "file" | undefined;
  readonly hostName?: string | undefined;
  /** Whether it has been written, or a line of it. */
  readonly uid_map?: MapPattern | undefined;
  readonly gid_map?: MapPattern | undefined;
  readonly setgroups?: "allow" | "deny" | undefined;
  /** Its PID 1. */
  readonly init?: "alive" | "dead" | undefined;
  /** Shifts of a time namespace's clocks, in whole seconds. */
  readonly monotonic?: Amount | undefined;
  readonly boottime?: Amount | undefined;
  /** The cgroup that a cgroup namespace shows as `/`. */
  readonly root?: string | undefined;
}

const MapSchema = v.union([
  v.boolean(),
  v.strictObject({
    inside: v.optional(Count),
    outside: v.optional(Count),
    count: v.optional(Count),
  }),
]);

export const NamespacePatternSchema: v.GenericSchema<NamespacePattern> = v.strictObject({
  kind: v.optional(oneOf(v.picklist(NAMESPACE_KINDS))),
  member: v.optional(ProcessPatternSchema),
  initial: v.optional(v.boolean()),
  owner: v.optional(MembershipSchema),
  level: v.optional(CountsSchema),
  members: v.optional(CountsSchema),
  empty: v.optional(v.boolean()),
  pinned: v.optional(v.union([v.boolean(), v.picklist(["mount", "file"])])),
  hostName: v.optional(v.string()),
  uid_map: v.optional(MapSchema),
  gid_map: v.optional(MapSchema),
  setgroups: v.optional(v.picklist(["allow", "deny"])),
  init: v.optional(v.picklist(["alive", "dead"])),
  monotonic: v.optional(amountOf(Whole)),
  boottime: v.optional(amountOf(Whole)),
  root: v.optional(v.string()),
} satisfies Record<keyof NamespacePattern, unknown>);

function membersOf({ processes }: Observation, { kind, inode }: Namespace): Process[] {
  return processes.filter((one) => one.namespaces[kind] === inode && !one.kernelThread && one.state !== "Z");
}

/** A word about something that not every kind has. */
function fact<Value, Actual>(
  what: string,
  read: (namespace: Namespace) => Actual | undefined,
  holds: (wanted: Value, actual: Actual) => boolean,
  miss: (wanted: Value, actual: Actual) => string,
): Word<Namespace, Value> {
  return {
    holds(wanted, namespace) {
      const actual = read(namespace);
      return actual !== undefined && holds(wanted, actual);
    },
    miss(wanted, namespace) {
      const actual = read(namespace);
      return actual === undefined ? `it has no ${what}` : miss(wanted, actual);
    },
  };
}

function mapWord(
  name: "uid_map" | "gid_map",
  noun: string,
  read: (namespace: Namespace) => readonly IdRange[] | undefined,
): Word<Namespace, MapPattern> {
  const holds = (wanted: MapPattern, ranges: readonly IdRange[]): boolean =>
    typeof wanted === "boolean"
      ? ranges.length > 0 === wanted
      : ranges.some((range) =>
          (["inside", "outside", "count"] as const).every(
            (part) => wanted[part] === undefined || wanted[part] === range[part],
          ),
        );
  const miss = (wanted: MapPattern, ranges: readonly IdRange[]): string => {
    if (ranges.length === 0) return `its ${code(name)} is empty`;
    const says = `its ${code(name)} says that ${mapped(noun, ranges)}`;
    return wanted === false ? says : `${says}, which is another line than asked for`;
  };
  return fact(code(name), read, holds, miss);
}

function clockWord(clock: "monotonic" | "boottime"): Word<Namespace, Amount> {
  return fact(
    "clocks of its own",
    (one) => (one.kind === "time" ? one[clock].seconds : undefined),
    isAmount,
    (wanted, actual) => `its ${clock} clock is shifted by ${actual} s, not ${amountText(wanted)}`,
  );
}

function ownerIsInit({ namespaces }: Observation, owner: number): boolean {
  return namespaces.some((one) => one.kind === "user" && one.initial && one.inode === owner);
}

/** "PID namespace", "network or UTS namespace" */
function kindText(kind: NamespacePattern["kind"]): string {
  if (kind === undefined) return "namespace";
  return `${list(
    many(kind).map((one) => KIND_NAMES[one]),
    "or",
  )} namespace`;
}

const WORDS: Subject<Namespace, NamespacePattern>["words"] = {
  kind: {
    holds: (wanted, { kind }) => many(wanted).includes(kind),
    miss: (_, { kind }) => `it is a ${KIND_NAMES[kind]} namespace`,
  },
  member: {
    holds: (wanted, namespace, observation) =>
      matching(PROCESSES, wanted, observation).some(
        (one) => one.namespaces[namespace.kind] === namespace.inode,
      ),
    miss: (wanted, namespace, observation) => {
      const [member] = membersOf(observation, namespace);
      if (member === undefined) return "nobody lives in it";
      const sought = wanted.comm === undefined ? "such process" : list(many(wanted.comm).map(code), "or");
      return `no ${sought} lives in it`;
    },
  },
  initial: {
    holds: (wanted, { initial }) => initial === wanted,
    miss: (wanted) => (wanted ? "it is not the machine's first" : "it is the machine's first"),
  },
  owner: {
    holds: (wanted, { owner }, observation) =>
      owner !== undefined && ownerIsInit(observation, owner) === (wanted === "init"),
    miss: (wanted, { owner }) =>
      owner === undefined
        ? "nobody owns it"
        : wanted === "init"
          ? "another user namespace than init's owns it"
          : "init's user namespace owns it",
  },
  level: fact(
    "level",
    (one) => (one.kind === "pid" || one.kind === "user" ? one.level : undefined),
    isAmount,
    (wanted, actual) => `its level is ${actual}, not ${amountText(wanted)}`,
  ),
  members: {
    holds: (wanted, namespace, observation) => isAmount(wanted, membersOf(observation, namespace).length),
    miss: (wanted, namespace, observation) =>
      `${membersOf(observation, namespace).length} live in it, not ${amountText(wanted)}`,
  },
  empty: {
    holds: (wanted, namespace, observation) => (membersOf(observation, namespace).length === 0) === wanted,
    miss: (_, namespace, observation) => {
      const [member] = membersOf(observation, namespace);
      return member === undefined ? "nobody lives in it" : `${processName(member)} lives in it`;
    },
  },
  pinned: {
    holds: (wanted, { pins }) =>
      typeof wanted === "boolean" ? pins.length > 0 === wanted : pins.some(({ by }) => by === wanted),
    miss: (wanted) => {
      if (wanted === false) return "something keeps it";
      if (wanted === "mount") return "no mount of its file keeps it";
      return wanted === "file" ? "nobody holds it open" : "neither a mount nor an open file keeps it";
    },
  },
  hostName: fact(
    "host name",
    (one) => (one.kind === "uts" ? one.hostName : undefined),
    (wanted: string, actual: string) => wanted === actual,
    (wanted, actual) => `its host name is ${code(actual)}, not ${code(wanted)}`,
  ),
  uid_map: mapWord("uid_map", "user", (one) => (one.kind === "user" ? one.uidMap : undefined)),
  gid_map: mapWord("gid_map", "group", (one) => (one.kind === "user" ? one.gidMap : undefined)),
  setgroups: fact(
    "`setgroups`",
    (one) => (one.kind === "user" ? one.setgroups : undefined),
    (wanted: "allow" | "deny", actual) => wanted === actual,
    (wanted, actual) => `its \`setgroups\` is ${code(actual)}, not ${code(wanted)}`,
  ),
  init: fact(
    "PID 1",
    (one) => (one.kind === "pid" ? (one.dead ? "dead" : "alive") : undefined),
    (wanted: "alive" | "dead", actual) => wanted === actual,
    (wanted) => (wanted === "alive" ? "its PID 1 has died" : "its PID 1 is alive"),
  ),
  monotonic: clockWord("monotonic"),
  boottime: clockWord("boottime"),
  root: fact(
    "cgroup as its root",
    (one) => (one.kind === "cgroup" ? one.root : undefined),
    (wanted: string, actual: string) => pathFits(wanted, actual),
    (wanted, actual) => `it shows ${code(actual)} as \`/\`, not ${code(wanted)}`,
  ),
};

export const NAMESPACES: Subject<Namespace, NamespacePattern> = {
  words: WORDS,
  noun: ["namespace", "namespaces"],
  identity: ["kind", "member"],
  things: ({ namespaces }) => namespaces,
  nameOf: (namespace, observation) => new Scene(observation, observation).nameOf(namespace),
  none: (pattern) => `There is no ${kindText(pattern.kind)} like the one that is asked for.`,
  but: (name, misses) => `There is ${name}, but ${misses}.`,
  unseen: ({ namespaces }) => (namespaces.length === 0 ? "Namespaces" : undefined),
};
