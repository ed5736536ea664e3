import release from "virtual:vivarium/release";
import { createMachine, profileOf, type WorkerHandle } from "../machine/index.ts";
import type { StartMachine } from "../state/index.ts";
import { profileAsked } from "./profile.ts";
import { startWorker } from "./start-worker.ts";

/** The profile of this page's machines. */
export const profileName = profileAsked(location.search);

/** The version of the guest's kernel; empty when the release cannot be read, which the start then tells. */
export function kernelVersion(): string {
  try {
    return profileOf(release, profileName).manifest.kernelInfo.version;
  } catch {
    return "";
  }
}

/** `?boot=firmware` boots cold, to be watched. */
function bootsFrom(): "firmware" | "snapshot" {
  return new URLSearchParams(location.search).get("boot") === "firmware" ? "firmware" : "snapshot";
}

/** A starter whose first machine uses the worker that is already on its way. */
export function machineStarter(first: () => WorkerHandle): StartMachine {
  let waiting: (() => WorkerHandle) | undefined = first;
  return async ({ onEvent, signal }) => {
    const createWorker = waiting ?? startWorker;
    waiting = undefined;
    return createMachine(
      {
        profile: profileOf(release, profileName),
        store: new URL("store/", document.baseURI).href,
        from: bootsFrom(),
        onEvent,
        signal,
      },
      createWorker,
    );
  };
}
