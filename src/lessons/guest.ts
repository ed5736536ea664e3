import type { Observation } from "../isolation/index.ts";

/** A state of the guest; what it is, the guest knows. */
export type GuestCheckpoint = { readonly id: number };

/** What the engine needs of a machine. The observer may change (the agent, the X-ray); the engine does not notice. */
export interface Guest {
  observe(signal?: AbortSignal): Promise<Observation>;
  checkpoint(signal?: AbortSignal): Promise<GuestCheckpoint>;
  rewind(checkpoint: GuestCheckpoint, signal?: AbortSignal): Promise<void>;
  forget(checkpoint: GuestCheckpoint): void;
}
