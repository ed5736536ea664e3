export { copyIn, copyOut, parseCopy } from "./copy.ts";
export { V86_WASM } from "./places.ts";
export { readManifest } from "./profiles.ts";
export { type NodeMachineOptions, startMachine } from "./start-machine.ts";
