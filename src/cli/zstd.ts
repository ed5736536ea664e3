import { init } from "@bokuweb/zstd-wasm";

export { compress, decompress } from "@bokuweb/zstd-wasm";

/** Everything that is compressed here is meant to be kept, or compared with what is. */
export const ZSTD_LEVEL = 19;

let ready: Promise<void> | undefined;

/** To be awaited before the rest is used. A second start of the library would break the first one's memory. */
export function startZstd(): Promise<void> {
  ready ??= init();
  return ready;
}
