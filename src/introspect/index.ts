export { type KernelLayout, KernelLayoutSchema } from "./kernel-layout.ts";
