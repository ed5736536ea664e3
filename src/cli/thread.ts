import { Worker } from "node:worker_threads";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { Emitter } from "../base/index.ts";
import type { WorkerHandle } from "../machine/index.ts";
import { WORKER } from "./places.ts";

/** A machine's worker as a thread of this process. */
export function startThread(): WorkerHandle {
  const worker = new Worker(WORKER);
  const death = new Emitter<string>();
  let ending = false;
  worker.on("error", (error) => death.fire(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => {
    if (!ending) death.fire(`its thread ended with code ${code}`);
  });
  return {
    endpoint: nodeEndpoint(worker),
    onDeath: death.event,
    dispose() {
      ending = true;
      death.dispose();
      void worker.terminate();
    },
  };
}
