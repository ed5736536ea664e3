import wasmUrl from "v86/build/v86.wasm?url";
import { AHEAD, BORROWER } from "../../src/protocol/worker-name.ts";
import { type DecodedSnapshots, decodedAt } from "./decoded-snapshots.ts";
import { begunFetch } from "./begun-fetch.ts";
import { fetchWasm } from "./fetch-wasm.ts";
import type { FetchFile } from "./store.ts";

/** What a machine in a browser is made with. */
export interface Material {
  /** v86, compiled. @throws CodedError as {@link fetchWasm} */
  readonly loadWasm: () => Promise<WebAssembly.Module>;
  readonly fetchFile?: FetchFile;
  readonly decoded?: DecodedSnapshots;
}

/** Begins what takes longest before anyone asks for it: a worker's name tells what that is. What fails is told to the one who asks. */
export function beginAhead(name: string): Material {
  const load = (): Promise<WebAssembly.Module> => fetchWasm(new URL(wasmUrl, import.meta.url).href);
  const ahead = name === BORROWER ? undefined : load();
  ahead?.catch(() => undefined);
  const loadWasm = (): Promise<WebAssembly.Module> => ahead ?? load();
  if (!name.startsWith(AHEAD)) return { loadWasm };
  const address = name.slice(AHEAD.length);
  const decoded = decodedAt(address);
  const fetching = decoded.isKept.then((isKept): FetchFile => (isKept ? fetch : begunFetch(address)));
  return { loadWasm, decoded, fetchFile: async (url, init) => (await fetching)(url, init) };
}
