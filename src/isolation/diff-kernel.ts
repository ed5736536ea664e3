import type { KernelEvent } from "./events.ts";
import type { Observation } from "./observation.ts";

/** What happened to the kernel as a whole. */
export function diffKernel({ kernel: was }: Observation, { kernel: is }: Observation): KernelEvent[] {
  if (was === undefined || is === undefined) return [];
  if (was.bootId !== undefined && is.bootId !== undefined && was.bootId !== is.bootId) {
    return [{ kind: "kernel-restarted" }];
  }
  if (is.uptime < was.uptime) {
    // A kernel that has made up no boot id yet, where there was one, is not the same one.
    return [{ kind: was.bootId === is.bootId ? "kernel-rewound" : "kernel-restarted" }];
  }
  return was.panic === undefined && is.panic !== undefined
    ? [{ kind: "kernel-panicked", text: is.panic }]
    : [];
}
