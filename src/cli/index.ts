export { readManifest } from "./profiles.ts";
export { type NodeMachineOptions, startMachine } from "./start-machine.ts";
