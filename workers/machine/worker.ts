/** The machine's worker in a browser. */
import wasmUrl from "v86/build/v86.wasm?url";
import { exposeMachine } from "./expose.ts";
import { MachineRuntime } from "./machine-runtime.ts";
import { fetchSource, fetchWasm } from "./store.ts";

// Compiling takes longest, so it begins before anyone asks; a failure is told to the one who does.
const wasm = fetchWasm(new URL(wasmUrl, import.meta.url).href);
wasm.catch(() => undefined);

exposeMachine(new MachineRuntime({ openStore: fetchSource, loadWasm: () => wasm }));
