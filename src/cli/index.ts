export { readManifest } from "./profiles.ts";
export { type NodeLabOptions, startLab } from "./start-lab.ts";
export { type NodeMachineOptions, startMachine } from "./start-machine.ts";
