/**
 * What was seen of a guest at one moment: plain data, whoever looked. The agent inside tells of processes;
 * the X-ray fills in all of it from outside.
 */
import type { Cgroup } from "./cgroup.ts";
import type { KernelFacts, MachineFacts } from "./kernel-facts.ts";
import type { Namespace } from "./namespace.ts";
import type { Process } from "./process.ts";

/** Something that could not be read, once for all that are alike. */
export interface Missing {
  /** A sentence without its full stop: "a list of processes that does not end". */
  readonly what: string;
  readonly count: number;
}

export interface Observation {
  /** `agent`: told by the guest itself, while it went on; `memory`: read from outside at one instant. */
  readonly source: "agent" | "memory";
  /** Milliseconds since the Unix epoch, by the page's clock. */
  readonly time: number;
  /** The kernel was in the middle of its work: some of what belongs together may not fit. */
  readonly midKernel: boolean;
  readonly processes: readonly Process[];
  /** Every one that is lived in, held by a mount or a file, owns one of these, or is the parent of one. */
  readonly namespaces: readonly Namespace[];
  /** The tree of cgroups, parents before their children; empty when the agent told. */
  readonly cgroups: readonly Cgroup[];
  readonly kernel: KernelFacts | undefined;
  readonly machine: MachineFacts | undefined;
  /**
   * How old the slow facts are, in ms: mounts, devices, log, RAM map, paths and what holds a namespace. They are read twice a
   * second at most; 0 when they were read together with everything else.
   */
  readonly slowAge: number;
  /** What could not be read. Empty when all is here. */
  readonly missing: readonly Missing[];
  /** Why the agent tells instead of memory, in a sentence; undefined when memory was read, or was never asked for. */
  readonly fallback: string | undefined;
}

/** An observation that knows of processes only, as the agent tells it. */
export function toldByAgent(processes: readonly Process[], time = 0, fallback?: string): Observation {
  return {
    source: "agent",
    time,
    midKernel: false,
    processes,
    namespaces: [],
    cgroups: [],
    kernel: undefined,
    machine: undefined,
    slowAge: 0,
    missing: [],
    fallback,
  };
}

/** The guest's init, whose namespaces are the initial ones. */
export function initProcess(observation: Observation): Process | undefined {
  return observation.processes.find((process) => process.pid === 1);
}
