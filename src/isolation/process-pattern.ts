/** How a query describes a process; `query-process.ts` judges it. */
import * as v from "valibot";
import { CAPABILITY_NAMES, type CapabilityName } from "./capabilities.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "./namespace.ts";
import type { ProcessDetails } from "./process.ts";
import {
  type Amount,
  amountOf,
  Count,
  type Membership,
  MembershipSchema,
  type OneOf,
  oneOf,
  Positive,
} from "./query-values.ts";

/** `dead`: another than its own, in which nobody can be born any more. One in which nobody was born yet is `other`. */
export type Birthplace = "own" | "other" | "dead";

/** Another process, and in which kinds of namespaces. */
export interface PartnerPattern {
  readonly process: ProcessPattern;
  readonly kinds: readonly NamespaceKind[];
}

export interface CapabilityPattern {
  readonly has?: OneOf<CapabilityName> | undefined;
  readonly lacks?: OneOf<CapabilityName> | undefined;
  /** `effective` when nothing is said. */
  readonly set?: keyof ProcessDetails["capabilities"] | undefined;
}

/** A description of a process. All of it has to be so. Kernel threads never fit, zombies where their state is asked for. */
export interface ProcessPattern {
  /** As in `/proc/PID/comm`; one of several. */
  readonly comm?: OneOf<string> | undefined;
  /** Words that its command line has, in any order. */
  readonly commandLine?: OneOf<string> | undefined;
  readonly parent?: ProcessPattern | undefined;
  /** Its effective user, as the initial user namespace numbers users. */
  readonly uid?: number | undefined;
  /** The same, as it calls itself. */
  readonly uidInside?: number | undefined;
  readonly namespace?: Readonly<Partial<Record<NamespaceKind, Membership | undefined>>> | undefined;
  /** With some other process that fits it shares all of these namespaces, */
  readonly sharesWith?: PartnerPattern | undefined;
  /** or none of them. */
  readonly differsFrom?: PartnerPattern | undefined;
  /** The namespace that its next child will be born into. */
  readonly forChildren?: Readonly<Partial<Record<"pid" | "time", Birthplace | undefined>>> | undefined;
  /** In how many PID namespaces it has a number. */
  readonly pidLevels?: number | undefined;
  /** What it calls itself. */
  readonly innermostPid?: Amount | undefined;
  /** Whose processes its `/proc` lists: its own PID namespace's, or another's. */
  readonly procMount?: "own" | "other" | undefined;
  /** The path of its cgroup; `*` stands for anything within a name, `/**` at the end for all below. */
  readonly cgroup?: string | undefined;
  /** Its root directory, from the root of its mount namespace. */
  readonly root?: string | undefined;
  readonly cwd?: string | undefined;
  readonly capabilities?: CapabilityPattern | undefined;
  readonly noNewPrivileges?: boolean | undefined;
  readonly seccomp?: "off" | "strict" | "filter" | undefined;
  /** By the freezer of its cgroup. */
  readonly frozen?: boolean | undefined;
  /** The letter of `/proc/PID/status`. */
  readonly state?: string | undefined;
}

const BirthplaceSchema = v.picklist(["own", "other", "dead"]);

const NamespacesSchema = v.strictObject({
  cgroup: v.optional(MembershipSchema),
  ipc: v.optional(MembershipSchema),
  mnt: v.optional(MembershipSchema),
  net: v.optional(MembershipSchema),
  pid: v.optional(MembershipSchema),
  time: v.optional(MembershipSchema),
  user: v.optional(MembershipSchema),
  uts: v.optional(MembershipSchema),
} satisfies Record<NamespaceKind, unknown>);

const PartnerSchema = v.strictObject({
  process: v.lazy(() => ProcessPatternSchema),
  kinds: v.pipe(v.array(v.picklist(NAMESPACE_KINDS)), v.minLength(1)),
});

export const CapabilityNameSchema = v.picklist(CAPABILITY_NAMES);
const CapabilitiesSchema = v.strictObject({
  has: v.optional(oneOf(CapabilityNameSchema)),
  lacks: v.optional(oneOf(CapabilityNameSchema)),
  set: v.optional(v.picklist(["inheritable", "permitted", "effective", "bounding", "ambient"])),
});

export const ProcessPatternSchema: v.GenericSchema<ProcessPattern> = v.strictObject({
  comm: v.optional(oneOf(v.string())),
  commandLine: v.optional(oneOf(v.string())),
  parent: v.optional(v.lazy(() => ProcessPatternSchema)),
  uid: v.optional(Count),
  uidInside: v.optional(Count),
  namespace: v.optional(NamespacesSchema),
  sharesWith: v.optional(PartnerSchema),
  differsFrom: v.optional(PartnerSchema),
  forChildren: v.optional(
    v.strictObject({ pid: v.optional(BirthplaceSchema), time: v.optional(BirthplaceSchema) }),
  ),
  pidLevels: v.optional(Positive),
  innermostPid: v.optional(amountOf(Positive)),
  procMount: v.optional(v.picklist(["own", "other"])),
  cgroup: v.optional(v.string()),
  root: v.optional(v.string()),
  cwd: v.optional(v.string()),
  capabilities: v.optional(CapabilitiesSchema),
  noNewPrivileges: v.optional(v.boolean()),
  seccomp: v.optional(v.picklist(["off", "strict", "filter"])),
  frozen: v.optional(v.boolean()),
  state: v.optional(v.string()),
} satisfies Record<keyof ProcessPattern, unknown>);
