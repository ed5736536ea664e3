/**
 * The situation that a check wants, as things to be drawn before they are there: from its queries and one observation. What
 * is wanted stays the same from look to look; what changes is how much of it is so.
 */
import { processKey } from "./box.ts";
import {
  cgroupTitle,
  cgroupWishes,
  deviceTitle,
  deviceWishes,
  kernelWishes,
  mountTitle,
  mountWishes,
  namespaceTitle,
  namespaceWishes,
  processTitle,
  processWishes,
  type Wish,
} from "./ghost-words.ts";
import type { NamespaceRef } from "./ids.ts";
import type { NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { ProcessPattern } from "./process-pattern.ts";
import { amountOfQuestion, holds, type Query, type Question } from "./query.ts";
import { CGROUPS } from "./query-cgroup.ts";
import { KERNEL } from "./query-kernel.ts";
import { MOUNTS } from "./query-mount.ts";
import { NAMESPACES } from "./query-namespace.ts";
import { DEVICES } from "./query-network.ts";
import { PROCESSES } from "./query-process.ts";
import { type Amount, amountText, boundsOf, isAmount, many, type Membership } from "./query-values.ts";
import { fits, matching, nearest, type Subject } from "./query-words.ts";
import { whyNot } from "./why-not.ts";

/** What a check wants of one machine. */
export interface Wanted {
  /** All of them. */
  readonly queries: readonly Query[];
  /** What has to have been so before, and whether it has. */
  readonly before?: { readonly query: Query; readonly isMet: boolean } | undefined;
  /** How many commands are asked as well: no picture shows what they tell. */
  readonly commands: number;
}

/** Something real: `key` of a process is its `processKey`, of a cgroup its path. */
export type GhostFound =
  | { readonly kind: "process"; readonly key: string }
  | { readonly kind: "cgroup"; readonly key: string }
  | { readonly kind: "namespace"; readonly of: NamespaceRef };

/** Something that is wanted of a thing. Code is between backticks. */
export interface GhostPart {
  readonly words: string;
  /** Undefined where nothing like that is wanted at all. */
  readonly isSo: boolean | undefined;
  /** In whose namespace of which kind it is to live, when it is about that. */
  readonly place?: { readonly kind: NamespaceKind; readonly membership: Membership } | undefined;
}

/** A process in the picture, before it is there. */
export interface GhostPlate {
  /** Undefined when any will do. */
  readonly name: string | undefined;
  /** Its number inside, when just one will do. */
  readonly inside: number | undefined;
  readonly isSo: boolean;
}

export type GhostForm = "process" | "namespace" | "cgroup" | "mount" | "device" | "kernel";

export interface GhostThing {
  readonly node: "thing";
  /** Where in the query it stands; unique in its ghost. */
  readonly key: string;
  readonly form: GhostForm;
  /** "process `sleep`", "UTS namespace" */
  readonly title: string;
  /** None like that may be there. */
  readonly isAbsent: boolean;
  /** There is something of that name, whatever else is wrong with it. */
  readonly isThere: boolean;
  readonly kind: NamespaceKind | undefined;
  readonly parts: readonly GhostPart[];
  readonly plate: GhostPlate | undefined;
  /** All of it is as wanted. */
  readonly isSo: boolean;
  /** Why not, in a sentence; the empty string when it is so. */
  readonly why: string;
  /** What comes nearest, or is it when all is so. */
  readonly found: GhostFound | undefined;
  /** What is to live in it. */
  readonly inner: readonly GhostThing[];
}

export type GhostNode =
  | GhostThing
  /** One of them is enough. */
  | {
      readonly node: "any";
      readonly key: string;
      readonly isSo: boolean;
      readonly nodes: readonly GhostNode[];
    }
  /** It has to have been so before all else counts. */
  | { readonly node: "before"; readonly key: string; readonly words: string; readonly isSo: boolean };

export interface Ghost {
  readonly nodes: readonly GhostNode[];
  /** Of all that can be seen, how much is so. */
  readonly so: number;
  readonly all: number;
  /** As the check judges it, but for its commands. */
  readonly isSo: boolean;
  readonly commands: number;
}

/** What one sort of things looks like. */
interface Sort<Thing, Pattern extends object> {
  readonly form: GhostForm;
  readonly subject: Subject<Thing, Pattern>;
  title(pattern: Pattern): string;
  wishes(pattern: Pattern): Wish<Pattern>[];
  found(thing: Thing): GhostFound | undefined;
  kind(pattern: Pattern): NamespaceKind | undefined;
  /** The process that is drawn in it. */
  resident(pattern: Pattern): { readonly of: ProcessPattern; readonly only: Pattern } | undefined;
}

const PROCESS_SORT: Sort<Parameters<typeof processKey>[0], ProcessPattern> = {
  form: "process",
  subject: PROCESSES,
  title: processTitle,
  wishes: processWishes,
  found: (process) => ({ kind: "process", key: processKey(process) }),
  kind: () => undefined,
  resident: (of) => ({ of, only: {} }),
};

const place = ({ place: { kind, inode, generation } }: { readonly place: NamespaceRef }): GhostFound => ({
  kind: "namespace",
  of: { kind, inode, generation },
});
const nobody = (): undefined => undefined;

/** Calls `draw` with the question's pattern and its sort. */
function withSort<Result>(
  question: Question,
  draw: <Thing, Pattern extends object>(sort: Sort<Thing, Pattern>, pattern: Pattern) => Result,
): Result {
  if ("process" in question) return draw(PROCESS_SORT, question.process);
  if ("namespace" in question)
    return draw(
      {
        form: "namespace",
        subject: NAMESPACES,
        title: namespaceTitle,
        wishes: namespaceWishes,
        found: ({ kind, inode, generation }) => ({ kind: "namespace", of: { kind, inode, generation } }),
        kind: ({ kind }) => (kind === undefined ? undefined : many(kind)[0]),
        resident: ({ member }) => (member === undefined ? undefined : { of: member, only: { member } }),
      },
      question.namespace,
    );
  if ("cgroup" in question)
    return draw(
      {
        form: "cgroup",
        subject: CGROUPS,
        title: cgroupTitle,
        wishes: cgroupWishes,
        found: ({ path }) => ({ kind: "cgroup", key: path }),
        kind: () => "cgroup",
        resident: nobody,
      },
      question.cgroup,
    );
  if ("mount" in question)
    return draw(
      {
        form: "mount",
        subject: MOUNTS,
        title: mountTitle,
        wishes: mountWishes,
        found: place,
        kind: () => "mnt",
        resident: nobody,
      },
      question.mount,
    );
  if ("device" in question)
    return draw(
      {
        form: "device",
        subject: DEVICES,
        title: deviceTitle,
        wishes: deviceWishes,
        found: place,
        kind: () => "net",
        resident: nobody,
      },
      question.device,
    );
  return draw(
    {
      form: "kernel",
      subject: KERNEL,
      title: () => "kernel",
      wishes: kernelWishes,
      found: nobody,
      kind: nobody,
      resident: nobody,
    },
    question.kernel,
  );
}

function isNone(amount: Amount): boolean {
  return boundsOf(amount).most === 0;
}

/** Any number but none will do. */
function isSome(amount: Amount): boolean {
  const { least, most } = boundsOf(amount);
  return least === 1 && most === Number.POSITIVE_INFINITY;
}

function onlyNumber(amount: Amount | undefined): number | undefined {
  if (amount === undefined) return undefined;
  const { least, most } = boundsOf(amount);
  return least === most ? least : undefined;
}

/** @param query All of it, which decides whether it is so; `question` is what it asks for. */
function thingOf(
  query: Query,
  question: Question,
  isAbsent: boolean,
  key: string,
  observation: Observation,
): GhostThing {
  const isSo = holds(query, observation);
  const wanted = amountOfQuestion(question);
  return withSort(question, ({ subject, ...sort }, pattern) => {
    const isSeen = subject.unseen(observation, pattern) === undefined;
    const matches = isSeen ? matching(subject, pattern, observation) : [];
    const near = matches.at(-1) ?? (isSeen ? nearest(subject, pattern, observation)?.thing : undefined);
    const is = (only: typeof pattern): boolean =>
      near !== undefined && fits(subject, only, near, observation);
    const parts = sort.wishes(pattern).map(({ words, only, place: where }): GhostPart => ({
      words,
      isSo: isAbsent ? undefined : is(only),
      ...(where === undefined ? {} : { place: where }),
    }));
    const isCounted = !isAbsent && !isSome(wanted);
    const counted: GhostPart = {
      words: `${amountText(wanted)} of them`,
      isSo: isAmount(wanted, matches.length),
    };
    const resident = isAbsent ? undefined : sort.resident(pattern);
    return {
      node: "thing",
      key,
      form: sort.form,
      title: sort.title(pattern),
      isAbsent,
      // There is always a kernel.
      isThere: near !== undefined || sort.form === "kernel",
      kind: sort.kind(pattern),
      parts: isCounted ? [...parts, counted] : parts,
      plate: resident === undefined ? undefined : { ...plateOf(resident.of), isSo: is(resident.only) },
      isSo,
      why: isSo ? "" : whyNot(query, observation),
      found: near === undefined || (isAbsent && isSo) ? undefined : sort.found(near),
      inner: [],
    };
  });
}

function plateOf({ comm, innermostPid }: ProcessPattern): Omit<GhostPlate, "isSo"> {
  return {
    name: comm === undefined ? undefined : many(comm)[0],
    inside: onlyNumber(innermostPid),
  };
}

function nodesOf(query: Query, key: string, observation: Observation): GhostNode[] {
  if ("all" in query)
    return nested(
      query.all.flatMap((one, i) => nodesOf(one, `${key}.${i}`, observation)),
      query.all,
      key,
    );
  if ("any" in query) return anyOf(query, query.any, key, observation);
  if ("none" in query) return [thingOf(query, { process: query.none }, true, key, observation)];
  if (!("not" in query)) {
    const isAbsent = isNone(amountOfQuestion(query));
    return [thingOf(query, query, isAbsent, key, observation)];
  }
  const { not } = query;
  if ("not" in not) return nodesOf(not.not, key, observation);
  if ("none" in not) return nodesOf({ process: not.none }, key, observation);
  // Not one of several is none of them; not all of several is one that is not.
  if ("any" in not) return nodesOf({ all: not.any.map((one) => ({ not: one })) }, key, observation);
  if ("all" in not)
    return anyOf(
      query,
      not.all.map((one) => ({ not: one })),
      key,
      observation,
    );
  const amount = amountOfQuestion(not);
  if (isNone(amount)) return [thingOf(query, { ...not, count: { atLeast: 1 } }, false, key, observation)];
  return [thingOf(query, not, true, key, observation)];
}

function anyOf(query: Query, queries: readonly Query[], key: string, observation: Observation): GhostNode[] {
  const nodes = queries.flatMap((one, i) => nodesOf(one, `${key}.${i}`, observation));
  return [{ node: "any", key, isSo: holds(query, observation), nodes }];
}

/** Puts the processes that are to live in a cgroup into it. Node `key.i` is of query i. */
function nested(nodes: readonly GhostNode[], queries: readonly Query[], key: string): GhostNode[] {
  const homes = new Map<string, string>();
  const wishes = new Map<string, string>();
  queries.forEach((query, i) => {
    const at = `${key}.${i}`;
    if ("cgroup" in query && query.cgroup.path !== undefined) homes.set(query.cgroup.path, at);
    const pattern = "process" in query ? query.process : "none" in query ? query.none : undefined;
    if (pattern?.cgroup !== undefined) wishes.set(at, pattern.cgroup);
  });
  const homeOf = (node: GhostNode): string | undefined => homes.get(wishes.get(node.key) ?? "");
  return nodes
    .filter((node) => homeOf(node) === undefined)
    .map((node) =>
      node.node === "thing"
        ? {
            ...node,
            inner: nodes.filter((one): one is GhostThing => one.node === "thing" && homeOf(one) === node.key),
          }
        : node,
    );
}

/** What a query asks for, in words. */
function textOf(query: Query): string {
  if ("all" in query) return query.all.map(textOf).join("; ");
  if ("any" in query) return query.any.map(textOf).join(", or ");
  if ("not" in query) return `no ${textOf(query.not)}`;
  if ("none" in query) return `no ${textOf({ process: query.none })}`;
  const amount = amountOfQuestion(query);
  return withSort(query, (sort, pattern) => {
    const parts = sort.wishes(pattern).map(({ words }) => words);
    const more = isSome(amount) ? parts : [...parts, `${amountText(amount)} of them`];
    return `${sort.title(pattern)}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
  });
}

function tally(nodes: readonly GhostNode[]): { so: number; all: number } {
  let so = 0;
  let all = 0;
  const note = (isSo: boolean): void => {
    all++;
    if (isSo) so++;
  };
  for (const node of nodes) {
    if (node.node !== "thing" || node.isAbsent) {
      note(node.isSo);
      continue;
    }
    note(node.isThere);
    for (const part of node.parts) note(part.isSo === true);
    const inner = tally(node.inner);
    so += inner.so;
    all += inner.all;
  }
  return { so, all };
}

/** What is wanted, and how much of it is so in this observation. */
export function ghostOf({ queries, before, commands }: Wanted, observation: Observation): Ghost {
  const first: GhostNode[] =
    before === undefined
      ? []
      : [{ node: "before", key: "before", words: textOf(before.query), isSo: before.isMet }];
  const wanted = queries.length === 1 ? queries[0] : { all: queries };
  const nodes = [...first, ...(wanted === undefined ? [] : nodesOf(wanted, "q", observation))];
  const isSo = before?.isMet !== false && queries.every((one) => holds(one, observation));
  return { nodes, ...tally(nodes), isSo, commands };
}
