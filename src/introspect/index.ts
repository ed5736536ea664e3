export { freePages } from "./free-pages.ts";
export { type KernelLayout, KernelLayoutSchema } from "./kernel-layout.ts";
