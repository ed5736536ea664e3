import type { Observation } from "../../isolation/index.ts";

/** Of the file that {@link exportJson} makes; it rises when what is in it changes its meaning. */
export const XRAY_FORMAT = 1;

/** What was seen of each machine, oldest first, as text that can be read again. */
export function exportJson(machines: Readonly<Record<string, readonly Observation[]>>): string {
  return JSON.stringify({ format: "vivarium-xray", version: XRAY_FORMAT, machines }, undefined, 1);
}
