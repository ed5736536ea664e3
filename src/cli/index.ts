export { setManual } from "./make-manual.ts";
export { readManifest } from "./profiles.ts";
export { openBench } from "./lessons/lesson-bench.ts";
export { readLessons } from "./lessons/read-lessons.ts";
export { type NodeLabOptions, startLab } from "./start-lab.ts";
export { type NodeMachineOptions, startMachine } from "./start-machine.ts";
