/** The words of queries about the kernel as a whole. */
import * as v from "valibot";
import type { KernelFacts } from "./kernel-facts.ts";
import type { Subject } from "./query-words.ts";
import { code } from "./words.ts";

export interface KernelPattern {
  readonly panicked?: boolean | undefined;
  /** Text that one of the latest lines of its log has. */
  readonly log?: string | undefined;
}

export const KernelPatternSchema: v.GenericSchema<KernelPattern> = v.strictObject({
  panicked: v.optional(v.boolean()),
  log: v.optional(v.string()),
} satisfies Record<keyof KernelPattern, unknown>);

export const KERNEL: Subject<KernelFacts, KernelPattern> = {
  words: {
    panicked: {
      holds: (wanted, { panic }) => (panic !== undefined) === wanted,
      miss: (wanted) => (wanted ? "has not panicked" : "has panicked"),
    },
    log: {
      holds: (wanted, { log }) => log.some((line) => line.includes(wanted)),
      miss: (wanted) => `says nothing of ${code(wanted)} in the latest lines of its log`,
    },
  },
  noun: ["kernel", "kernels"],
  // There is only one, which is always the nearest.
  identity: [],
  things: ({ kernel }) => (kernel === undefined ? [] : [kernel]),
  nameOf: () => "The kernel",
  none: ({ panicked, log }) =>
    panicked !== undefined
      ? `The kernel has ${panicked ? "not " : ""}panicked.`
      : `The kernel says nothing of ${code(log ?? "")} in the latest lines of its log.`,
  but: (name, misses) => `${name} ${misses}.`,
  unseen: ({ kernel }) => (kernel === undefined ? "What the kernel does" : undefined),
};
