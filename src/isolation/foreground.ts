import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** The program in the guest that opens terminals for the page. */
const AGENT = "vivarium-agent";
/**
 * A program that passes what is typed on to a terminal of its own making, whose shell is no child of it: conmon, which
 * lets go of its parents, is. What passes typing on is known by its name only; what is a container is not.
 */
const RELAY = "podman";
/** Terminals that pass on to each other; nobody nests more. */
const MOST_RELAYS = 4;

const startOf = (process: Process): number => process.details?.startedAt ?? 0;
const byStart = (a: Process, b: Process): number => startOf(a) - startOf(b) || a.pid - b.pid;

/**
 * The first processes of the terminals that the page opened for a user, oldest first. None when it cannot be told, as from
 * what the agent says.
 *
 * @param uid As the machine numbers its users.
 */
export function terminalShells(observation: Observation, uid: number): readonly Process[] {
  const agents = new Set(observation.processes.filter(({ comm }) => comm === AGENT).map(({ pid }) => pid));
  return observation.processes
    .filter(
      (process) =>
        process.uid === uid &&
        agents.has(process.ppid) &&
        process.details?.terminal?.foreground !== undefined,
    )
    .toSorted(byStart);
}

/** Who reads what is typed into the terminal of this shell. */
export function foregroundOf(observation: Observation, shell: Process): Process {
  let at = inFront(observation, shell);
  for (let i = 0; i < MOST_RELAYS; i++) {
    const next = behind(observation, at);
    if (next === undefined) break;
    at = inFront(observation, next);
  }
  return at;
}

function inFront({ processes }: Observation, shell: Process): Process {
  const group = shell.details?.terminal?.foreground;
  const own = processes.filter(({ details }) => group !== undefined && details?.group === group);
  // Of a group the one that was started last: `unshare --fork` waits for the shell that it made.
  return own.toSorted(byStart).at(-1) ?? shell;
}

/** The first process of the terminal that a program passes on to: of a container, the one that came next after it. */
function behind({ processes }: Observation, program: Process): Process | undefined {
  if (program.comm !== RELAY) return undefined;
  // Without root it starts itself again in a user namespace; the first of the group is the one that was typed.
  const first = (one: Process): number =>
    Math.min(
      ...processes
        .filter(({ details }) => details !== undefined && details.group === one.details?.group)
        .map(startOf),
    );
  const since = first(program);
  const relays = processes.filter(({ comm, details }) => comm === RELAY && details?.terminal !== undefined);
  const until = Math.min(...relays.map(first).filter((start) => start > since));
  return processes
    .filter((one) => isLedByKeeper(one, processes) && startOf(one) >= since && startOf(one) < until)
    .toSorted(byStart)[0];
}

/** It leads a session on a terminal that no process of the page's terminals made. */
function isLedByKeeper(one: Process, processes: readonly Process[]): boolean {
  if (one.details?.terminal === undefined || one.details.session !== one.pid) return false;
  const parents = new Map(processes.map((process) => [process.pid, process]));
  const met = new Set<number>();
  for (let at = parents.get(one.ppid); at !== undefined && !met.has(at.pid); at = parents.get(at.ppid)) {
    if (at.comm === AGENT) return false;
    met.add(at.pid);
  }
  return met.size > 1;
}

/**
 * Who has the terminal that the page opened for a user: what is typed goes there. Undefined when it cannot be told.
 *
 * @param uid As the machine numbers its users.
 */
export function foregroundProcess(observation: Observation, uid: number): Process | undefined {
  const [shell] = terminalShells(observation, uid);
  return shell && foregroundOf(observation, shell);
}
