import type * as Xray from "./xray/index.ts";

/** Fetches the X-ray's code: it is large, and the first prompt must not wait for it. */
export function loadXray(): Promise<typeof Xray> {
  return import("./xray/index.ts");
}
