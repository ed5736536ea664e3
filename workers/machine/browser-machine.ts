import type { Material } from "./ahead.ts";
import { exposeMachine } from "./expose.ts";
import { type Host, MachineRuntime } from "./machine-runtime.ts";
import { fetchSource } from "./store.ts";

/** A learner's wish to save data, where the browser tells of it (Save-Data in the Network Information API). */
const wantsToSaveData = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Makes this worker the machine of its page. */
export function serveMachine(
  { loadWasm, fetchFile, decoded }: Material,
  loadIntrospection: Host["loadIntrospection"],
): void {
  exposeMachine(
    new MachineRuntime({
      openStore: (base) => fetchSource(base, fetchFile),
      mayPrefetch: () => !wantsToSaveData(),
      loadWasm,
      loadIntrospection,
      decoded,
      heapBytes: () => 0,
    }),
  );
}
