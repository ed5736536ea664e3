import { transfer } from "comlink";
import type { Disposable } from "../base/index.ts";
import { type Observation, parseProcessTable } from "../isolation/index.ts";
import type { Look, WatchInput } from "../protocol/machine.ts";
import type { CallWorker } from "./call.ts";

/** What the agent can tell, where memory cannot be read. */
export async function askAgent(call: CallWorker, why: string, signal?: AbortSignal): Promise<Observation> {
  const table = await call((wire, id) => wire.processTable(id), signal);
  return parseProcessTable(table, Date.now(), why);
}

/** Has the worker look again and again; the next look comes when the last one has been taken in. */
export function watchMachine(
  call: CallWorker,
  hz: number,
  onLook: (observation: Observation) => void,
  ended: () => void,
): Disposable {
  const { port1: port, port2: far } = new MessageChannel();
  const stop = new AbortController();
  const post = (message: WatchInput): void => port.postMessage(message);
  port.onmessage = async ({ data: look }: MessageEvent<Look>) => {
    try {
      const seen = look.kind === "seen" ? look.observation : await askAgent(call, look.why, stop.signal);
      if (!stop.signal.aborted) onLook(seen);
    } catch {
      // Neither memory nor agent can tell: there is nothing to see now, and the next look may see something.
    } finally {
      if (!stop.signal.aborted) post({ kind: "taken" });
    }
  };
  call((wire) => wire.watch({ hz }, transfer(far, [far]))).catch(() => undefined);
  return {
    dispose() {
      if (stop.signal.aborted) return;
      stop.abort();
      post({ kind: "close" });
      port.close();
      ended();
    },
  };
}
