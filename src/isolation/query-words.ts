/** How patterns are judged: word by word, each of which also knows what to say when it is not so. */
import type { Observation } from "./observation.ts";
import { type Amount, amountText, isAmount } from "./query-values.ts";
import { counted, list, shortList } from "./words.ts";

/** One word of a pattern. What could not be read is never so. */
export interface Word<Thing, Value> {
  holds(value: Value, thing: Thing, observation: Observation): boolean;
  /** What is wrong with a thing for which it does not hold: the part of a sentence that follows on its name. */
  miss(value: Value, thing: Thing, observation: Observation): string;
}

/** A judge for each word of a pattern, the most telling first: a sentence speaks of the first ones that fail. */
export type Words<Thing, Pattern> = {
  readonly [Name in keyof Pattern]-?: Word<Thing, NonNullable<Pattern[Name]>>;
};

/** What patterns of one sort are about. */
export interface Subject<Thing, Pattern> {
  readonly words: Words<Thing, Pattern>;
  /** Those that a pattern may mean. */
  things(observation: Observation, pattern: Pattern): readonly Thing[];
  nameOf(thing: Thing, observation: Observation): string;
  /** "process", "processes" */
  readonly noun: readonly [one: string, several: string];
  /** Whoever is wrong in one of these is no near miss. */
  readonly identity: readonly (keyof Pattern)[];
  /** A sentence for when nothing comes near. */
  none(pattern: Pattern): string;
  /** A sentence on the nearest miss: what it is called, and what is wrong with it. */
  but(name: string, misses: string): string;
  /** What the pattern asks for that this observation cannot tell: "Cgroups". Undefined when it can tell all. */
  unseen(observation: Observation, pattern: Pattern): string | undefined;
}

interface Clause<Thing> {
  readonly name: PropertyKey;
  holds(thing: Thing): boolean;
  miss(thing: Thing): string;
}

function clausesOf<Thing, Pattern extends object>(
  { words }: Subject<Thing, Pattern>,
  pattern: Pattern,
  observation: Observation,
): Clause<Thing>[] {
  return (Object.keys(words) as (keyof Pattern)[]).flatMap((name) => {
    const value = pattern[name];
    if (value === undefined || value === null) return [];
    const word: Word<Thing, NonNullable<Pattern[keyof Pattern]>> = words[name];
    return [
      {
        name,
        holds: (thing: Thing): boolean => word.holds(value, thing, observation),
        miss: (thing: Thing): string => word.miss(value, thing, observation),
      },
    ];
  });
}

/** What patterns within patterns have found: without it each level would multiply the work by the number of things. */
const FOUND = new WeakMap<
  Observation,
  WeakMap<object, { readonly subject: unknown; readonly found: readonly unknown[] }>
>();

/** Those that are as the pattern says. Neither a pattern nor an observation ever changes. */
export function matching<Thing, Pattern extends object>(
  subject: Subject<Thing, Pattern>,
  pattern: Pattern,
  observation: Observation,
): readonly Thing[] {
  const kept = FOUND.get(observation) ?? new WeakMap();
  FOUND.set(observation, kept);
  const known = kept.get(pattern);
  // What was found of a subject are its things.
  if (known?.subject === subject) return known.found as readonly Thing[];
  const clauses = clausesOf(subject, pattern, observation);
  const found = subject
    .things(observation, pattern)
    .filter((thing) => clauses.every((clause) => clause.holds(thing)));
  kept.set(pattern, { subject, found });
  return found;
}

/** Whether all that a pattern says is so of one thing. */
export function fits<Thing, Pattern extends object>(
  subject: Subject<Thing, Pattern>,
  pattern: Pattern,
  thing: Thing,
  observation: Observation,
): boolean {
  return clausesOf(subject, pattern, observation).every((clause) => clause.holds(thing));
}

/** The one of which the most is true, the newest of equals. */
export function nearest<Thing, Pattern extends object>(
  subject: Subject<Thing, Pattern>,
  pattern: Pattern,
  observation: Observation,
): { readonly thing: Thing; readonly wrong: readonly string[] } | undefined {
  const clauses = clausesOf(subject, pattern, observation);
  const telling = clauses.filter(({ name }) => (subject.identity as readonly PropertyKey[]).includes(name));
  let best: Thing | undefined;
  let score = 0;
  for (const thing of subject.things(observation, pattern)) {
    if (!telling.every((clause) => clause.holds(thing))) continue;
    const trueOnes = clauses.filter((clause) => clause.holds(thing)).length;
    if (trueOnes > 0 && trueOnes >= score) {
      best = thing;
      score = trueOnes;
    }
  }
  if (best === undefined) return undefined;
  const thing = best;
  return {
    thing,
    wrong: clauses.filter((clause) => !clause.holds(thing)).map((clause) => clause.miss(thing)),
  };
}

/** A pattern that is asked of an observation. */
export interface Asked {
  /** Whether as many as wanted are as the pattern says. */
  holds(observation: Observation, wanted: Amount): boolean;
  /** Why not, in a sentence; only to be asked when it does not hold. */
  whyNot(observation: Observation, wanted: Amount): string;
  /** The names of all that are so. */
  names(observation: Observation): string;
  /** A sentence on what cannot be seen, and so is neither so nor not; undefined when all can be. */
  unseen(observation: Observation): string | undefined;
}

function unseenSentence(what: string, { source, fallback, missing }: Observation): string {
  if (source === "memory") {
    const [first] = missing;
    return `${what} could not be read now${first === undefined ? "" : `: ${first.what}`}.`;
  }
  const why = fallback === undefined ? "" : ` ${fallback.replace(/\.?$/, ".")}`;
  return `${what} cannot be seen now, since the machine's memory is not read.${why}`;
}

export function ask<Thing, Pattern extends object>(
  subject: Subject<Thing, Pattern>,
  pattern: Pattern,
): Asked {
  const unseen = (observation: Observation): string | undefined => {
    const what = subject.unseen(observation, pattern);
    return what === undefined ? undefined : unseenSentence(what, observation);
  };
  const found = (observation: Observation): readonly Thing[] => matching(subject, pattern, observation);
  const names = (observation: Observation): string =>
    shortList(found(observation).map((thing) => subject.nameOf(thing, observation)));
  return {
    unseen,
    names,
    holds: (observation, wanted) =>
      unseen(observation) === undefined && isAmount(wanted, found(observation).length),
    whyNot(observation, wanted) {
      const cannot = unseen(observation);
      if (cannot !== undefined) return cannot;
      const there = found(observation).length;
      if (there > 0) {
        const is = there === 1 ? "is" : "are";
        const tooFew = typeof wanted === "object" && "atLeast" in wanted && there < wanted.atLeast;
        return tooFew
          ? `There ${is} ${there} of the ${wanted.atLeast} ${subject.noun[1]} asked for.`
          : `There ${is} ${counted(there, ...subject.noun)} like that, not ${amountText(wanted)}: ${names(observation)}.`;
      }
      const miss = nearest(subject, pattern, observation);
      if (miss === undefined) return subject.none(pattern);
      return subject.but(subject.nameOf(miss.thing, observation), list(miss.wrong.slice(0, 2)));
    },
  };
}
