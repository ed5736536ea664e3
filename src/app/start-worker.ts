import snapshots from "virtual:vivarium/snapshots";
import { CodedError } from "../base/index.ts";
import { ownBrowserWorker, type WorkerHandle } from "../machine/index.ts";
import { AHEAD } from "../protocol/worker-name.ts";
import workerUrl from "../../workers/machine/worker.ts?worker&url";
import { isSandboxed } from "../state/index.ts";
import type { FirstMachine } from "./door.ts";
import { isColdBoot } from "./route.ts";
import { trustedScriptUrl } from "./trusted-types.ts";

/**
 * Starts a machine's worker.
 * @throws CodedError `unsupported` where the browser has no WebAssembly or no module workers
 */
export function startWorker(name = "vivarium machine"): WorkerHandle {
  if (typeof WebAssembly !== "object") throw new CodedError("unsupported", "this browser has no WebAssembly");
  if (typeof Worker !== "function") throw new CodedError("unsupported", "this browser has no workers");
  let knowsModules = false;
  const worker = new Worker(trustedScriptUrl(workerUrl), {
    // Only a browser that knows module workers asks for the type.
    get type(): "module" | "classic" {
      knowsModules = true;
      return isSandboxed() ? "classic" : "module";
    },
    name,
  });
  if (!knowsModules) {
    worker.terminate();
    throw new CodedError("unsupported", "this browser has no module workers");
  }
  return ownBrowserWorker(worker);
}

/** Tells the worker of a machine that starts from a snapshot where that is. */
function nameOf({ profile, hasOwnMemory }: FirstMachine): string | undefined {
  if (hasOwnMemory || isColdBoot(location.search) || !Object.hasOwn(snapshots, profile)) return undefined;
  return AHEAD + new URL(`store/${snapshots[profile]}`, document.baseURI).href;
}

/** Starts the worker now; what goes wrong is told when it is asked for. */
export function startAhead(first: FirstMachine): () => WorkerHandle {
  try {
    const worker = startWorker(nameOf(first));
    return () => worker;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
