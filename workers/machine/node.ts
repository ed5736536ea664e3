/** The machine's worker as a thread of Node. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { asCodedError, CodedError, throwIfAborted } from "../../src/base/index.ts";
import * as introspect from "../../src/introspect/index.ts";
import { exposeMachine } from "./expose.ts";
import { MachineRuntime } from "./machine-runtime.ts";
import type { FileSource } from "./store.ts";

/** Files of directories, looked through in order; several are separated by newlines. */
function directorySource(location: string): FileSource {
  const directories = location.split("\n");
  return {
    async read(name, length, { onBytes, signal } = {}) {
      throwIfAborted(signal);
      for (const directory of directories) {
        const bytes = await readFile(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return undefined;
          throw asCodedError(error, "asset-missing");
        });
        if (bytes === undefined) continue;
        if (bytes.length < length) {
          throw new CodedError("asset-truncated", `${name} ended after ${bytes.length} of ${length} bytes`);
        }
        if (bytes.length > length) {
          throw new CodedError("asset-corrupt", `${name} is longer than the ${length} bytes it should have`);
        }
        onBytes?.(bytes.length);
        return new Uint8Array(bytes);
      }
      throw new CodedError("asset-missing", `${name} is not in the store (${directories.join(", ")})`);
    },
  };
}

async function loadWasm(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve("v86/build/v86.wasm");
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CodedError("asset-missing", `${path} cannot be read`, { cause: error });
  });
  try {
    return await WebAssembly.compile(new Uint8Array(bytes));
  } catch (error) {
    throw new CodedError("asset-corrupt", `${path} is damaged`, { cause: error });
  }
}

/** Of this thread: its heap, and the buffers outside of it. */
function heapBytes(): number {
  // With --expose-gc it is what is held, and not what has not been cleared away yet.
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

if (parentPort === null) throw new Error("this file is the body of a worker thread");
exposeMachine(
  new MachineRuntime({
    openStore: directorySource,
    mayPrefetch: () => false,
    loadWasm,
    loadIntrospection: async () => introspect,
    heapBytes,
  }),
  nodeEndpoint(parentPort),
);
