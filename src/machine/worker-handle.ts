import type { Endpoint } from "comlink";
import { type Disposable, Emitter, type Event } from "../base/index.ts";

/** A worker, whoever runs it: a browser's, or a thread of Node. */
export interface WorkerHandle extends Disposable {
  readonly endpoint: Endpoint;
  /** Fires once when the worker cannot go on, with the reason in words. */
  readonly onDeath: Event<string>;
}

/** Takes a browser's worker over; `dispose` ends it. */
export function ownBrowserWorker(worker: Worker): WorkerHandle {
  const death = new Emitter<string>();
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    death.fire(
      event.message === "" || event.message === undefined ? "the worker could not be loaded" : event.message,
    );
  });
  worker.addEventListener("messageerror", () => death.fire("a message of the worker could not be read"));
  return {
    endpoint: worker,
    onDeath: death.event,
    dispose() {
      worker.terminate();
      death.dispose();
    },
  };
}
