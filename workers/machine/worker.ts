/** The machine's worker in a browser. */
import wasmUrl from "v86/build/v86.wasm?url";
import { AHEAD, BORROWER } from "../../src/protocol/machine.ts";
import { begunFetch } from "./begun-fetch.ts";
import { exposeMachine } from "./expose.ts";
import { MachineRuntime } from "./machine-runtime.ts";
import { fetchSource, fetchWasm } from "./store.ts";

const loadWasm = (): Promise<WebAssembly.Module> => fetchWasm(new URL(wasmUrl, import.meta.url).href);
// Compiling takes longest, so it begins before anyone asks; a failure is told to the one who does.
const ahead = self.name === BORROWER ? undefined : loadWasm();
ahead?.catch(() => undefined);
const fetchFile = self.name.startsWith(AHEAD) ? begunFetch(self.name.slice(AHEAD.length)) : undefined;

/** A learner's wish to save data, where the browser tells of it (Save-Data in the Network Information API). */
const wantsToSaveData = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

exposeMachine(
  new MachineRuntime({
    openStore: (base) => fetchSource(base, fetchFile),
    mayPrefetch: () => !wantsToSaveData(),
    loadWasm: () => ahead ?? loadWasm(),
    heapBytes: () => 0,
  }),
);
