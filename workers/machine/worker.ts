/** The machine's worker in a browser. */
import { exposeMachine } from "./expose.ts";
import { MachineRuntime } from "./machine-runtime.ts";
import { fetchSource, fetchWasm } from "./store.ts";

exposeMachine(new MachineRuntime({ openStore: fetchSource, loadWasm: fetchWasm }));
