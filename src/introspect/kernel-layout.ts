import * as v from "valibot";

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * Where a field lies in its structure: offset and size in bytes. A bit field has also the lowest of its bits in those
 * bytes, and how many there are. An array of open length has size 0.
 */
const FieldSchema = v.union([v.strictTuple([Count, Count]), v.strictTuple([Count, Count, Count, Count])]);

/** What a kernel's memory means: `images/kernel/describe.mjs` writes it, `images/kernel/layout` lists what is in it. */
export const KernelLayoutSchema = v.object({
  format: v.literal(1),
  /** Of the kernel, as `uname -r` says it. */
  version: v.string(),
  /** Of the kernel that it fits; no other's memory may be read by it. */
  buildId: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, "must be a build id in lower-case hexadecimal")),
  /** Hash of the kernel's configuration. */
  configSha256: v.string(),
  structs: v.record(v.string(), v.object({ size: Count, fields: v.record(v.string(), FieldSchema) })),
  /** Enumerators and macros. */
  constants: v.record(v.string(), Count),
  /** Kernel virtual addresses; physical = virtual − `constants.PAGE_OFFSET`. */
  symbols: v.record(v.string(), Count),
});
export type KernelLayout = v.InferOutput<typeof KernelLayoutSchema>;
