import type { Observation } from "../../isolation/index.ts";
import type { Say } from "./words.ts";

/** What has to be said about how far the picture can be trusted; one sentence each. */
export function machineNotes({ fallback, missing }: Observation, say: Say): string[] {
  const notes: string[] = [];
  if (fallback !== undefined) notes.push(say("xray.note.fallback", { reason: fallback }));
  if (missing.length > 0)
    notes.push(
      say("xray.note.missing", {
        what: missing.map(({ what, count }) => (count > 1 ? `${what} (×${count})` : what)).join("; "),
      }),
    );
  return notes;
}

/** How old the slow facts are, and whether the kernel was at work: it changes with every look, so it is short. */
export function freshness({ source, midKernel, slowAge }: Observation, say: Say): string {
  const parts = source === "memory" ? [say("xray.note.slow", { age: (slowAge / 1000).toFixed(1) })] : [];
  if (midKernel) parts.push(say("xray.note.mid-kernel"));
  return parts.join(" · ");
}
