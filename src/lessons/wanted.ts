import type { Wanted } from "../isolation/index.ts";
import type { Check } from "./tree.ts";

/**
 * What a check wants of each machine, by the machines' names: what a picture of the wanted situation is made of.
 * @param first name of the machine that is meant where none is named
 * @param isPrepared whether the check's `after` has held before
 */
export function wantedOf(
  { needs, after }: Check,
  first: string,
  isPrepared: boolean,
): ReadonlyMap<string, Wanted> {
  const placed = needs.map((need) => ({ need, machine: need.machine ?? first }));
  const names = new Set(placed.map(({ machine }) => machine));
  if (after !== undefined) names.add(after.machine ?? first);
  return new Map(
    [...names].map((name): [string, Wanted] => {
      const own = placed.filter(({ machine }) => machine === name).map(({ need }) => need);
      const isBefore = after !== undefined && (after.machine ?? first) === name;
      return [
        name,
        {
          queries: own.flatMap((need) => ("query" in need ? [need.query] : [])),
          commands: own.filter((need) => "command" in need).length,
          ...(isBefore ? { before: { query: after.query, isMet: isPrepared } } : {}),
        },
      ];
    }),
  );
}
