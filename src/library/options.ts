import type { MachineOptions } from "../machine/index.ts";

/** How a machine is made, wherever the library runs. */
export interface CommonOptions extends Pick<
  MachineOptions,
  "from" | "saved" | "memory" | "hostName" | "onEvent" | "signal"
> {
  /** What the machine is made from: `base` (the default), or `containers`, which has Podman. */
  readonly profile?: string;
}
