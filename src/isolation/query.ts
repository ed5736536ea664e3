/**
 * What lesson checks are written in: a question about one observation, as plain data (YAML in a lesson).
 * {@link holds} answers it; `why-not.ts` says why the answer is no. All words: `docs/queries.md`.
 */
import * as v from "valibot";
import { NAMESPACE_KINDS } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import { CGROUPS, type CgroupPattern, CgroupPatternSchema } from "./query-cgroup.ts";
import { KERNEL, type KernelPattern, KernelPatternSchema } from "./query-kernel.ts";
import { MOUNTS, type MountPattern, MountPatternSchema } from "./query-mount.ts";
import { NAMESPACES, type NamespacePattern, NamespacePatternSchema } from "./query-namespace.ts";
import { type DevicePattern, DevicePatternSchema, DEVICES } from "./query-network.ts";
import { type ProcessPattern, ProcessPatternSchema } from "./process-pattern.ts";
import { PROCESSES } from "./query-process.ts";
import { queryExcess } from "./query-limits.ts";
import { type Amount, CountsSchema } from "./query-values.ts";
import { ask, type Asked } from "./query-words.ts";

interface Counted {
  /** One or more, when nothing is said. */
  readonly count?: Amount | undefined;
}

/** A question about things of one sort: whether there are some like that. */
export type Question =
  | ({ readonly process: ProcessPattern } & Counted)
  | ({ readonly namespace: NamespacePattern } & Counted)
  | ({ readonly cgroup: CgroupPattern } & Counted)
  | ({ readonly mount: MountPattern } & Counted)
  | ({ readonly device: DevicePattern } & Counted)
  | { readonly kernel: KernelPattern };

/** A question about an observation. */
export type Query =
  | Question
  | { readonly all: readonly Query[] }
  | { readonly any: readonly Query[] }
  /** No process is like that. */
  | { readonly none: ProcessPattern }
  /** It is known not to be so. */
  | { readonly not: Query };

const Questions = v.pipe(v.array(v.lazy(() => AnyQuerySchema)), v.minLength(1));
const CountSchema = v.optional(CountsSchema);

/** Of whatever size; {@link QuerySchema} is for what comes from outside. */
export const AnyQuerySchema: v.GenericSchema<Query> = v.union([
  v.strictObject({ process: ProcessPatternSchema, count: CountSchema }),
  v.strictObject({ namespace: NamespacePatternSchema, count: CountSchema }),
  v.strictObject({ cgroup: CgroupPatternSchema, count: CountSchema }),
  v.strictObject({ mount: MountPatternSchema, count: CountSchema }),
  v.strictObject({ device: DevicePatternSchema, count: CountSchema }),
  v.strictObject({ kernel: KernelPatternSchema }),
  v.strictObject({ all: Questions }),
  v.strictObject({ any: Questions }),
  v.strictObject({ none: ProcessPatternSchema }),
  v.strictObject({ not: v.lazy(() => AnyQuerySchema) }),
]);

/**
 * The shape of a query as data, in JSON Schema in `docs/query.schema.json`. Its words are listed in {@link QUERY_WORDS}.
 * Data of any size and depth is judged after a bounded look at it.
 */
export const QuerySchema: v.GenericSchema<Query> = v.lazy((input) => {
  const excess = queryExcess(input);
  return excess === undefined ? AnyQuerySchema : v.custom<Query>(() => false, excess);
});

/** Every word of the language, to find the nearest right one for a wrong one. */
export const QUERY_WORDS: readonly string[] = [
  ...new Set([
    ...["process", "namespace", "cgroup", "mount", "device", "kernel"],
    ...["all", "any", "none", "not", "count", "is", "atLeast", "atMost"],
    ...[PROCESSES, NAMESPACES, CGROUPS, MOUNTS, DEVICES, KERNEL].flatMap(({ words }) => Object.keys(words)),
    ...["kinds", "has", "lacks", "set", "inside", "outside"],
    ...NAMESPACE_KINDS,
    ...["init", "not-init", "own", "other", "dead", "alive", "max"],
  ]),
];

/** How many are wanted. */
export function amountOfQuestion(question: Question): Amount {
  return "count" in question ? (question.count ?? { atLeast: 1 }) : { atLeast: 1 };
}

/** The question as something that can be asked; undefined when it is made of several. */
export function questionOf(query: Query): { readonly asked: Asked; readonly wanted: Amount } | undefined {
  if ("none" in query) return { asked: ask(PROCESSES, query.none), wanted: 0 };
  if ("all" in query || "any" in query || "not" in query) return undefined;
  const wanted = amountOfQuestion(query);
  if ("process" in query) return { asked: ask(PROCESSES, query.process), wanted };
  if ("namespace" in query) return { asked: ask(NAMESPACES, query.namespace), wanted };
  if ("cgroup" in query) return { asked: ask(CGROUPS, query.cgroup), wanted };
  if ("mount" in query) return { asked: ask(MOUNTS, query.mount), wanted };
  if ("device" in query) return { asked: ask(DEVICES, query.device), wanted };
  return { asked: ask(KERNEL, query.kernel), wanted };
}

/** A sentence on what the query asks for and the observation cannot tell; undefined when it can tell all. */
export function unseen(query: Query, observation: Observation): string | undefined {
  if ("not" in query) return unseen(query.not, observation);
  if ("all" in query || "any" in query) {
    const parts = "all" in query ? query.all : query.any;
    return parts.map((one) => unseen(one, observation)).find((what) => what !== undefined);
  }
  return questionOf(query)?.asked.unseen(observation);
}

/** Whether the answer is yes. What the observation cannot tell is neither so nor not so. */
export function holds(query: Query, observation: Observation): boolean {
  if ("all" in query) return query.all.every((one) => holds(one, observation));
  if ("any" in query) return query.any.some((one) => holds(one, observation));
  if ("not" in query) return unseen(query, observation) === undefined && !holds(query.not, observation);
  const question = questionOf(query);
  return question !== undefined && question.asked.holds(observation, question.wanted);
}
