/**
 * Puts events into sentences, and what belongs together into one: a container's start is one sentence, not thirty.
 */
import type { IsolationEvent } from "./events.ts";
import { explainIn } from "./explain.ts";
import type { NamespaceRef } from "./ids.ts";
import type { Observation } from "./observation.ts";
import { distinctNamespaces, Scene } from "./scene.ts";
import { type Story, Untold } from "./story.ts";
import { tellDeaths } from "./tell-deaths.ts";
import { tellFreezing, tellOomKills } from "./tell-limits.ts";
import { tellMounts } from "./tell-mounts.ts";
import { tellNewNamespaces } from "./tell-namespaces.ts";
import { tellProcesses } from "./tell-processes.ts";

/** What happened, in a sentence, and what to highlight for it. */
export interface ToldEvent {
  /** Milliseconds since the Unix epoch: when it was seen. */
  readonly time: number;
  /** Code is between backticks. */
  readonly sentence: string;
  readonly about: {
    readonly pids: readonly number[];
    readonly namespaces: readonly NamespaceRef[];
    /** Paths. */
    readonly cgroups: readonly string[];
  };
}

/** Each takes the events that it can tell together; the earlier ones choose first. */
const TELLERS = [
  tellNewNamespaces,
  tellOomKills,
  tellDeaths,
  tellFreezing,
  tellMounts,
  tellProcesses,
] as const;

function pidsOf(event: IsolationEvent): number[] {
  if ("process" in event) {
    const parent = event.kind === "process-born" && event.parent !== undefined ? [event.parent.pid] : [];
    return [event.process.pid, ...parent];
  }
  return event.kind === "namespace-made" && event.by !== undefined ? [event.by.pid] : [];
}

function namespacesIn(event: IsolationEvent): NamespaceRef[] {
  if ("namespace" in event) return [event.namespace];
  if (event.kind === "device-moved" || event.kind === "process-entered") return [event.from, event.to];
  return event.kind === "process-children" ? [event.to] : [];
}

function cgroupsOf(event: IsolationEvent): string[] {
  if (event.kind === "process-moved") return [event.from, event.to];
  return "cgroup" in event ? [event.cgroup.path] : [];
}

function told({ events, sentence, pids }: Story, time: number): ToldEvent {
  return {
    time,
    sentence,
    about: {
      pids: [...new Set([...events.flatMap(pidsOf), ...pids])].toSorted((a, b) => a - b),
      namespaces: distinctNamespaces(events.flatMap(namespacesIn)),
      cgroups: [...new Set(events.flatMap(cgroupsOf))],
    },
  };
}

/**
 * Tells what `diff` found, in the order in which it found it.
 *
 * @param events Of `diff(before, after)`.
 */
export function tell(
  events: readonly IsolationEvent[],
  before: Observation,
  after: Observation,
): ToldEvent[] {
  const scene = new Scene(before, after);
  const untold = new Untold(events);
  const stories = TELLERS.flatMap((teller) => teller(scene, untold));
  for (const event of untold.rest()) {
    stories.push({ events: [event], sentence: explainIn(scene, event), pids: [] });
  }
  const place = new Map(events.map((event, i) => [event, i]));
  const first = (story: Story): number =>
    Math.min(...story.events.map((event) => place.get(event) ?? events.length));
  return stories.toSorted((a, b) => first(a) - first(b)).map((story) => told(story, after.time));
}
