import { createMachine, type Machine, type MachineOptions } from "../machine/index.ts";
import { profileToStart, type ProfileToStart } from "./profile-to-start.ts";
import { startThread } from "./thread.ts";

/** What may be said about a machine in Node; the rest follows from where the package lies. */
export interface NodeMachineOptions
  extends Pick<MachineOptions, "hostName" | "mac" | "firstUser" | "onEvent" | "signal">, ProfileToStart {}

/**
 * A machine in a thread of this process, from the profile's snapshot unless told otherwise.
 * @throws CodedError as `createMachine`; `asset-missing` or `profile-unknown` for an unknown profile
 */
export async function startMachine(options: NodeMachineOptions = {}): Promise<Machine> {
  return createMachine({ ...options, ...(await profileToStart(options)) }, startThread);
}
