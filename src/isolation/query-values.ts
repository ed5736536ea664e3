/** The values that words of a query take, and how they are judged. */
import * as v from "valibot";
import { bytes, code, list } from "./words.ts";

/** How many: so many, or a range. */
export type Amount<Value = number> =
  | Value
  | { readonly is: Value }
  | { readonly atLeast: Value; readonly atMost?: Value | undefined }
  | { readonly atMost: Value };

/** A count, or text as the kernel's files take it: `16M`. */
export type Size = number | string;

export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const Whole = v.pipe(v.number(), v.integer());
export const Positive = v.pipe(v.number(), v.integer(), v.minValue(1));
/** `memparse` in the kernel: a number with K, M or G. */
export const SizeSchema = v.union([Count, v.pipe(v.string(), v.regex(/^\d{1,12}[KMGkmg]?$/))]);

/** Schema of an amount of these. */
export function amountOf<Value extends Size>(one: v.GenericSchema<Value>): v.GenericSchema<Amount<Value>> {
  return v.union([
    one,
    v.strictObject({ is: one }),
    v.strictObject({ atLeast: one, atMost: v.optional(one) }),
    v.strictObject({ atMost: one }),
  ]);
}

export const CountsSchema = amountOf(Count);

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** As a number: `16M` is 16777216. */
function sizeOf(size: Size): number {
  if (typeof size === "number") return size;
  const unit = UNITS[size.slice(-1).toUpperCase()];
  return unit === undefined ? Number(size) : Number(size.slice(0, -1)) * unit;
}

/** The least and the most that an amount allows. */
export function boundsOf(amount: Amount<Size>): { readonly least: number; readonly most: number } {
  if (typeof amount !== "object") return { least: sizeOf(amount), most: sizeOf(amount) };
  if ("is" in amount) return { least: sizeOf(amount.is), most: sizeOf(amount.is) };
  const least = "atLeast" in amount ? sizeOf(amount.atLeast) : Number.NEGATIVE_INFINITY;
  return { least, most: amount.atMost === undefined ? Number.POSITIVE_INFINITY : sizeOf(amount.atMost) };
}

/** Whether a number is as wanted; `max` is more than any number. */
export function isAmount(amount: Amount<Size>, actual: number | "max"): boolean {
  const { least, most } = boundsOf(amount);
  const value = actual === "max" ? Number.POSITIVE_INFINITY : actual;
  return value >= least && value <= most;
}

/** "20", "20 or more", "20 or less", "5 to 20" */
export function amountText(amount: Amount<Size>, say: (value: number) => string = String): string {
  const { least, most } = boundsOf(amount);
  if (least === most) return say(least);
  if (most === Number.POSITIVE_INFINITY) return `${say(least)} or more`;
  return least === Number.NEGATIVE_INFINITY ? `${say(most)} or less` : `${say(least)} to ${say(most)}`;
}

/** As {@link amountText}, of memory: "16 MiB or less". */
export function sizeText(amount: Amount<Size>): string {
  return amountText(amount, bytes);
}

/** One, or one of several. */
export type OneOf<Value> = Value | readonly Value[];

export function oneOf<Value>(one: v.GenericSchema<Value>): v.GenericSchema<OneOf<Value>> {
  return v.union([one, v.pipe(v.array(one), v.minLength(1))]);
}

export function many<Value extends string>(values: OneOf<Value>): readonly Value[] {
  return typeof values === "string" ? [values] : values;
}

/** "`a`, `b` or `c`" */
export function orCode(values: OneOf<string>): string {
  return list(many(values).map(code), "or");
}

/** Whether one name fits a pattern, of which each `*` stands for anything. Takes no longer than the product of both lengths. */
function nameFits(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resumed = 0;
  let i = 0;
  while (i < name.length) {
    if (pattern[at] === "*") {
      star = at++;
      resumed = i;
    } else if (at < pattern.length && pattern[at] === name[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.slice(at).replaceAll("*", "") === "";
}

/** Whether a path fits a pattern: `*` stands for anything within a name, and `/**` at the end for all below, and itself. */
export function pathFits(pattern: string, path: string): boolean {
  const below = pattern.endsWith("/**");
  const wanted = (below ? pattern.slice(0, -3) : pattern).split("/");
  const names = path === "/" && below && wanted.length === 1 ? [""] : path.split("/");
  if (below ? names.length < wanted.length : names.length !== wanted.length) return false;
  return wanted.every((one, i) => nameFits(one, names[i] ?? ""));
}

/** The machine's own, the one its init lives in, or another. */
export const MembershipSchema = v.picklist(["init", "not-init"]);
export type Membership = "init" | "not-init";
