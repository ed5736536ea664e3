import type { Observation, Wanted } from "../../isolation/index.ts";

/** Which of the two pictures of the same processes. */
export type XrayLens = "namespaces" | "cgroups";

/** `inside`: what is not to be seen from the selected PID namespace is greyed. */
export type XraySight = "outside" | "inside";

/** Something in the picture that can be chosen. `key` is a box's, a process's (`processKey`), or a cgroup's path. */
export interface XrayTarget {
  readonly kind: "box" | "process" | "cgroup";
  /** Name of the machine. */
  readonly machine: string;
  readonly key: string;
}

export interface XrayMachine {
  /** Unique in the page. */
  readonly name: string;
  readonly observation: Observation;
  /** The one seen before it, from which rates and flashes follow; undefined for the first. */
  readonly before: Observation | undefined;
  /** `processKey` of who has the page's terminal. */
  readonly terminal?: string | undefined;
  /** In words, as the page says it; shown when it is not empty. */
  readonly phase: string;
  /** What is wanted of it, and in words. */
  readonly goal?: { readonly words: string; readonly wanted: Wanted } | undefined;
}

/** All that one drawing needs. */
export interface XrayFrame {
  readonly machines: readonly XrayMachine[];
  readonly lens: XrayLens;
  readonly seen: XraySight;
  /** None, one, or two to compare. */
  readonly selection: readonly XrayTarget[];
  /** It shows what is so now, and not a moment of the past. */
  readonly isLive?: boolean;
}

export function sameTarget(a: XrayTarget, b: XrayTarget): boolean {
  return a.kind === b.kind && a.machine === b.machine && a.key === b.key;
}
