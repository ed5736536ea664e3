import type * as LiveNote from "./live-note.tsx";

/** Fetches what only the authors of lessons see. */
export function loadLiveNote(): Promise<typeof LiveNote> {
  return import("./live-note.tsx");
}
