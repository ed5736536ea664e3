import * as v from "valibot";
import release from "virtual:vivarium/release";
import { CodedError } from "../base/index.ts";
import { createMachine, type WorkerHandle } from "../machine/index.ts";
import { type ReleaseProfile, ReleaseSchema } from "../protocol/machine.ts";
import type { StartMachine } from "../state/index.ts";
import { startWorker } from "./start-worker.ts";

const PROFILE = "base";

function readProfile(): ReleaseProfile {
  const parsed = v.safeParse(ReleaseSchema, release);
  const profile = parsed.success ? parsed.output.profiles[PROFILE] : undefined;
  if (profile === undefined)
    throw new CodedError("manifest-invalid", `the release has no valid profile ${PROFILE}`);
  return profile;
}

/** The version of the guest's kernel; empty when the release cannot be read, which the start then tells. */
export function kernelVersion(): string {
  try {
    return readProfile().manifest.kernelInfo.version;
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
        profile: readProfile(),
        store: new URL("store/", document.baseURI).href,
        from: bootsFrom(),
        onEvent,
        signal,
      },
      createWorker,
    );
  };
}
