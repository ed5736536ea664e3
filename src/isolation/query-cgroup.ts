/** The words of queries about cgroups. */
import * as v from "valibot";
import type { Cgroup, ControllerName, Limit } from "./cgroup.ts";
import { CGROUP_FILE_NAMES, CGROUP_FILES, type CgroupFileName } from "./cgroup-files.ts";
import {
  type Amount,
  amountOf,
  Count,
  isAmount,
  many,
  type OneOf,
  oneOf,
  pathFits,
  type Size,
  amountText,
  SizeSchema,
  sizeText,
} from "./query-values.ts";
import type { Subject, Word } from "./query-words.ts";
import { bytes, code, list } from "./words.ts";

/** A limit or a counter: `20`, `16M`, `{atLeast: 1}`, `{atMost: 16M}`; the text `max` by itself is no limit. */
export type FilePattern = Amount<Size>;

/** A description of a cgroup. All of it has to be so. */
export interface CgroupPattern extends Readonly<Partial<Record<CgroupFileName, FilePattern | undefined>>> {
  /** `*` stands for anything within a name, `/**` at the end for all below. */
  readonly path?: string | undefined;
  /** Controllers that it has, and that it has switched on for those below it. */
  readonly "cgroup.controllers"?: OneOf<ControllerName> | undefined;
  readonly "cgroup.subtree_control"?: OneOf<ControllerName> | undefined;
  /** It may not run before its next period. */
  readonly throttled?: boolean | undefined;
  /** The user whose directory it is. */
  readonly owner?: number | undefined;
}

export const FileSchema = v.union([v.literal("max"), amountOf(SizeSchema)]);
const ControllersSchema = oneOf(v.picklist(["cpu", "io", "memory", "pids"]));

export const CgroupPatternSchema: v.GenericSchema<CgroupPattern> = v.strictObject({
  path: v.optional(v.string()),
  ...(Object.fromEntries(CGROUP_FILE_NAMES.map((name) => [name, v.optional(FileSchema)])) as Record<
    CgroupFileName,
    v.OptionalSchema<typeof FileSchema, undefined>
  >),
  "cgroup.controllers": v.optional(ControllersSchema),
  "cgroup.subtree_control": v.optional(ControllersSchema),
  throttled: v.optional(v.boolean()),
  owner: v.optional(Count),
} satisfies Record<keyof CgroupPattern, unknown>);

function fileWord(name: CgroupFileName): Word<Cgroup, FilePattern> {
  const file = CGROUP_FILES[name];
  const { unit, controller } = file;
  const say = (value: Limit): string =>
    value === "max" ? "`max`" : unit === "bytes" ? bytes(value) : `${value}`;
  return {
    holds(wanted, cgroup) {
      const actual = file.read(cgroup);
      if (actual === undefined) return false;
      return wanted === "max" ? actual === "max" : isAmount(wanted, actual);
    },
    miss(wanted, cgroup) {
      const actual = file.read(cgroup);
      if (actual === undefined) {
        return controller === undefined
          ? `has a ${code(name)} that could not be read`
          : `has no ${code(name)}, since the controller ${code(controller)} is off there`;
      }
      const text = wanted === "max" ? "`max`" : unit === "bytes" ? sizeText(wanted) : amountText(wanted);
      return `has ${code(name)} ${say(actual)}, not ${text}`;
    },
  };
}

function controllersWord(
  name: "cgroup.controllers" | "cgroup.subtree_control",
  read: (cgroup: Cgroup) => readonly ControllerName[],
): Word<Cgroup, OneOf<ControllerName>> {
  const lacking = (wanted: OneOf<ControllerName>, cgroup: Cgroup): ControllerName[] =>
    many(wanted).filter((one) => !read(cgroup).includes(one));
  return {
    holds: (wanted, cgroup) => lacking(wanted, cgroup).length === 0,
    miss: (wanted, cgroup) => `lacks ${list(lacking(wanted, cgroup).map(code))} in ${code(name)}`,
  };
}

export const CGROUPS: Subject<Cgroup, CgroupPattern> = {
  words: {
    path: {
      holds: (wanted, { path }) => pathFits(wanted, path),
      miss: (wanted) => `is not ${code(wanted)}`,
    },
    ...(Object.fromEntries(CGROUP_FILE_NAMES.map((name) => [name, fileWord(name)])) as Record<
      CgroupFileName,
      Word<Cgroup, FilePattern>
    >),
    "cgroup.controllers": controllersWord("cgroup.controllers", ({ controllers }) => controllers),
    "cgroup.subtree_control": controllersWord(
      "cgroup.subtree_control",
      ({ subtreeControl }) => subtreeControl,
    ),
    throttled: {
      holds: (wanted, { cpu }) => cpu !== undefined && cpu.throttledNow === wanted,
      miss: (wanted, { cpu }) =>
        cpu === undefined
          ? "has no `cpu.max`, since the controller `cpu` is off there"
          : wanted
            ? "is not throttled"
            : "is throttled",
    },
    owner: {
      holds: (wanted, { owner }) => owner.uid === wanted,
      miss: (wanted, { owner }) => `belongs to user ${owner.uid}, not ${wanted}`,
    },
  },
  noun: ["cgroup", "cgroups"],
  identity: ["path"],
  things: ({ cgroups }) => cgroups,
  nameOf: ({ path }) => code(path),
  none: ({ path }) =>
    path === undefined ? "No cgroup comes near to what is asked for." : `There is no cgroup ${code(path)}.`,
  but: (name, misses) => `${name} ${misses}.`,
  unseen: ({ cgroups }) => (cgroups.length === 0 ? "Cgroups" : undefined),
};
