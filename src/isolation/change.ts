import type { Cgroup } from "./cgroup.ts";
import { namespaceKey, sameProcess } from "./ids.ts";
import type { Namespace } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** The things of two observations, matched with themselves. */
export interface Matched<Thing> {
  readonly made: readonly Thing[];
  readonly gone: readonly Thing[];
  readonly kept: readonly { readonly was: Thing; readonly is: Thing }[];
}

/** Two observations, made ready to be compared. */
export interface Change {
  readonly before: Observation;
  readonly after: Observation;
  readonly processes: Matched<Process>;
  readonly namespaces: Matched<Namespace>;
  readonly cgroups: Matched<Cgroup>;
}

/** What may be concluded from a thing that only one side has. */
interface Trust {
  readonly made: boolean;
  readonly gone: boolean;
}

function match<Thing>(
  before: readonly Thing[],
  after: readonly Thing[],
  keyOf: (thing: Thing) => string | number,
  same: (was: Thing, is: Thing) => boolean,
  trust: Trust,
): Matched<Thing> {
  // A torn reading may hold a thing twice: the first is taken.
  const byKey = (things: readonly Thing[]): Map<string | number, Thing> =>
    new Map(things.toReversed().map((thing) => [keyOf(thing), thing]));
  const earlier = byKey(before);
  const later = byKey(after);
  const met = new Set<Thing>();
  const made: Thing[] = [];
  const kept: { was: Thing; is: Thing }[] = [];
  for (const is of after) {
    if (later.get(keyOf(is)) !== is) continue;
    const was = earlier.get(keyOf(is));
    if (was === undefined || !same(was, is)) {
      made.push(is);
    } else {
      met.add(was);
      kept.push({ was, is });
    }
  }
  return {
    made: trust.made ? made : [],
    gone: trust.gone ? before.filter((thing) => earlier.get(keyOf(thing)) === thing && !met.has(thing)) : [],
    kept,
  };
}

function userProcesses({ processes }: Observation): Process[] {
  return processes.filter((one) => !one.kernelThread);
}

/** Matches what is the same in both: processes, namespaces, cgroups. */
export function changeBetween(before: Observation, after: Observation): Change {
  const sameSource = before.source === after.source;
  // What was not read may have been there all along.
  const trust: Trust = {
    made: sameSource && before.missing.length === 0,
    gone: sameSource && before.missing.length === 0 && after.missing.length === 0,
  };
  const both = (had: readonly unknown[], has: readonly unknown[]): Trust =>
    had.length > 0 && has.length > 0 ? trust : { made: false, gone: false };
  return {
    before,
    after,
    processes: match(
      userProcesses(before),
      userProcesses(after),
      (one) => one.pid,
      sameProcess,
      both(before.processes, after.processes),
    ),
    namespaces: match(
      before.namespaces,
      after.namespaces,
      namespaceKey,
      () => true,
      both(before.namespaces, after.namespaces),
    ),
    cgroups: match(
      before.cgroups,
      after.cgroups,
      (one) => one.path,
      (was, is) => was.inode === is.inode,
      both(before.cgroups, after.cgroups),
    ),
  };
}
