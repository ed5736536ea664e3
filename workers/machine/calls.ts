import { CodedError } from "../../src/base/index.ts";

/** The calls of a page that are under way, by the ids that it gave them; any of them can be ended. */
export class Calls {
  readonly #running = new Map<number, AbortController>();

  async run<T>(call: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(call, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#running.delete(call);
    }
  }

  abort(call: number): void {
    this.#running.get(call)?.abort(new CodedError("aborted", "the call was aborted"));
  }

  /** @param except a call that goes on: the one that makes the others end */
  abortAll(reason: CodedError, except?: number): void {
    for (const [call, controller] of this.#running) if (call !== except) controller.abort(reason);
  }
}
