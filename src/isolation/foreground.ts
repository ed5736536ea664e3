import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** The program in the guest that opens terminals for the page. */
const AGENT = "vivarium-agent";

/**
 * Who has the terminal that the page opened for a user: what is typed goes there. Undefined when it cannot be told, as from
 * what the agent says.
 *
 * @param uid As the machine numbers its users.
 */
export function foregroundProcess(observation: Observation, uid: number): Process | undefined {
  const agents = new Set(observation.processes.filter(({ comm }) => comm === AGENT).map(({ pid }) => pid));
  const shell = observation.processes.find(
    (process) =>
      process.uid === uid && agents.has(process.ppid) && process.details?.terminal?.foreground !== undefined,
  );
  const group = shell?.details?.terminal?.foreground;
  if (shell === undefined || group === undefined) return undefined;
  const own = observation.processes.filter(({ details }) => details?.group === group);
  // Of a group the one that was started last: `unshare --fork` waits for the shell that it made.
  return own.toSorted((a, b) => (b.details?.startedAt ?? 0) - (a.details?.startedAt ?? 0))[0] ?? shell;
}
