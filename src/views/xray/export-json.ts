import { type Observation, RECORDING } from "../../isolation/index.ts";

/** What was seen of each machine, oldest first, as text that can be read again. */
export function exportJson(machines: Readonly<Record<string, readonly Observation[]>>): string {
  return JSON.stringify({ ...RECORDING, machines }, undefined, 1);
}
