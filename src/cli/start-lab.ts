import { totalmem } from "node:os";
import { createLab, type Lab, type LabOptions } from "../machine/index.ts";
import { profileToStart, type ProfileToStart } from "./profile-to-start.ts";
import { startThread } from "./thread.ts";

/** What may be said about a lab in Node; the rest follows from where the package lies. */
export interface NodeLabOptions
  extends Pick<LabOptions, "machines" | "signal" | "onEvent" | "switch">, ProfileToStart {
  /** Half of the computer's memory if not given. */
  readonly budgetBytes?: number;
}

/**
 * A lab in threads of this process, from the profile's snapshot unless told otherwise.
 * @throws CodedError as `createLab`; `asset-missing` for an unknown profile
 */
export async function startLab(options: NodeLabOptions): Promise<Lab> {
  const { budgetBytes = totalmem() / 2, ...rest } = options;
  const start = await profileToStart(options);
  return createLab({ ...rest, ...start, budgetBytes, startWorker: startThread });
}
