/** The words of queries about mounts. */
import * as v from "valibot";
import type { Mount } from "./mount.ts";
import type { MountNamespace } from "./namespace.ts";
import { type PlacePattern, placeName, placeWords } from "./query-place.ts";
import { ProcessPatternSchema } from "./process-pattern.ts";
import { many, MembershipSchema, type OneOf, oneOf, orCode, pathFits } from "./query-values.ts";
import type { Subject } from "./query-words.ts";
import { code, list } from "./words.ts";

type Propagation = "shared" | "slave" | "private" | "unbindable";

/** A description of a mount. All of it has to be so. */
export interface MountPattern extends PlacePattern {
  /** Where it is mounted; `*` stands for anything within a name, `/**` at the end for all below. */
  readonly point?: string | undefined;
  /** `tmpfs`; one of several. */
  readonly type?: OneOf<string> | undefined;
  readonly source?: string | undefined;
  /** Which directory of its file system: other than `/` for most bind mounts. */
  readonly root?: string | undefined;
  readonly propagation?: Propagation | undefined;
  /** The mount, or its whole file system. */
  readonly readonly?: boolean | undefined;
  /** Options that it has: `nosuid`. */
  readonly option?: OneOf<string> | undefined;
}

export const MountPatternSchema: v.GenericSchema<MountPattern> = v.strictObject({
  point: v.optional(v.string()),
  namespace: v.optional(MembershipSchema),
  of: v.optional(ProcessPatternSchema),
  type: v.optional(oneOf(v.string())),
  source: v.optional(v.string()),
  root: v.optional(v.string()),
  propagation: v.optional(v.picklist(["shared", "slave", "private", "unbindable"])),
  readonly: v.optional(v.boolean()),
  option: v.optional(oneOf(v.string())),
} satisfies Record<keyof MountPattern, unknown>);

interface PlacedMount {
  readonly place: MountNamespace;
  readonly mount: Mount;
}

/** A mount may be a slave and shared at once. */
function propagationOf({ propagation: { shared, master, unbindable } }: Mount): Propagation[] {
  const found: Propagation[] = [
    ...(shared === undefined ? [] : ["shared" as const]),
    ...(master === undefined ? [] : ["slave" as const]),
    ...(unbindable ? ["unbindable" as const] : []),
  ];
  return found.length === 0 ? ["private"] : found;
}

function isReadonly({ options, superOptions }: Mount): boolean {
  return options.includes("ro") || superOptions.includes("ro");
}

export const MOUNTS: Subject<PlacedMount, MountPattern> = {
  words: {
    point: {
      holds: (wanted, { mount }) => pathFits(wanted, mount.point),
      miss: (wanted) => `it is not on ${code(wanted)}`,
    },
    ...placeWords<PlacedMount>(),
    type: {
      holds: (wanted, { mount }) => many(wanted).includes(mount.type),
      miss: (wanted, { mount }) => `its type is ${code(mount.type)}, not ${orCode(wanted)}`,
    },
    source: {
      holds: (wanted, { mount }) => mount.source === wanted,
      miss: (wanted, { mount }) => `its source is ${code(mount.source)}, not ${code(wanted)}`,
    },
    root: {
      holds: (wanted, { mount }) => mount.root === wanted,
      miss: (wanted, { mount }) => `it shows the directory ${code(mount.root)}, not ${code(wanted)}`,
    },
    propagation: {
      holds: (wanted, { mount }) => propagationOf(mount).includes(wanted),
      miss: (wanted, { mount }) => `it is ${list(propagationOf(mount))}, not ${wanted}`,
    },
    readonly: {
      holds: (wanted, { mount }) => isReadonly(mount) === wanted,
      miss: (wanted) => (wanted ? "it may be written to" : "it is read-only"),
    },
    option: {
      holds: (wanted, { mount }) => many(wanted).every((one) => mount.options.includes(one)),
      miss: (wanted, { mount }) =>
        `it lacks ${list(
          many(wanted)
            .filter((one) => !mount.options.includes(one))
            .map(code),
        )}`,
    },
  },
  noun: ["mount", "mounts"],
  identity: ["point"],
  things: ({ namespaces }) =>
    namespaces.flatMap((place) =>
      place.kind === "mnt" ? place.mounts.map((mount) => ({ place, mount })) : [],
    ),
  nameOf: ({ place, mount }, observation) =>
    `${code(mount.type)} on ${code(mount.point)} in ${placeName(place, observation)}`,
  none: ({ point }) =>
    point === undefined
      ? "No mount comes near to what is asked for."
      : `Nothing is mounted on ${code(point)}.`,
  but: (name, misses) => `There is ${name}, but ${misses}.`,
  unseen: ({ namespaces }) =>
    namespaces.some((one) => one.kind === "mnt" && one.mounts.length > 0) ? undefined : "Mounts",
};
