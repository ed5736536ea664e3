export { freePages } from "./free-pages.ts";
export { type EmulatorFacts, Introspector, type LookOptions } from "./introspector.ts";
export { type KernelLayout, KernelLayoutSchema } from "./kernel-layout.ts";
