import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";
import type { ProcessPattern } from "./process-pattern.ts";
import { PROCESSES } from "./query-process.ts";
import { matching } from "./query-words.ts";

/** The processes that are as a pattern says, as a query finds them. */
export function findProcesses(pattern: ProcessPattern, observation: Observation): readonly Process[] {
  return matching(PROCESSES, pattern, observation);
}
